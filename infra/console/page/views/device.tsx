import { runsAnswer } from "../../model/answers.ts";
import {
  answerDots,
  type DeviceEvent,
  deviceEvents,
  middleAnswerMs,
} from "../../model/device-history.ts";
import { tokenOf } from "../../model/route.ts";
import { Answered } from "../parts/answered.tsx";
import { Link } from "../parts/link.tsx";
import { Mark } from "../parts/mark.tsx";
import { Duration, Moment } from "../parts/moment.tsx";
import { Name } from "../parts/name.tsx";
import { deviceName, isThere, sceneName } from "../parts/names.ts";
import { Note } from "../parts/problem-note.tsx";
import { Who } from "../parts/run-table.tsx";
import { Change } from "../parts/waterfall-table.tsx";
import { call, home } from "../session/session.ts";
import { say } from "../session/settings.ts";
import { useAnswer } from "../session/use-answer.ts";

/** One device: why it is as it is, how fast it answers, and everything that happened to it. */
export const DevicePage = ({ device }: { readonly device: string }) => {
  const asked = useAnswer(`device ${device}`, (signal) =>
    call("list_runs", { since: "30d", device, detail: "full" }, runsAnswer, signal),
  );
  return (
    <>
      <p class="crumbs">
        <Link to={{ page: "overview" }}>{say("overview.title")}</Link>
      </p>
      <h1>
        <Name of={deviceName(device)} />
      </h1>
      <p class="quiet">
        <Place device={device} /> <span class="code">{device}</span>
      </p>
      {isThere(device) === false && (
        <Note tone="warn" title={say("device.gone.title")}>
          <p>{say("device.gone.text")}</p>
        </Note>
      )}
      <Answered asked={asked} rows={10}>
        {(answer) => {
          const events = deviceEvents(answer);
          const [newest] = events;
          if (newest === undefined) {
            return (
              <Note tone="idle" title={say("device.empty.title")}>
                <p>{say("device.empty.text")}</p>
              </Note>
            );
          }
          return (
            <>
              <WhySo events={events} />
              <Answers events={events} />
              <History events={events} />
              {tokenOf(answer.next) !== undefined && (
                <p>
                  <Link to={{ page: "runs", filters: { device, since: "30d" } }}>
                    {say("device.all_runs")}
                  </Link>
                </p>
              )}
            </>
          );
        }}
      </Answered>
    </>
  );
};

const Place = ({ device }: { readonly device: string }) => {
  const room = home.value?.rooms.find(({ devices }) =>
    devices.some((one) => one.device === device),
  );
  const kind = room?.devices.find((one) => one.device === device)?.kind;
  return room === undefined ? null : (
    <>
      <Name of={room.room} /> · <span lang="en">{kind}</span> ·
    </>
  );
};

// The newest event after which the device was in another state than before.
const WhySo = ({ events }: { readonly events: readonly DeviceEvent[] }) => {
  const change = events.find(
    ({ before, after }) => after !== undefined && before !== undefined && before !== after,
  );
  const state = events.find(({ after }) => after !== undefined)?.after;
  return (
    <section class="card">
      <h2>{say("device.why")}</h2>
      {state === undefined ? (
        <p>{say("device.state_unknown")}</p>
      ) : (
        <p class="state">
          <Name lang="en" of={state} />
        </p>
      )}
      {change === undefined ? (
        state !== undefined && <p class="quiet">{say("device.no_change")}</p>
      ) : (
        <p>
          {say(`device.since.${change.cause}`)}{" "}
          {change.run !== undefined && (
            <>
              <Link to={{ page: "run", run: change.run.run_id }}>
                <Name of={change.sceneName ?? sceneName(change.run.scene)} />
              </Link>
              , <Who run={change.run} />,{" "}
            </>
          )}
          <Moment at={change.at} exactness="second" />
          {". "}
          <span class="quiet">
            {say("device.before")} <Name lang="en" of={change.before ?? ""} />
          </span>
        </p>
      )}
    </section>
  );
};

const Answers = ({ events }: { readonly events: readonly DeviceEvent[] }) => {
  const dots = answerDots(events);
  const middle = middleAnswerMs(events);
  if (dots.length === 0) return null;
  const silent = dots.filter(({ event }) => event.tookMs === undefined).length;
  return (
    <section class="card">
      <h2>{say("device.answers")}</h2>
      <p class="quiet">
        {say("device.asked", { n: dots.length })}
        {middle !== undefined && (
          <>
            {" "}
            · {say("device.middle")} <Duration ms={middle} />
          </>
        )}
        {silent > 0 && <> · {say("device.silent", { n: silent })}</>}
      </p>
      <div class="dots" role="img" aria-label={say("device.answers.chart")}>
        {dots.map(({ event, across, share }) => (
          <span
            key={event.run?.run_id ?? event.at}
            class={event.tone}
            style={{ left: `${across}%`, bottom: `${share}%` }}
          />
        ))}
      </div>
      <p class="axis quiet">
        <span>{say("device.answers.oldest")}</span>
        <span>{say("device.answers.limit")}</span>
        <span>{say("device.answers.newest")}</span>
      </p>
    </section>
  );
};

const History = ({ events }: { readonly events: readonly DeviceEvent[] }) => (
  <section>
    <h2>{say("device.history")}</h2>
    <div class="scroll">
      <table>
        <caption class="unseen">{say("device.history")}</caption>
        <thead>
          <tr>
            <th scope="col">{say("runs.at")}</th>
            <th scope="col">{say("device.cause")}</th>
            <th scope="col">{say("run.outcome")}</th>
            <th scope="col">{say("run.took")}</th>
            <th scope="col">{say("run.state")}</th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <tr key={`${event.at} ${event.run?.run_id ?? ""}`}>
              <th scope="row">
                <Moment at={event.at} exactness="second" />
              </th>
              <td data-head={say("device.cause")}>
                <span class={`cause ${event.cause}`}>{say(`device.cause.${event.cause}`)}</span>{" "}
                {event.run !== undefined && (
                  <Link to={{ page: "run", run: event.run.run_id }}>
                    <Name of={event.sceneName ?? sceneName(event.run.scene)} />
                  </Link>
                )}
              </td>
              <td data-head={say("run.outcome")}>
                {event.inRun === undefined ? (
                  <span class="quiet">–</span>
                ) : (
                  <Mark group="outcome" word={event.inRun.outcome} />
                )}
              </td>
              <td data-head={say("run.took")} class="number">
                {event.tookMs === undefined ? "–" : <Duration ms={event.tookMs} />}
              </td>
              <td data-head={say("run.state")} lang="en">
                <Change
                  before={event.before}
                  after={event.after}
                  {...(event.inRun === undefined ? {} : { asked: event.inRun.asked })}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </section>
);
