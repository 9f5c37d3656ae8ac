// Retry and Catch: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html

import { isArray, isObject, type Json, type JsonObject } from "#local/wire/json.ts";
import { checkNumber, checkObjectFields } from "./check-values.ts";
import type { Diagnostics } from "./diagnostics.ts";

const RETRIER_FIELDS = [
  "ErrorEquals",
  "IntervalSeconds",
  "MaxAttempts",
  "BackoffRate",
  "MaxDelaySeconds",
  "JitterStrategy",
  "Comment",
];
const CATCHER_FIELDS = ["ErrorEquals", "Next", "Assign", "Comment"];
const MAX = 99_999_999;

/** Checks a state's Retry. */
export const checkRetry = (state: JsonObject, location: string, diagnostics: Diagnostics): void => {
  for (const [retrier, at] of entries(state, "Retry", location, diagnostics)) {
    checkObjectFields(retrier, RETRIER_FIELDS, at, diagnostics);
    checkNumber(retrier, "IntervalSeconds", at, { min: 1, max: MAX }, diagnostics);
    checkNumber(retrier, "MaxAttempts", at, { min: 0, max: MAX }, diagnostics);
    checkNumber(retrier, "MaxDelaySeconds", at, { min: 1, max: 31_622_400 }, diagnostics);
    checkNumber(retrier, "BackoffRate", at, { min: 1, fraction: true }, diagnostics);
    const { JitterStrategy: jitter, MaxDelaySeconds: cap, IntervalSeconds: interval } = retrier;
    if (jitter !== undefined && jitter !== "FULL" && jitter !== "NONE") {
      diagnostics.schema("Value must be one of: [FULL, NONE]", `${at}/JitterStrategy`);
    }
    if (typeof cap === "number" && cap <= (typeof interval === "number" ? interval : 1)) {
      diagnostics.schema(
        "'MaxDelaySeconds' must be greater than 'IntervalSeconds'",
        `${at}/MaxDelaySeconds`,
      );
    }
  }
};

/** Checks a state's Catch, its Assign and Output aside. */
export const checkCatch = (
  state: JsonObject,
  location: string,
  languageFields: readonly string[],
  diagnostics: Diagnostics,
): void => {
  for (const [catcher, at] of entries(state, "Catch", location, diagnostics)) {
    checkObjectFields(catcher, [...CATCHER_FIELDS, ...languageFields], at, diagnostics);
    if (typeof catcher.Next !== "string") {
      diagnostics.schema("These fields are required: [Next]", at);
    }
  }
};

const entries = (
  state: JsonObject,
  field: "Retry" | "Catch",
  location: string,
  diagnostics: Diagnostics,
): readonly (readonly [JsonObject, string])[] => {
  const value = state[field];
  if (value === undefined) return [];
  if (!isArray(value)) {
    diagnostics.schema("Expected value of type Array", `${location}/${field}`);
    return [];
  }
  const found: (readonly [JsonObject, string])[] = [];
  for (const [index, entry] of value.entries()) {
    const at = `${location}/${field}[${index}]`;
    if (!isObject(entry)) {
      diagnostics.schema("Expected value of type Object", at);
      continue;
    }
    checkErrorEquals(entry.ErrorEquals, at, index === value.length - 1, diagnostics);
    found.push([entry, at]);
  }
  return found;
};

const checkErrorEquals = (
  value: Json | undefined,
  location: string,
  isLast: boolean,
  diagnostics: Diagnostics,
): void => {
  const at = `${location}/ErrorEquals`;
  if (value === undefined) {
    diagnostics.schema("These fields are required: [ErrorEquals]", location);
  } else if (!isArray(value) || value.length === 0) {
    diagnostics.schema("Expected a non-empty array of error names", at);
  } else if (!value.every((name) => typeof name === "string")) {
    diagnostics.schema("Expected value of type String", at);
  } else if (value.includes("States.ALL") && (value.length > 1 || !isLast)) {
    diagnostics.schema("'States.ALL' must appear alone, and in the last entry", at);
  }
};
