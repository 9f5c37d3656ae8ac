// https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html
import { isArray, type Json } from "#local/wire/json.ts";
import type { MapState } from "../compile/asl.ts";
import {
  evaluateTemplate,
  evaluationFailure,
  type Template,
  unexpectedType,
} from "../compile/template.ts";
import { jsonText } from "../values/json.ts";
import { isTooLarge } from "../values/payload-size.ts";
import { dataLimitExceeded, endsExecution, StateFailure } from "../values/state-failure.ts";
import { Branch } from "./branch.ts";
import { Aborted, Cancellation } from "./cancellation.ts";
import { recordEvaluationFailure, withRecovery } from "./recovery.ts";
import { Variables } from "./variables.ts";
import type { GroupRunner, Transition, Visit } from "./visit.ts";

// An inline Map runs at most 40 iterations at once, whatever MaxConcurrency says.
const MAX_CONCURRENCY = 40;

/** Runs an inline Map: its items side by side, results in the items' order; the first failure ends the others. */
export const runMap = (
  state: MapState,
  visit: Visit,
  runGroup: GroupRunner,
): Promise<Transition> => {
  const attempt = async (): Promise<Transition> => {
    const items = await itemsOf(state, visit);
    const maxConcurrency = await wholeNumber(state.maxConcurrency, "MaxConcurrency", visit);
    const count = await wholeNumber(state.toleratedFailureCount, "ToleratedFailureCount", visit);
    const percentage = await wholeNumber(
      state.toleratedFailurePercentage,
      "ToleratedFailurePercentage",
      visit,
    );
    visit.note("maxConcurrency", maxConcurrency ?? 0);
    visit.note("toleratedFailureCount", count);
    visit.note("toleratedFailurePercentage", percentage);
    visit.branch.record("MapStateStarted", () => ({ length: items.length }));
    const mocked = await mockedResult(state, visit, items, count);
    const result = mocked ?? (await runItems(state, visit, runGroup, items, maxConcurrency ?? 0));
    if (isTooLarge(result)) throw dataLimitExceeded(state.name);
    visit.branch.record("MapStateSucceeded");
    const output = await visit.exit("MapStateExited", state, result, { result });
    return { output, next: state.next };
  };
  return withRecovery(state, visit, attempt, (failure) => {
    if (!endsExecution(failure)) visit.branch.record("MapStateFailed");
  });
};

const itemsOf = async (state: MapState, visit: Visit): Promise<readonly Json[]> => {
  if (state.items === undefined) {
    const input = visit.effectiveInput();
    if (isArray(input)) return input;
    throw evaluationFailure(
      visit,
      undefined,
      `Map state input must be an array but was: ${jsonText(input)}`,
    );
  }
  const items = await visit.evaluate(state.items, null);
  if (isArray(items)) return items;
  throw unexpectedType(state.items, "Items", visit.evaluation(), "array", items);
};

const wholeNumber = async (
  template: Template | undefined,
  field: string,
  visit: Visit,
): Promise<number | undefined> => {
  if (template === undefined) return undefined;
  const value = await visit.evaluate(template, null);
  if (typeof value === "number" && (Number.isInteger(value) || field.endsWith("Percentage"))) {
    return value;
  }
  throw unexpectedType(template, field, visit.evaluation(), "integer", value);
};

// What TestState does in the place of running the items: their selector has to work. Recorded: more failures than are
// tolerated are one, but only where a number is said.
const mockedResult = async (
  state: MapState,
  visit: Visit,
  items: readonly Json[],
  tolerated: number | undefined,
): Promise<Json | undefined> => {
  const { probe } = visit.branch.execution;
  if (probe?.mock === undefined) return undefined;
  for (const [index, value] of items.entries()) {
    await selected(state, visit, itemBranch(visit, index, value));
  }
  const mocked = probe.mocked();
  if (tolerated !== undefined && (probe.mapIterationFailureCount ?? 0) > tolerated) {
    throw new StateFailure(
      "States.ExceedToleratedFailureThreshold",
      "The specified tolerated failure threshold was exceeded",
    );
  }
  return mocked;
};

const itemBranch = (
  visit: Visit,
  index: number,
  value: Json,
  cancellation = visit.branch.cancellation,
  previousEventId = visit.branch.previousEventId,
): Branch =>
  new Branch({
    execution: visit.branch.execution,
    variables: new Variables(visit.branch.variables),
    cancellation,
    previousEventId,
    mapItem: { index, value },
  });

const runItems = async (
  state: MapState,
  visit: Visit,
  runGroup: GroupRunner,
  items: readonly Json[],
  maxConcurrency: number,
): Promise<readonly Json[]> => {
  const outputs: Json[] = new Array<Json>(items.length).fill(null);
  const cancellation = new Cancellation(visit.branch.cancellation);
  const startedAfter = visit.branch.previousEventId;
  let next = 0;
  let failure: unknown;
  // Each runner takes one item after the other: the lowest that nobody has taken.
  const runner = async (): Promise<void> => {
    while (next < items.length && failure === undefined && !cancellation.aborted) {
      const index = next;
      next += 1;
      const branch = itemBranch(visit, index, items[index] ?? null, cancellation, startedAfter);
      try {
        outputs[index] = await runItem(state, visit, runGroup, branch);
        visit.branch.previousEventId = branch.previousEventId;
      } catch (error) {
        if (error instanceof Aborted) continue;
        visit.branch.previousEventId = branch.previousEventId;
        failure = error;
        cancellation.abort();
      }
    }
  };
  const limit = maxConcurrency > 0 ? Math.min(maxConcurrency, MAX_CONCURRENCY) : MAX_CONCURRENCY;
  try {
    await Promise.all(Array.from({ length: Math.min(limit, items.length) }, runner));
  } finally {
    cancellation.release();
  }
  if (failure !== undefined) throw failure;
  visit.branch.cancellation.throwIfAborted();
  return outputs;
};

const runItem = async (
  state: MapState,
  visit: Visit,
  runGroup: GroupRunner,
  branch: Branch,
): Promise<Json> => {
  const details = () => ({ name: state.name, index: branch.mapItem?.index });
  branch.record("MapIterationStarted", details);
  try {
    const input = await selected(state, visit, branch);
    const output = await runGroup(state.processor, branch, input);
    branch.record("MapIterationSucceeded", details);
    return output;
  } catch (error) {
    if (error instanceof StateFailure && !endsExecution(error)) {
      branch.recordEnd("MapIterationFailed", details);
    }
    if (error instanceof Aborted && !branch.execution.cancellation.aborted) {
      branch.recordEnd("MapIterationAborted", details);
    }
    throw error;
  }
};

// ItemSelector belongs to the Map: it sees the Map's input and variables, and the item only in the context object.
const selected = async (state: MapState, visit: Visit, branch: Branch): Promise<Json> => {
  if (state.itemSelector === undefined) return branch.mapItem?.value ?? null;
  try {
    return await evaluateTemplate(state.itemSelector, visit.evaluation({}, branch));
  } catch (error) {
    if (error instanceof StateFailure) recordEvaluationFailure(visit, error);
    throw error;
  }
};
