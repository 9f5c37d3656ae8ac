import type { Json } from "#local/wire/json.ts";
import type { FailState, State, StateGroup } from "../compile/asl.ts";
import { unexpectedType } from "../compile/template.ts";
import { StateFailure } from "../values/state-failure.ts";
import type { Branch } from "./branch.ts";
import { Aborted } from "./cancellation.ts";
import { recordEvaluationFailure } from "./recovery.ts";
import { runChoice } from "./run-choice.ts";
import { runMap } from "./run-map.ts";
import { runParallel } from "./run-parallel.ts";
import { runTask } from "./run-task.ts";
import { runWait } from "./run-wait.ts";
import { type Transition, Visit } from "./visit.ts";

/** Runs a group of states from its first to an end, and answers the last one's output. */
export const runStates = async (group: StateGroup, branch: Branch, input: Json): Promise<Json> => {
  let name: string | undefined = group.startAt;
  let value = input;
  while (name !== undefined) {
    const state = group.states.get(name);
    if (state === undefined) throw new StateFailure("States.Runtime", `No state is called ${name}`);
    await branch.execution.beforeState();
    const transition: Transition = await runState(state, branch, value);
    value = transition.output;
    name = transition.next;
  }
  return value;
};

/** Runs one state: enters it, does what it says, leaves it. */
export const runState = async (state: State, branch: Branch, input: Json): Promise<Transition> => {
  const visit = new Visit(branch, state, input);
  try {
    return await runByType(state, visit);
  } catch (error) {
    if (error instanceof Aborted) recordAbort(state, branch);
    else if (error instanceof StateFailure && !isRecoverable(state)) {
      recordEvaluationFailure(visit, error);
    }
    throw error;
  }
};

const runByType = async (state: State, visit: Visit): Promise<Transition> => {
  switch (state.type) {
    case "Pass": {
      const result = await visit.evaluate(state.result, visit.effectiveInput());
      const output = await visit.exit("PassStateExited", state, result);
      return { output, next: state.next };
    }
    case "Succeed":
      return { output: await visit.exit("SucceedStateExited", state, visit.effectiveInput()) };
    case "Fail":
      return fail(state, visit);
    case "Choice":
      return runChoice(state, visit);
    case "Wait":
      return runWait(state, visit);
    case "Task":
      return runTask(state, visit);
    case "Map":
      return runMap(state, visit, runStates);
    case "Parallel":
      return runParallel(state, visit, runStates);
  }
};

// These record the failure of their fields themselves, before Retry and Catch.
const isRecoverable = (state: State): boolean =>
  state.type === "Task" || state.type === "Map" || state.type === "Parallel";

const recordAbort = (state: State, branch: Branch): void => {
  // Measured on AWS: when the whole execution is ended, only its own event is recorded.
  if (branch.execution.cancellation.aborted) return;
  switch (state.type) {
    case "Task":
    case "Wait":
    case "Map":
    case "Parallel":
      branch.recordEnd(`${state.type}StateAborted`);
      return;
    case "Pass":
    case "Succeed":
    case "Fail":
    case "Choice":
      // AWS has no such events: these states take no time.
      return;
  }
};

const fail = async (state: FailState, visit: Visit): Promise<never> => {
  const error = await textOf(state, "error", visit);
  const cause = await textOf(state, "cause", visit);
  throw new StateFailure(error, cause);
};

const textOf = async (
  state: FailState,
  field: "error" | "cause",
  visit: Visit,
): Promise<string | undefined> => {
  const template = state[field];
  if (template === undefined) return undefined;
  const value = await visit.evaluate(template, null);
  if (typeof value === "string") return value;
  const name = field === "error" ? "Error" : "Cause";
  throw unexpectedType(template, name, visit.evaluation(), "string", value);
};
