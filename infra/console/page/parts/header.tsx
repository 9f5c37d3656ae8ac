import type { Route } from "../../model/route.ts";
import { LANGUAGES } from "../../words/words.ts";
import { route } from "../session/place.ts";
import { home, offers, session, signOut, stage } from "../session/session.ts";
import { chooseLanguage, language, say } from "../session/settings.ts";
import { Link } from "./link.tsx";
import { Name } from "./name.tsx";

const PAGES: readonly {
  readonly to: Route;
  readonly title: "overview.title" | "runs.title" | "scenes.title" | "schedules.title";
  readonly tool: string;
  readonly of: readonly Route["page"][];
}[] = [
  {
    to: { page: "overview" },
    title: "overview.title",
    tool: "list_runs",
    of: ["overview", "device"],
  },
  {
    to: { page: "runs", filters: {} },
    title: "runs.title",
    tool: "list_runs",
    of: ["runs", "run"],
  },
  { to: { page: "scenes" }, title: "scenes.title", tool: "plan_scene", of: ["scenes"] },
  {
    to: { page: "schedules" },
    title: "schedules.title",
    tool: "schedule_scene",
    of: ["schedules"],
  },
];

/** Which home, which page, who, which language. */
export const Header = () => {
  const now = session.value;
  const here = route.value.page;
  return (
    <header>
      <div class="brand">
        <Mark />
        <span class="brand-name">
          <Name of={home.value?.name ?? say("app.title")} />
          {stage.value !== undefined && <span class="tag">{stage.value}</span>}
        </span>
      </div>
      {now.is === "in" && (
        <nav aria-label={say("app.pages")}>
          {PAGES.filter(({ tool }) => offers(tool)).map(({ to, of, title }) => (
            <Link
              key={title}
              to={to}
              {...(of.includes(here) ? { "aria-current": "page" as const } : {})}
            >
              {say(title)}
            </Link>
          ))}
        </nav>
      )}
      <div class="who">
        <label>
          <span class="unseen">{say("app.language")}</span>
          <select
            value={language.value}
            onChange={({ currentTarget }) => chooseLanguage(currentTarget.value)}
          >
            {Object.entries(LANGUAGES).map(([id, name]) => (
              <option key={id} value={id} lang={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        {now.is === "in" && (
          <>
            <Name class="quiet person" of={now.name} />
            <button type="button" class="plain" onClick={() => void signOut()}>
              {say("session.sign_out")}
            </button>
          </>
        )}
      </div>
    </header>
  );
};

const Mark = () => (
  <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
    <rect width="32" height="32" rx="8" class="brand-tile" />
    <path d="M7 15.5 16 8l9 7.5V25H7z" class="brand-house" />
    <path d="m12 19 3 3 5.5-6" class="brand-check" />
  </svg>
);
