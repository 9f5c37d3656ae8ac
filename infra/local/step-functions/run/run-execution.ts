import type { Json } from "#local/wire/json.ts";
import type { Machine } from "../compile/asl.ts";
import type { EventSink } from "../history/history-event.ts";
import { StateFailure } from "../values/state-failure.ts";
import { Branch } from "./branch.ts";
import { Aborted } from "./cancellation.ts";
import { type Engine, Execution, type ExecutionIdentity } from "./execution.ts";
import { runStates } from "./run-states.ts";
import { Variables } from "./variables.ts";

/** How an execution ended. */
export type Outcome =
  | { readonly status: "SUCCEEDED"; readonly output: Json; readonly stoppedAtMs: number }
  | {
      readonly status: "FAILED" | "TIMED_OUT" | "ABORTED";
      readonly error?: string;
      readonly cause?: string;
      readonly stoppedAtMs: number;
    };

/** An execution that has been started. */
export interface RunningExecution {
  readonly outcome: Promise<Outcome>;
  /** Ends it from outside, as StopExecution does. */
  stop(reason: { readonly error?: string; readonly cause?: string }): void;
}

type Stopped = Extract<Outcome, { status: "TIMED_OUT" | "ABORTED" | "FAILED" }>;

/** Starts an execution. Its outcome never rejects: whatever happens in an execution ends as its status. */
export const runExecution = (
  machine: Machine,
  options: {
    readonly identity: ExecutionIdentity;
    readonly engine: Engine;
    readonly sinks: readonly EventSink[];
    readonly boundsEvents: boolean;
    /** The most that the kind of execution may take: five minutes for Express. */
    readonly maxSeconds?: number;
  },
): RunningExecution => {
  const { engine, identity } = options;
  const execution = new Execution(options);
  const seconds = Math.min(
    machine.timeoutSeconds ?? Number.POSITIVE_INFINITY,
    options.maxSeconds ?? Number.POSITIVE_INFINITY,
  );
  let stopped: Omit<Stopped, "stoppedAtMs"> | undefined;
  const stop = (reason: Omit<Stopped, "stoppedAtMs">): void => {
    if (stopped !== undefined) return;
    stopped = reason;
    execution.cancellation.abort();
  };
  const disarm = Number.isFinite(seconds)
    ? engine.clock.alarm(seconds * 1000, () =>
        stop({ status: "TIMED_OUT", error: "States.Timeout" }),
      )
    : () => {};
  const run = async (): Promise<Outcome> => {
    const branch = new Branch({
      execution,
      variables: new Variables(),
      cancellation: execution.cancellation,
      previousEventId: 0,
    });
    const outcome = await runToEnd(machine, branch, identity.input, () => stopped, engine);
    disarm();
    execution.cancellation.release();
    return outcome;
  };
  return {
    outcome: run(),
    stop: (reason) => stop({ status: "ABORTED", ...reason }),
  };
};

const runToEnd = async (
  machine: Machine,
  branch: Branch,
  input: Json,
  stopped: () => Omit<Stopped, "stoppedAtMs"> | undefined,
  engine: Engine,
): Promise<Outcome> => {
  const { identity } = branch.execution;
  branch.record("ExecutionStarted", () => ({ input, roleArn: identity.roleArn }));
  // Recorded: the first state's event is not said to follow the start.
  branch.previousEventId = 0;
  try {
    const output = await runStates(machine, branch, input);
    branch.record("ExecutionSucceeded", () => ({ output }));
    return { status: "SUCCEEDED", output, stoppedAtMs: engine.clock.nowMs() };
  } catch (error) {
    const end = error instanceof Aborted ? (stopped() ?? SERVICE_CLOSED) : failed(error);
    const { status, ...reason } = end;
    if (status === "TIMED_OUT") branch.previousEventId = 0;
    branch.recordEnd(END_EVENTS[status], () => reason);
    return { ...end, stoppedAtMs: engine.clock.nowMs() };
  }
};

const SERVICE_CLOSED = { status: "ABORTED", cause: "The service is being stopped." } as const;

const END_EVENTS = {
  FAILED: "ExecutionFailed",
  TIMED_OUT: "ExecutionTimedOut",
  ABORTED: "ExecutionAborted",
} as const;

const failed = (error: unknown): Omit<Stopped, "stoppedAtMs"> => {
  if (error instanceof StateFailure) {
    return {
      status: "FAILED",
      ...(error.error === undefined ? {} : { error: error.error }),
      ...(error.reason === undefined ? {} : { cause: error.reason }),
    };
  }
  // A mistake of the interpreter ends one execution, not the process.
  const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { status: "FAILED", error: "States.Runtime", cause };
};
