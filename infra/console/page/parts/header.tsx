import type { Route } from "../../model/route.ts";
import { LANGUAGES } from "../../words/words.ts";
import { route } from "../session/place.ts";
import { home, offers, session, signOut, stage } from "../session/session.ts";
import { chooseLanguage, language, say } from "../session/settings.ts";
import { Link } from "./link.tsx";

const PAGES: readonly {
  readonly to: Route;
  readonly tool: string;
  readonly of: readonly Route["page"][];
}[] = [
  { to: { page: "overview" }, tool: "list_runs", of: ["overview", "device"] },
  { to: { page: "runs", filters: {} }, tool: "list_runs", of: ["runs", "run"] },
  { to: { page: "scenes" }, tool: "plan_scene", of: ["scenes"] },
  { to: { page: "schedules" }, tool: "schedule_scene", of: ["schedules"] },
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
          <bdi>{home.value?.name ?? say("app.title")}</bdi>
          {stage.value !== undefined && <span class="tag">{stage.value}</span>}
        </span>
      </div>
      {now.is === "in" && (
        <nav aria-label={say("app.pages")}>
          {PAGES.filter(({ tool }) => offers(tool)).map(({ to, of }) => (
            <Link
              key={to.page}
              to={to}
              {...(of.includes(here) ? { "aria-current": "page" as const } : {})}
            >
              {say(titleOf(to))}
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
            <bdi class="quiet person">{now.name}</bdi>
            <button type="button" class="plain" onClick={() => void signOut()}>
              {say("session.sign_out")}
            </button>
          </>
        )}
      </div>
    </header>
  );
};

const titleOf = (to: Route) => {
  switch (to.page) {
    case "runs":
      return "runs.title";
    case "scenes":
      return "scenes.title";
    case "schedules":
      return "schedules.title";
    default:
      return "overview.title";
  }
};

const Mark = () => (
  <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
    <rect width="32" height="32" rx="8" class="brand-tile" />
    <path d="M7 15.5 16 8l9 7.5V25H7z" class="brand-house" />
    <path d="m12 19 3 3 5.5-6" class="brand-check" />
  </svg>
);
