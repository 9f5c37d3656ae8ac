// https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html
import type { Json } from "#local/wire/json.ts";
import type { ParallelState, StateGroup } from "../compile/asl.ts";
import { isTooLarge } from "../values/payload-size.ts";
import { dataLimitExceeded, endsExecution } from "../values/state-failure.ts";
import { Branch } from "./branch.ts";
import { Aborted, Cancellation } from "./cancellation.ts";
import { withRecovery } from "./recovery.ts";
import { Variables } from "./variables.ts";
import type { GroupRunner, Transition, Visit } from "./visit.ts";

/** Runs a Parallel: all branches with the same input, results in the branches' order; the first failure ends the others. */
export const runParallel = (
  state: ParallelState,
  visit: Visit,
  runGroup: GroupRunner,
): Promise<Transition> => {
  const attempt = async (): Promise<Transition> => {
    const input = await visit.evaluate(state.arguments, visit.effectiveInput());
    visit.branch.record("ParallelStateStarted");
    const mocked = visit.branch.execution.probe?.mocked();
    const result = mocked ?? (await runBranches(state, visit, runGroup, input));
    if (isTooLarge(result)) throw dataLimitExceeded(state.name);
    visit.branch.record("ParallelStateSucceeded");
    const output = await visit.exit("ParallelStateExited", state, result, { result });
    return { output, next: state.next };
  };
  return withRecovery(state, visit, attempt, (failure) => {
    if (!endsExecution(failure)) visit.branch.record("ParallelStateFailed");
  });
};

const runBranches = async (
  state: ParallelState,
  visit: Visit,
  runGroup: GroupRunner,
  input: Json,
): Promise<readonly Json[]> => {
  const cancellation = new Cancellation(visit.branch.cancellation);
  const startedAfter = visit.branch.previousEventId;
  let failure: unknown;
  const run = async (group: StateGroup): Promise<Json> => {
    const branch = new Branch({
      execution: visit.branch.execution,
      variables: new Variables(visit.branch.variables),
      cancellation,
      previousEventId: startedAfter,
      mapItem: visit.branch.mapItem,
    });
    try {
      const output = await runGroup(group, branch, input);
      visit.branch.previousEventId = branch.previousEventId;
      return output;
    } catch (error) {
      if (error instanceof Aborted) return null;
      visit.branch.previousEventId = branch.previousEventId;
      failure ??= error;
      cancellation.abort();
      return null;
    }
  };
  try {
    const outputs = await Promise.all(state.branches.map(run));
    if (failure !== undefined) throw failure;
    visit.branch.cancellation.throwIfAborted();
    return outputs;
  } finally {
    cancellation.release();
  }
};
