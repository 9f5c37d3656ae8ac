// https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html

import { isArray, isObject, type Json, type JsonObject } from "#local/wire/json.ts";
import type { Diagnostics } from "./diagnostics.ts";

const NAME = /^[\p{ID_Start}_][\p{ID_Continue}\u200c\u200d]*$/u;
const MAX_NAME_LENGTH = 80;

/** Every Assign of a state, with where it stands: its own, its rules' and its catchers'. */
const assignsOf = (state: JsonObject, location: string): readonly (readonly [Json, string])[] => {
  const found: (readonly [Json, string])[] = [];
  const add = (owner: Json, at: string): void => {
    if (isObject(owner) && owner.Assign !== undefined) found.push([owner.Assign, `${at}/Assign`]);
  };
  add(state, location);
  for (const field of ["Choices", "Catch"]) {
    const entries = state[field];
    if (!isArray(entries)) continue;
    for (const [index, entry] of entries.entries()) add(entry, `${location}/${field}[${index}]`);
  }
  return found;
};

/** The names that the states of a group assign. */
export const assignedNames = (states: readonly JsonObject[]): ReadonlySet<string> =>
  new Set(
    states.flatMap((state) =>
      assignsOf(state, "").flatMap(([assign]) =>
        isObject(assign) ? Object.keys(assign).map(plainName) : [],
      ),
    ),
  );

// In JSONPath `x.$` sets x from a path.
const plainName = (name: string): string => (name.endsWith(".$") ? name.slice(0, -2) : name);

/** Checks the names that a state assigns. `outer` are those of the groups around it, which it may read but not set. */
export const checkVariables = (
  state: JsonObject,
  location: string,
  outer: ReadonlySet<string>,
  isJsonPath: boolean,
  diagnostics: Diagnostics,
): void => {
  for (const [assign, at] of assignsOf(state, location)) {
    if (!isObject(assign)) {
      diagnostics.schema("Expected value of type Object", at);
      continue;
    }
    for (const given of Object.keys(assign)) {
      const name = isJsonPath ? plainName(given) : given;
      const problem = problemOf(name, outer);
      if (problem !== undefined) diagnostics.schema(problem, `${at}/${given}`);
    }
  }
};

const problemOf = (name: string, outer: ReadonlySet<string>): string | undefined => {
  if (name === "states") return "The variable name 'states' is reserved";
  if (name.length > MAX_NAME_LENGTH) {
    return `The variable name '${name}' is longer than ${MAX_NAME_LENGTH} characters`;
  }
  if (!NAME.test(name)) return `'${name}' is not a valid variable name`;
  if (outer.has(name)) {
    return `The variable '${name}' is already defined in an outer scope`;
  }
  return undefined;
};
