import { isArray, isObject, type JsonObject } from "#local/wire/json.ts";
import type { Diagnostics } from "./diagnostics.ts";

/** One way from a state to another, and where in the definition it is written. */
interface Transition {
  readonly target: string;
  readonly location: string;
}

const transitionsOf = (state: JsonObject, location: string): readonly Transition[] => {
  const found: Transition[] = [];
  const add = (owner: JsonObject, field: string, at: string): void => {
    const target = owner[field];
    if (typeof target === "string") found.push({ target, location: `${at}/${field}` });
  };
  add(state, "Next", location);
  for (const field of ["Choices", "Catch"]) {
    const entries = state[field];
    if (!isArray(entries)) continue;
    for (const [index, entry] of entries.entries()) {
      if (isObject(entry)) add(entry, "Next", `${location}/${field}[${index}]`);
    }
  }
  add(state, "Default", location);
  return found;
};

const isTerminal = (state: JsonObject): boolean =>
  state.End === true || state.Type === "Succeed" || state.Type === "Fail";

/** Checks that every way leads to a state of the group, that there is an end where one is needed, and that each state can be reached. */
export const checkTransitions = (
  startAt: string,
  states: ReadonlyMap<string, JsonObject>,
  location: string,
  needsEnd: boolean,
  diagnostics: Diagnostics,
): void => {
  const missing = ({ target, location: at }: Transition): void => {
    if (states.has(target)) return;
    // Whatever the field's name, AWS says 'Next'.
    diagnostics.add("MISSING_TRANSITION_TARGET", `Missing 'Next' target: ${target}`, at);
  };
  missing({ target: startAt, location: `${location}/StartAt` });
  for (const [name, state] of states) {
    for (const transition of transitionsOf(state, `${location}/States/${name}`)) {
      missing(transition);
    }
  }
  if (needsEnd && states.size > 0 && ![...states.values()].some(isTerminal)) {
    diagnostics.add("MISSING_END_STATE", "Workflow has no terminal state");
    return;
  }
  for (const name of unreachable(startAt, states)) {
    diagnostics.add(
      "MISSING_TRANSITION_TARGET",
      `State "${name}" is not reachable.`,
      `${location}/States/${name}`,
    );
  }
};

const unreachable = (
  startAt: string,
  states: ReadonlyMap<string, JsonObject>,
): readonly string[] => {
  const reached = new Set<string>();
  const pending = [startAt];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const state = states.get(name);
    if (state === undefined || reached.has(name)) continue;
    reached.add(name);
    pending.push(...transitionsOf(state, "").map(({ target }) => target));
  }
  return [...states.keys()].filter((name) => !reached.has(name));
};
