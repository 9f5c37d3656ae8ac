import { useState } from "preact/hooks";
import { spelt } from "#domain/printable.ts";
import {
  type Firing,
  type ListedSchedule,
  listedSchedules,
  shownSchedule,
  startedRun,
} from "../../model/answers.ts";
import { givenUp } from "../../model/firings.ts";
import { Answered } from "../parts/answered.tsx";
import { Link } from "../parts/link.tsx";
import { Mark } from "../parts/mark.tsx";
import { Moment } from "../parts/moment.tsx";
import { Name } from "../parts/name.tsx";
import { sceneName } from "../parts/names.ts";
import { Note } from "../parts/problem-note.tsx";
import { QuestionDialog } from "../parts/question-dialog.tsx";
import { StartedRun } from "../parts/started-run.tsx";
import { call, offers } from "../session/session.ts";
import { say } from "../session/settings.ts";
import { useAnswer } from "../session/use-answer.ts";

/** What runs by itself: when next, what became of the last, and what was missed or given up. */
export const Schedules = ({ schedule }: { readonly schedule: string | undefined }) => {
  const asked = useAnswer("schedules", (signal) =>
    call("schedule_scene", { action: "list" }, listedSchedules, signal),
  );
  return (
    <>
      <h1>{say("schedules.title")}</h1>
      <Answered asked={asked} rows={6}>
        {({ schedules }) =>
          schedules.length === 0 ? (
            <Note tone="idle" title={say("schedules.empty.title")}>
              <p>{say("schedules.empty.text")}</p>
              <p class="code">
                npm run schedule -- add "Goodnight" --scene goodnight --when "at 22:45 on mon..fri"
              </p>
            </Note>
          ) : (
            <div class="cards">
              {schedules.map((one) => (
                <Schedule key={one.schedule} one={one} isOpen={one.schedule === schedule} />
              ))}
            </div>
          )
        }
      </Answered>
    </>
  );
};

const Schedule = ({ one, isOpen }: { readonly one: ListedSchedule; readonly isOpen: boolean }) => (
  <section class="card" aria-labelledby={`schedule-${one.schedule}`}>
    <div class="bar-head">
      <h2 id={`schedule-${one.schedule}`}>
        <Name of={one.name} />
      </h2>
      <RunNow one={one} />
    </div>
    <p>
      <Link to={{ page: "scenes", scene: one.scene }}>
        <Name of={sceneName(one.scene)} />
      </Link>{" "}
      · <Name lang="en" of={one.in_words} /> <span class="quiet">({one.zone})</span>
    </p>
    {one.refused !== undefined && (
      <p class="bad-text" lang="en">
        <Name of={one.refused} />
      </p>
    )}
    <dl class="pairs">
      <dt>{say("schedules.next")}</dt>
      <dd>
        {one.next_at === undefined ? (
          <span class="quiet" lang="en">
            {one.state}
          </span>
        ) : (
          <Moment at={one.next_at} />
        )}
      </dd>
      <dt>{say("schedules.last")}</dt>
      <dd>
        {one.last === undefined ? (
          <span class="quiet">{say("schedules.never")}</span>
        ) : (
          <FiringLine firing={one.last} />
        )}
      </dd>
    </dl>
    {isOpen ? (
      <More schedule={one.schedule} />
    ) : (
      <Link to={{ page: "schedules", schedule: one.schedule }}>{say("schedules.more")}</Link>
    )}
  </section>
);

const FiringLine = ({ firing }: { readonly firing: Firing }) => (
  <>
    <Moment at={firing.planned_at} /> <Mark group="firing" word={firing.outcome} />{" "}
    {firing.run_id !== undefined && (
      <Link to={{ page: "run", run: firing.run_id }}>{say("start.open")}</Link>
    )}
    {firing.why !== undefined && (
      <span class="why" lang="en">
        <Name of={firing.why} />
      </span>
    )}
  </>
);

const More = ({ schedule }: { readonly schedule: string }) => {
  const asked = useAnswer(`schedule ${schedule}`, (signal) =>
    call("schedule_scene", { action: "list", schedule }, shownSchedule, signal),
  );
  return (
    <Answered asked={asked} rows={5}>
      {({ next_at, left_out, notes, history }) => {
        const lost = givenUp(history);
        return (
          <>
            {lost.length > 0 && (
              <Note tone="warn" title={say("schedules.given_up", { n: lost.length })}>
                <p>{say("schedules.given_up.text")}</p>
                <ul>
                  {lost.map(({ planned_at }) => (
                    <li key={planned_at}>
                      <Moment at={planned_at} />
                    </li>
                  ))}
                </ul>
              </Note>
            )}
            <h3>{say("schedules.next_times")}</h3>
            <ol class="plain">
              {next_at.map((at) => (
                <li key={at}>
                  <Moment at={at} />
                </li>
              ))}
            </ol>
            {[...left_out, ...notes].length > 0 && (
              <ul class="plain quiet" lang="en">
                {[...left_out, ...notes].map((text) => (
                  <li key={text}>
                    <Name of={text} />
                  </li>
                ))}
              </ul>
            )}
            <h3>{say("schedules.history")}</h3>
            {history.length === 0 ? (
              <p class="quiet">{say("schedules.never")}</p>
            ) : (
              <ol class="plain">
                {history.map((firing) => (
                  <li key={`${firing.planned_at} ${firing.outcome} ${firing.run_id ?? ""}`}>
                    <FiringLine firing={firing} />
                  </li>
                ))}
              </ol>
            )}
          </>
        );
      }}
    </Answered>
  );
};

const RunNow = ({ one }: { readonly one: ListedSchedule }) => {
  const [isAsking, setIsAsking] = useState(false);
  const [isStarted, setIsStarted] = useState(false);
  if (!offers("run_scene")) return null;
  return (
    <>
      <button type="button" onClick={() => setIsAsking(true)} disabled={isStarted}>
        {say("schedules.run_now")}
      </button>
      {isStarted && (
        <div class="wide">
          <StartedRun
            start={(requestId, approval) =>
              call(
                "run_scene",
                {
                  scene: one.scene,
                  request_id: requestId,
                  ...approval,
                  reason: say("schedules.reason", { name: one.name }).slice(0, 200),
                  ...(one.except === undefined ? {} : { except: one.except }),
                },
                startedRun,
              )
            }
          />
        </div>
      )}
      {isAsking && (
        <QuestionDialog
          title={say("scenes.question", { scene: spelt(sceneName(one.scene)) })}
          yes={say("scenes.run")}
          onYes={() => setIsStarted(true)}
          onClose={() => setIsAsking(false)}
        >
          <p>{say("schedules.run_now.text")}</p>
        </QuestionDialog>
      )}
    </>
  );
};
