import { type RunsAnswer, runsAnswer, type Summary } from "../../model/answers.ts";
import { daysOf } from "../../model/days.ts";
import { reliability } from "../../model/reliability.ts";
import { Answered } from "../parts/answered.tsx";
import { ContinuityLine } from "../parts/continuity-line.tsx";
import { DaysChart } from "../parts/days-chart.tsx";
import { Link } from "../parts/link.tsx";
import { Mark } from "../parts/mark.tsx";
import { Moment } from "../parts/moment.tsx";
import { Name } from "../parts/name.tsx";
import { deviceName } from "../parts/names.ts";
import { Note } from "../parts/problem-note.tsx";
import { RunTable } from "../parts/run-table.tsx";
import { prove } from "../session/prove.ts";
import { call, home } from "../session/session.ts";
import { readerZone, say } from "../session/settings.ts";
import { useAnswer } from "../session/use-answer.ts";

const DAYS = 30;
// Each look is a record in the home's audit: often enough to be of use, and no flood.
const EVERY_MS = 60_000;
const NEWEST_PROVED = 3;

/** What needs attention first; then the last days, the devices, and the log that proves all of it. */
export const Overview = () => {
  const asked = useAnswer(
    "overview",
    (signal) =>
      call("list_runs", { since: `${String(DAYS)}d`, detail: "full" }, runsAnswer, signal),
    EVERY_MS,
  );
  return (
    <>
      <h1>{say("overview.title")}</h1>
      <Answered asked={asked} rows={10}>
        {(answer) => <Told answer={answer} />}
      </Answered>
    </>
  );
};

const Told = ({ answer }: { readonly answer: RunsAnswer }) => {
  const { summary, runs } = answer;
  if (summary === undefined) return null;
  if (summary.runs === 0) {
    return (
      <Note tone="idle" title={say("overview.empty.title")}>
        <p>{say("overview.empty.text")}</p>
        <p class="code">npm run scene -- goodnight</p>
      </Note>
    );
  }
  const [first] = runs;
  return (
    <>
      {summary.runs <= 3 && first !== undefined && (
        <Note tone="idle" title={say("overview.fresh.title")}>
          <p>{say("overview.fresh.text")}</p>
          <p>
            <Link to={{ page: "run", run: first.run_id }}>{say("overview.fresh.open")}</Link>
          </p>
        </Note>
      )}
      <Attention summary={summary} />
      <div class="columns">
        <Days summary={summary} />
        <LogState answer={answer} />
      </div>
      <Devices summary={summary} />
      <section>
        <div class="bar-head">
          <h2>{say("overview.newest")}</h2>
          <Link to={{ page: "runs", filters: {} }}>{say("overview.all_runs")}</Link>
        </div>
        <RunTable runs={runs.slice(0, 6)} caption={say("overview.newest")} />
      </section>
    </>
  );
};

const Attention = ({ summary }: { readonly summary: Summary }) => (
  <section>
    <h2>{say("overview.attention")}</h2>
    {summary.not_well.length === 0 ? (
      <p class="all-well">
        <span class="sign good" aria-hidden="true">
          ✓
        </span>{" "}
        {say("overview.all_well", { n: summary.runs })}
      </p>
    ) : (
      <RunTable runs={summary.not_well} caption={say("overview.attention")} />
    )}
  </section>
);

const Days = ({ summary }: { readonly summary: Summary }) => {
  const zone = home.value?.zone ?? readerZone();
  const days = daysOf(summary.quarters, zone, Date.now(), DAYS);
  return (
    <section class="card">
      <h2>{say("overview.days")}</h2>
      <p class="quiet">
        {say("overview.runs_count", { n: summary.runs })} · {say("overview.days_of", { zone })}
        {summary.counted_since !== undefined && (
          <>
            {" "}
            · {say("overview.counted_since")} <Moment at={summary.counted_since} />
          </>
        )}
      </p>
      <DaysChart days={days} />
    </section>
  );
};

const Devices = ({ summary }: { readonly summary: Summary }) => {
  const { worst, always } = reliability(summary.devices);
  return (
    <section>
      <h2>{say("overview.devices")}</h2>
      {worst.length > 0 && (
        <div class="scroll">
          <table class="devices">
            <caption class="unseen">{say("overview.devices")}</caption>
            <thead>
              <tr>
                <th scope="col">{say("run.device")}</th>
                <th scope="col">{say("overview.as_asked")}</th>
                <th scope="col">{say("overview.last_problem")}</th>
              </tr>
            </thead>
            <tbody>
              {worst.map((one) => (
                <tr key={one.device}>
                  <th scope="row">
                    <Link to={{ page: "device", device: one.device }}>
                      <Name of={deviceName(one.device)} />
                    </Link>
                  </th>
                  <td data-head={say("overview.as_asked")}>
                    <span class="share">
                      <meter
                        min={0}
                        max={100}
                        value={one.percent}
                        low={80}
                        high={99}
                        optimum={100}
                        aria-label={say("overview.as_asked")}
                      />
                      <span class="number">
                        {one.percent} %{" "}
                        <span class="quiet">
                          {say("runs.of", { confirmed: one.asAsked, devices: one.asked })}
                        </span>
                      </span>
                    </span>
                  </td>
                  <td data-head={say("overview.last_problem")}>
                    {one.lastProblem !== undefined && (
                      <>
                        <Mark group="outcome" word={one.lastProblem.outcome} />{" "}
                        <Link to={{ page: "run", run: one.lastProblem.run_id }}>
                          <Moment at={one.lastProblem.requested_at} />
                        </Link>
                      </>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p class="quiet">
        {say(worst.length === 0 ? "overview.devices.all" : "overview.devices.others", {
          n: always,
        })}
      </p>
    </section>
  );
};

const LogState = ({ answer }: { readonly answer: RunsAnswer }) => {
  const ids = answer.runs
    .filter(({ result }) => result !== "running")
    .slice(0, NEWEST_PROVED)
    .map(({ run_id }) => run_id);
  const asked = useAnswer(`log ${ids.join(" ")}`, (signal) => prove(ids, signal));
  return (
    <section class="card">
      <h2>{say("overview.log")}</h2>
      {ids.length === 0 ? (
        <p class="quiet">{say("overview.log.nothing")}</p>
      ) : (
        <Answered asked={asked} rows={3}>
          {(proved) => {
            if (proved.is === "bad_signature") {
              return <Note tone="bad" title={say("proof.bad_signature")} />;
            }
            const findings = proved.runs.map(({ finding }) => finding.is);
            const isBroken = findings.some((is) => is === "broken" || is === "no_records");
            const sealed = findings.filter((is) => is === "proved").length;
            const isBad = isBroken || !["first", "goes_on"].includes(proved.continuity.is);
            return (
              <>
                <p>
                  <span class={`mark ${isBad ? "bad" : "good"}`}>
                    <span class="sign" aria-hidden="true">
                      {isBad ? "✕" : "✓"}
                    </span>
                    {say(isBad ? "overview.log.bad" : "overview.log.good")}
                  </span>
                </p>
                <dl class="pairs">
                  <dt>{say("overview.log.entries")}</dt>
                  <dd class="number">{say("number", { value: proved.head.entries })}</dd>
                  <dt>{say("overview.log.newest")}</dt>
                  <dd>
                    {say("overview.log.proved", { n: sealed, of: findings.length })}
                    {findings.includes("not_sealed") && (
                      <span class="quiet"> {say("overview.log.soon")}</span>
                    )}
                  </dd>
                  <dt>{say("overview.log.here")}</dt>
                  <dd>
                    <ContinuityLine continuity={proved.continuity} />
                  </dd>
                </dl>
              </>
            );
          }}
        </Answered>
      )}
    </section>
  );
};
