// https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html
import type { WaitState } from "../compile/asl.ts";
import { evaluationFailure, type Template, unexpectedType } from "../compile/template.ts";
import { parseTimestamp } from "../values/timestamp.ts";
import type { Transition, Visit } from "./visit.ts";

const MAX_SECONDS = 99_999_999;

/** Runs a Wait. Input goes through unless the state has an Output. */
export const runWait = async (state: WaitState, visit: Visit): Promise<Transition> => {
  const delayMs = await delayOf(state, visit);
  await visit.branch.sleep(delayMs);
  const output = await visit.exit("WaitStateExited", state, visit.effectiveInput());
  return { output, next: state.next };
};

const delayOf = async (state: WaitState, visit: Visit): Promise<number> => {
  if (state.seconds !== undefined) return secondsOf(state.seconds, visit);
  if (state.timestamp === undefined) return 0;
  const value = await visit.evaluate(state.timestamp, null);
  if (typeof value !== "string") {
    throw unexpectedType(state.timestamp, "Timestamp", visit.evaluation(), "string", value);
  }
  const atMs = parseTimestamp(value);
  if (atMs === undefined) {
    throw evaluationFailure(
      visit,
      "Timestamp",
      `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${value}`,
    );
  }
  return Math.max(0, atMs - visit.branch.execution.engine.clock.nowMs());
};

const secondsOf = async (template: Template, visit: Visit): Promise<number> => {
  const value = await visit.evaluate(template, null);
  if (typeof value !== "number" || !Number.isInteger(value)) {
    throw unexpectedType(template, "Seconds", visit.evaluation(), "integer", value);
  }
  if (value < 0 || value > MAX_SECONDS) {
    throw evaluationFailure(
      visit,
      "Seconds",
      `The Seconds field must be between 0 and ${MAX_SECONDS} but was: ${value}`,
    );
  }
  return value * 1000;
};
