import { spelt } from "#domain/printable.ts";
import { runsAnswer } from "../../model/answers.ts";
import { FILTERS, type FilterName, type RunFilters, tokenOf } from "../../model/route.ts";
import { sayOneOf } from "../../words/words.ts";
import { Answered } from "../parts/answered.tsx";
import { Link } from "../parts/link.tsx";
import { deviceName, sceneName } from "../parts/names.ts";
import { Note } from "../parts/problem-note.tsx";
import { RunTable } from "../parts/run-table.tsx";
import { go } from "../session/place.ts";
import { call, home } from "../session/session.ts";
import { say } from "../session/settings.ts";
import { useAnswer } from "../session/use-answer.ts";

const SINCE = ["1d", "7d", "30d"] as const;
const RESULTS = ["done", "partly_done", "stopped", "failed", "running", "cut_off"] as const;

// Each look is a record in the home's audit.
const EVERY_MS = 30_000;
const WHILE_RUNNING_MS = 5_000;

/** The home's runs, newest first. What is asked for stands in the address, to be handed on. */
export const Runs = ({
  filters,
  token,
}: {
  readonly filters: RunFilters;
  readonly token: string | undefined;
}) => {
  const question = { since: "7d", ...filters, ...(token === undefined ? {} : { page: token }) };
  const asked = useAnswer(
    JSON.stringify(question),
    (signal) => call("list_runs", question, runsAnswer, signal),
    token === undefined ? EVERY_MS : undefined,
  );
  const isOneRunning =
    token === undefined && asked.value?.runs.some(({ result }) => result === "running") === true;
  return (
    <>
      <h1>{say("runs.title")}</h1>
      <Filters filters={filters} />
      {isOneRunning && <Ticker again={asked.again} />}
      <Answered asked={asked} rows={12}>
        {({ runs, next }) => {
          const older = tokenOf(next);
          if (runs.length === 0) {
            return (
              <Note tone="idle" title={say("runs.empty.title")}>
                <p>{say("runs.empty.text")}</p>
                <p>
                  <Asked filters={filters} />
                </p>
                <Link to={{ page: "runs", filters: {} }}>{say("runs.empty.all")}</Link>
              </Note>
            );
          }
          return (
            <>
              <RunTable runs={runs} caption={say("runs.title")} />
              <nav class="row end" aria-label={say("runs.pages")}>
                {token !== undefined && (
                  <Link class="button" to={{ page: "runs", filters }}>
                    {say("runs.newest")}
                  </Link>
                )}
                {older !== undefined && (
                  <Link class="button" to={{ page: "runs", filters, token: older }}>
                    {say("runs.older")}
                  </Link>
                )}
              </nav>
            </>
          );
        }}
      </Answered>
    </>
  );
};

/** Asks again soon, as long as it is there. */
const Ticker = ({ again }: { readonly again: () => void }) => {
  useAnswer(
    "tick",
    async () => {
      again();
    },
    WHILE_RUNNING_MS,
  );
  return null;
};

const nameOf = (filter: FilterName, value: string): string => {
  if (filter === "result") return sayOneOf(say, "result", value);
  if (filter === "scene") return sceneName(value);
  if (filter === "device") return deviceName(value);
  const since = SINCE.find((each) => each === value);
  return filter === "since" && since !== undefined ? say(`runs.since.${since}`) : value;
};

const Asked = ({ filters }: { readonly filters: RunFilters }) => (
  <>
    {FILTERS.flatMap((name) => {
      const value = filters[name];
      return value === undefined
        ? []
        : [`${say(`runs.filter.${name}`)}: ${spelt(nameOf(name, value))}`];
    }).join(" · ")}
  </>
);

const Filters = ({ filters }: { readonly filters: RunFilters }) => {
  const change = (next: RunFilters): void => {
    const kept = Object.entries({ ...filters, ...next }).filter(([, value]) => value !== "");
    go({ page: "runs", filters: Object.fromEntries(kept) });
  };
  const isDay = filters.until !== undefined || /^\d{4}-/.test(filters.since ?? "");
  return (
    <form
      class="filters"
      aria-label={say("runs.filters")}
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        const text = (name: string): string => {
          const value = form.get(name);
          return typeof value === "string" ? value.trim() : "";
        };
        change({ person: text("person"), client: text("client") });
      }}
    >
      <label>
        {say("runs.filter.since")}
        <select
          value={filters.since ?? "7d"}
          onChange={({ currentTarget }) => change({ since: currentTarget.value, until: "" })}
        >
          {isDay && filters.since !== undefined && (
            <option value={filters.since}>{spelt(filters.since)}</option>
          )}
          {SINCE.map((each) => (
            <option key={each} value={each}>
              {say(`runs.since.${each}`)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {say("runs.filter.result")}
        <select
          value={filters.result ?? ""}
          onChange={({ currentTarget }) => change({ result: currentTarget.value })}
        >
          <option value="">{say("runs.any")}</option>
          {RESULTS.map((each) => (
            <option key={each} value={each}>
              {sayOneOf(say, "result", each)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {say("runs.filter.scene")}
        <select
          value={filters.scene ?? ""}
          onChange={({ currentTarget }) => change({ scene: currentTarget.value })}
        >
          <option value="">{say("runs.any")}</option>
          {(home.value?.scenes ?? []).map(({ scene, name }) => (
            <option key={scene} value={scene}>
              {spelt(name)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {say("runs.filter.device")}
        <select
          value={filters.device ?? ""}
          onChange={({ currentTarget }) => change({ device: currentTarget.value })}
        >
          <option value="">{say("runs.any")}</option>
          {(home.value?.rooms ?? []).map(({ room, devices }) => (
            <optgroup key={room} label={spelt(room)}>
              {devices.map(({ device, name }) => (
                <option key={device} value={device}>
                  {spelt(name)}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </label>
      <label>
        {say("runs.filter.person")}
        <input
          key={filters.person ?? ""}
          name="person"
          defaultValue={filters.person ?? ""}
          maxLength={64}
          autocomplete="off"
        />
      </label>
      <label>
        {say("runs.filter.client")}
        <input
          key={filters.client ?? ""}
          name="client"
          defaultValue={filters.client ?? ""}
          maxLength={64}
          autocomplete="off"
        />
      </label>
      <button type="submit">{say("runs.apply")}</button>
    </form>
  );
};
