// Retry and Catch: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
import type { Catcher, MapState, ParallelState, Retrier, TaskState } from "../compile/asl.ts";
import { EvaluationFailure, StateFailure } from "../values/state-failure.ts";
import { Retriable } from "./probe.ts";
import type { Transition, Visit } from "./visit.ts";

/** A state that may have Retry and Catch. */
export type Recoverable = TaskState | MapState | ParallelState;

/**
 * Runs a state's work with its Retry and Catch. `onFailure` records that an attempt failed, before it is decided what
 * becomes of it.
 */
export const withRecovery = async (
  state: Recoverable,
  visit: Visit,
  attempt: () => Promise<Transition>,
  onFailure: (failure: StateFailure) => void,
): Promise<Transition> => {
  const { probe } = visit.branch.execution;
  const used = state.retry.map(() => probe?.retrierRetryCount ?? 0);
  visit.retryCount = 0;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof StateFailure)) throw error;
      recordEvaluationFailure(visit, error);
      onFailure(error);
      const index = state.retry.findIndex((one) => matches(one.errorEquals, error));
      const retrier = state.retry[index];
      const attempts = used[index] ?? 0;
      if (probe !== undefined && retrier !== undefined) probe.retryIndex = index;
      if (retrier === undefined || attempts >= retrier.maxAttempts) {
        return caught(state, visit, error);
      }
      if (probe !== undefined) {
        throw new Retriable(index, delayMs(retrier, attempts) / 1000, error);
      }
      used[index] = attempts + 1;
      visit.retryCount += 1;
      await visit.branch.sleep(delayMs(retrier, attempts));
    }
  }
};

/** Records the event that comes before the failure of a state's field. */
export const recordEvaluationFailure = (visit: Visit, failure: StateFailure): void => {
  if (!(failure instanceof EvaluationFailure) || !failure.isNews()) return;
  visit.branch.previousEventId = visit.eventIdBefore;
  visit.branch.record("EvaluationFailed", () => ({
    error: failure.error,
    cause: failure.reason,
    ...(failure.location === undefined ? {} : { location: failure.location }),
    state: visit.stateName,
  }));
};

const caught = async (
  state: Recoverable,
  visit: Visit,
  failure: StateFailure,
): Promise<Transition> => {
  const index = state.catch.findIndex((one) => matches(one.errorEquals, failure));
  const catcher = state.catch[index];
  if (catcher === undefined) throw failure;
  const { probe } = visit.branch.execution;
  if (probe !== undefined) probe.caught = { index, failure };
  const errorOutput = { Error: failure.error ?? "", Cause: failure.reason ?? "" };
  const output = await exitCaught(state, catcher, visit, errorOutput);
  return { output, next: catcher.next };
};

// The state's own Assign and Output are not looked at: it did not succeed.
const exitCaught = async (
  state: Recoverable,
  catcher: Catcher,
  visit: Visit,
  errorOutput: { readonly Error: string; readonly Cause: string },
) => {
  try {
    return await visit.exit(`${state.type}StateExited`, catcher, errorOutput, { errorOutput });
  } catch (error) {
    if (error instanceof StateFailure) recordEvaluationFailure(visit, error);
    throw error;
  }
};

/** Claims that an ErrorEquals list takes a failure. */
export const matches = (errorEquals: readonly string[], failure: StateFailure): boolean =>
  errorEquals.some((name) => {
    if (name === failure.error) return true;
    if (name === "States.ALL") return failure.error !== "States.Runtime";
    if (name === "States.TaskFailed") return isTaskFailure(failure.error);
    return name === "States.Timeout" && failure.error === "States.HeartbeatTimeout";
  });

const isTaskFailure = (error: string | undefined): boolean =>
  error !== "States.Timeout" &&
  error !== "States.HeartbeatTimeout" &&
  error !== "States.Runtime" &&
  error !== "States.DataLimitExceeded";

/** How long to wait before the next attempt, after `attempts` retries of the same retrier. */
export const delayMs = (
  retrier: Retrier,
  attempts: number,
  random: () => number = Math.random,
): number => {
  const grown = retrier.intervalSeconds * retrier.backoffRate ** attempts;
  const seconds = Math.min(grown, retrier.maxDelaySeconds ?? Number.POSITIVE_INFINITY);
  return seconds * 1000 * (retrier.jitter ? random() : 1);
};
