import { useState } from "preact/hooks";
import {
  type ExplainedRun,
  explainedRun,
  startedRun,
  type ToldRun,
  toldRun,
} from "../../model/answers.ts";
import { Answered } from "../parts/answered.tsx";
import { Link } from "../parts/link.tsx";
import { Mark } from "../parts/mark.tsx";
import { Duration, Moment } from "../parts/moment.tsx";
import { Name } from "../parts/name.tsx";
import { sceneName } from "../parts/names.ts";
import { Note } from "../parts/problem-note.tsx";
import { ProofPanel } from "../parts/proof-panel.tsx";
import { QuestionDialog } from "../parts/question-dialog.tsx";
import { Who } from "../parts/run-table.tsx";
import { StartedRun } from "../parts/started-run.tsx";
import { WaterfallTable } from "../parts/waterfall-table.tsx";
import { call, offers } from "../session/session.ts";
import { say } from "../session/settings.ts";
import { useAnswer } from "../session/use-answer.ts";

const WHILE_RUNNING_MS = 2_000;

/** One run. Operators see its whole course; whoever may not sees what get_run tells them. */
export const RunPage = ({ run }: { readonly run: string }) =>
  offers("explain_run") ? <Explained run={run} /> : <Told run={run} />;

const Explained = ({ run }: { readonly run: string }) => {
  const [isRunning, setIsRunning] = useState(false);
  const asked = useAnswer(
    `explain ${run}`,
    async (signal) => {
      const args = { run_id: run, detail: "full" };
      const answer = await call("explain_run", args, explainedRun, signal);
      setIsRunning(answer.result === "running");
      return answer;
    },
    isRunning ? WHILE_RUNNING_MS : undefined,
  );
  return (
    <Answered asked={asked} rows={14}>
      {(answer) => (
        <>
          <Head run={answer} />
          <Problems run={answer} />
          <WaterfallTable devices={answer.devices} requestedAt={answer.requested_at} />
          <ProofPanel run={answer} />
          <Undo run={answer.run_id} isRunning={answer.result === "running"} />
        </>
      )}
    </Answered>
  );
};

const Head = ({
  run,
}: {
  readonly run: (ExplainedRun | ToldRun) &
    Partial<Pick<ExplainedRun, "scene_name" | "role" | "client" | "granted_because">>;
}) => (
  <>
    <p class="crumbs">
      {offers("list_runs") && <Link to={{ page: "runs", filters: {} }}>{say("runs.title")}</Link>}
    </p>
    <h1>
      <Name of={run.scene_name ?? sceneName(run.scene)} /> <Mark group="result" word={run.result} />
    </h1>
    <dl class="facts-row">
      <div>
        <dt>{say("runs.at")}</dt>
        <dd>
          <Moment at={run.requested_at} exactness="second" />
        </dd>
      </div>
      {run.finished_at !== undefined && (
        <div>
          <dt>{say("run.length")}</dt>
          <dd>
            <Duration ms={Date.parse(run.finished_at) - Date.parse(run.requested_at)} />
          </dd>
        </div>
      )}
      <div>
        <dt>{say("runs.by")}</dt>
        <dd>
          <Who run={run} />
        </dd>
      </div>
      {run.client !== undefined && run.client !== run.requested_by && (
        <div>
          <dt>{say("run.through")}</dt>
          <dd class="code">
            <Name of={run.client} />
          </dd>
        </div>
      )}
      <div>
        <dt>{say("run.why")}</dt>
        <dd>
          {run.reason === undefined ? (
            <span class="quiet">{say("run.no_reason")}</span>
          ) : (
            <q>
              <Name of={run.reason} />
            </q>
          )}
        </dd>
      </div>
      {run.granted_because !== undefined && (
        <div>
          <dt>{say("run.granted")}</dt>
          <dd>
            <q>
              <Name of={run.granted_because} />
            </q>
          </dd>
        </div>
      )}
      <div>
        <dt>{say("run.id")}</dt>
        <dd class="code">{run.run_id}</dd>
      </div>
    </dl>
  </>
);

const AS_ASKED: readonly string[] = ["confirmed", "already_there", "confirmed_late", "waiting"];

// Where did it fail: on the first screen, before the whole course.
const Problems = ({ run }: { readonly run: ExplainedRun }) => {
  const wrong = run.devices.filter(({ outcome }) => !AS_ASKED.includes(outcome));
  if (wrong.length === 0) {
    return run.result === "done" ? (
      <p class="all-well">
        <span class="sign good" aria-hidden="true">
          ✓
        </span>{" "}
        {say("run.all_confirmed", { n: run.devices.length })}
      </p>
    ) : null;
  }
  return (
    <Note tone="warn" title={say("run.not_as_asked", { n: wrong.length })}>
      <ul class="wrong">
        {wrong.slice(0, 8).map(({ device, name, outcome }) => (
          <li key={device}>
            <Link to={{ page: "device", device }}>
              <Name of={name} />
            </Link>{" "}
            <Mark group="outcome" word={outcome} />
          </li>
        ))}
      </ul>
      {wrong.length > 8 && <p>{say("run.more_below", { n: wrong.length - 8 })}</p>}
    </Note>
  );
};

const Told = ({ run }: { readonly run: string }) => {
  const asked = useAnswer(`get ${run}`, (signal) =>
    call("get_run", { run_id: run, detail: "full" }, toldRun, signal),
  );
  return (
    <Answered asked={asked} rows={10}>
      {(answer) => (
        <>
          <Head run={answer} />
          <p lang="en">
            <Name of={answer.say} />
          </p>
          <div class="scroll">
            <table>
              <caption class="unseen">{say("run.waterfall")}</caption>
              <thead>
                <tr>
                  <th scope="col">{say("run.device")}</th>
                  <th scope="col">{say("run.outcome")}</th>
                  <th scope="col">{say("run.state")}</th>
                </tr>
              </thead>
              <tbody>
                {(answer.every_device ?? []).map((one) => (
                  <tr key={one.device}>
                    <th scope="row">
                      <Name of={one.name} />
                    </th>
                    <td data-head={say("run.outcome")}>
                      <Mark group="outcome" word={one.outcome} />
                    </td>
                    <td data-head={say("run.state")} lang="en">
                      <Name of={one.asked} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <Undo run={answer.run_id} isRunning={answer.result === "running"} />
        </>
      )}
    </Answered>
  );
};

const Undo = ({ run, isRunning }: { readonly run: string; readonly isRunning: boolean }) => {
  const [isAsking, setIsAsking] = useState(false);
  const [started, setStarted] = useState<object>();
  if (!offers("undo_run") || isRunning) return null;
  return (
    <section class="card">
      <div class="bar-head">
        <h2>{say("undo.title")}</h2>
        <button type="button" onClick={() => setIsAsking(true)} disabled={started !== undefined}>
          {say("undo.undo")}
        </button>
      </div>
      <p class="quiet">{say("undo.text")}</p>
      {started !== undefined && (
        <StartedRun
          key={run}
          start={(requestId) => call("undo_run", { ...started, request_id: requestId }, startedRun)}
        />
      )}
      {isAsking && (
        <QuestionDialog
          title={say("undo.question")}
          yes={say("undo.undo")}
          onYes={(form) => {
            const reason = form.get("reason");
            setStarted({
              run_id: run,
              ...(typeof reason === "string" && reason.trim() !== "" ? { reason } : {}),
            });
          }}
          onClose={() => setIsAsking(false)}
        >
          <p>{say("undo.explained")}</p>
          <label>
            {say("run.reason_label")}
            <input name="reason" maxLength={200} autocomplete="off" />
          </label>
        </QuestionDialog>
      )}
    </section>
  );
};
