import { useEffect, useState } from "preact/hooks";
import type * as z from "zod";
import { type startedRun, toldRun } from "../../model/answers.ts";
import { type Problem, ProblemError } from "../../model/problem.ts";
import { call } from "../session/session.ts";
import { say } from "../session/settings.ts";
import { problemOf } from "../session/use-answer.ts";
import { Link } from "./link.tsx";
import { Mark } from "./mark.tsx";
import { Name } from "./name.tsx";
import { Note, ProblemNote } from "./problem-note.tsx";

type Started = z.infer<typeof startedRun>;

const ASK_AGAIN_MS = 3_000;
const LONGEST_RUN_MS = 300_000;

/**
 * Starts a run once, when it is put on the page, and tells how it fares until it has ended. When nobody answered in time it
 * is asked by its request's id what became of it: it is not started again.
 */
export const StartedRun = ({
  start,
}: {
  readonly start: (requestId: string, approval: object) => Promise<Started>;
}) => {
  const [state, setState] = useState<Started | Problem | undefined>();
  const [approval, setApproval] = useState<string>();
  useEffect(() => {
    setState(undefined);
    const requestId = crypto.randomUUID();
    const stop = new AbortController();
    const tell = (next: Started | Problem): void => {
      if (!stop.signal.aborted) setState(next);
    };
    start(requestId, approval === undefined ? {} : { approval_id: approval })
      .then(
        (begun) => {
          tell(begun);
          if (begun.result !== "running" || begun.run_id === undefined) return undefined;
          return follow({ run_id: begun.run_id }, stop.signal, tell);
        },
        (error: unknown) => {
          if (!(error instanceof ProblemError) || error.problem.is !== "timed_out") throw error;
          return follow({ request_id: requestId }, stop.signal, tell);
        },
      )
      .catch((error: unknown) => tell(problemOf(error)));
    return () => stop.abort();
    // Once, and once more when it is approved: not because the page is drawn again.
  }, [approval]);
  return (
    <div aria-live="polite">
      {state === undefined && (
        <p class="mark busy">
          <span class="sign spin" aria-hidden="true">
            …
          </span>
          {say("start.waiting")}
        </p>
      )}
      {state !== undefined && "is" in state && <ProblemNote problem={state} />}
      {state !== undefined && "result" in state && state.approval_id !== undefined && (
        <Approve started={state} onYes={setApproval} />
      )}
      {state !== undefined && "result" in state && state.approval_id === undefined && (
        <p>
          <Mark group="result" word={state.result} /> <Name lang="en" of={state.say} />{" "}
          {state.run_id !== undefined && (
            <Link to={{ page: "run", run: state.run_id }}>{say("start.open")}</Link>
          )}
        </p>
      )}
    </div>
  );
};

// What opens a way into the home is shown before somebody says yes to it.
const Approve = ({
  started,
  onYes,
}: {
  readonly started: Started;
  readonly onYes: (approval: string) => void;
}) => {
  const { approval_id: id, needs_approval: devices = [] } = started;
  return (
    <Note tone="warn" title={say("approve.title")}>
      <ul lang="en">
        {devices.map(({ device, name, what }) => (
          <li key={device}>
            <Name of={what} /> <Name of={name} />
          </li>
        ))}
      </ul>
      <p>{say("approve.text")}</p>
      {id !== undefined && (
        <button type="button" class="primary" onClick={() => onYes(id)}>
          {say("approve.yes")}
        </button>
      )}
    </Note>
  );
};

/** Tells how a run fares, every few seconds until it has ended. */
const follow = async (
  which: { readonly run_id: string } | { readonly request_id: string },
  signal: AbortSignal,
  tell: (now: Started) => void,
): Promise<void> => {
  const giveUpAtMs = Date.now() + LONGEST_RUN_MS;
  for (;;) {
    const told = await call("get_run", which, toldRun, signal);
    tell(told);
    if (told.result !== "running" || Date.now() > giveUpAtMs) return;
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
};
