import { isArray, isObject, type JsonObject } from "#local/wire/json.ts";
import { expressionSource } from "../compile/compile-template.ts";
import type { QueryLanguage } from "../compile/query-language.ts";
import { parseTimestamp } from "../values/timestamp.ts";
import { BEFORE, checkExpressions, type Readable } from "./check-expression.ts";
import { checkPathState } from "./check-path-state.ts";
import { checkCatch, checkRetry } from "./check-recovery.ts";
import { checkResource } from "./check-resource.ts";
import { checkNumber, checkObjectFields, checkOnlyOne } from "./check-values.ts";
import type { Diagnostics } from "./diagnostics.ts";
import { COMMON_FIELDS, STATE_FIELDS, STATE_TYPES, type StateType } from "./state-fields.ts";

const DONE: Readable = { result: true, errorOutput: false };
const CAUGHT: Readable = { result: false, errorOutput: true };
const MAX_SECONDS = 99_999_999;

/** Checks one state: its fields, their values and their expressions. What is inside of a Map or Parallel is not looked at. */
export const checkState = (
  state: JsonObject,
  location: string,
  language: QueryLanguage,
  type: "STANDARD" | "EXPRESS",
  diagnostics: Diagnostics,
): void => {
  const stateType = STATE_TYPES.find((one) => one === state.Type);
  if (stateType === undefined) {
    diagnostics.schema(
      state.Type === undefined
        ? "These fields are required: [Type]"
        : `Value must be one of: [${STATE_TYPES.join(", ")}]`,
      state.Type === undefined ? location : `${location}/Type`,
    );
    return;
  }
  checkFields(state, stateType, location, language, diagnostics);
  checkEnd(state, stateType, location, diagnostics);
  const own = language === "JSONata" ? ["Output"] : ["ResultPath"];
  checkRetry(state, location, diagnostics);
  checkCatch(state, location, own, diagnostics);
  checkByType(state, stateType, location, language, type, diagnostics);
  if (language === "JSONata") checkStateExpressions(state, stateType, location, diagnostics);
  else checkPathState(state, stateType, location, diagnostics);
};

const checkFields = (
  state: JsonObject,
  type: StateType,
  location: string,
  language: QueryLanguage,
  diagnostics: Diagnostics,
): void => {
  const { required, both, jsonata, jsonPath } = STATE_FIELDS[type];
  const missing = required.filter((field) => state[field] === undefined);
  if (missing.length > 0) {
    diagnostics.schema(`These fields are required: [${missing.join(", ")}]`, location);
  }
  const [mine, others] = language === "JSONata" ? [jsonata, jsonPath] : [jsonPath, jsonata];
  const other = language === "JSONata" ? "JSONPath" : "JSONata";
  for (const field of Object.keys(state)) {
    if (COMMON_FIELDS.includes(field) || both.includes(field) || mine.includes(field)) continue;
    diagnostics.schema(
      others.includes(field)
        ? `The QueryLanguage is set to '${language}', but field '${field}' is only supported for the '${other}' QueryLanguage`
        : `Field '${field}' is not supported`,
      location,
    );
  }
};

// Every state but these has either a next one or is the last.
const checkEnd = (
  state: JsonObject,
  type: StateType,
  location: string,
  diagnostics: Diagnostics,
): void => {
  if (type === "Choice" || type === "Succeed" || type === "Fail") return;
  if (state.End !== undefined && typeof state.End !== "boolean") {
    diagnostics.schema("Expected value of type Boolean", `${location}/End`);
  } else if (state.Next !== undefined && state.End === true) {
    checkOnlyOne(state, ["Next", "End"], location, diagnostics);
  } else if (state.Next === undefined && state.End !== true) {
    diagnostics.schema("One of these fields is required: [Next, End]", location);
  }
};

const checkByType = (
  state: JsonObject,
  type: StateType,
  location: string,
  language: QueryLanguage,
  machine: "STANDARD" | "EXPRESS",
  diagnostics: Diagnostics,
): void => {
  const expression = language === "JSONata";
  const number = (field: string, min: number, max: number, fraction = false): void =>
    checkNumber(state, field, location, { min, max, fraction, expression }, diagnostics);
  switch (type) {
    case "Task":
      checkResource(state.Resource, location, machine, diagnostics);
      number("TimeoutSeconds", 1, MAX_SECONDS);
      number("HeartbeatSeconds", 1, MAX_SECONDS);
      checkHeartbeat(state, location, diagnostics);
      return;
    case "Wait":
      checkWait(state, location, language, diagnostics);
      return;
    case "Map":
      number("MaxConcurrency", 0, MAX_SECONDS);
      number("ToleratedFailureCount", 0, MAX_SECONDS);
      number("ToleratedFailurePercentage", 0, 100, true);
      return;
    case "Choice":
      checkChoices(state, location, language, diagnostics);
      return;
    case "Pass":
    case "Succeed":
    case "Fail":
    case "Parallel":
      return;
  }
};

const checkHeartbeat = (state: JsonObject, location: string, diagnostics: Diagnostics): void => {
  const { HeartbeatSeconds: heartbeat, TimeoutSeconds: timeout } = state;
  if (typeof heartbeat === "number" && typeof timeout === "number" && heartbeat >= timeout) {
    diagnostics.schema(
      "'HeartbeatSeconds' must be smaller than 'TimeoutSeconds'",
      `${location}/HeartbeatSeconds`,
    );
  }
};

const checkWait = (
  state: JsonObject,
  location: string,
  language: QueryLanguage,
  diagnostics: Diagnostics,
): void => {
  const fields =
    language === "JSONata"
      ? ["Seconds", "Timestamp"]
      : ["Seconds", "SecondsPath", "Timestamp", "TimestampPath"];
  checkOnlyOne(state, fields, location, diagnostics);
  if (fields.every((field) => state[field] === undefined)) {
    diagnostics.schema(`One of these fields is required: [${fields.join(", ")}]`, location);
  }
  checkNumber(
    state,
    "Seconds",
    location,
    { min: 0, max: MAX_SECONDS, expression: language === "JSONata" },
    diagnostics,
  );
  const { Timestamp: timestamp } = state;
  if (timestamp === undefined) return;
  const isExpression = typeof timestamp === "string" && expressionSource(timestamp) !== undefined;
  if (isExpression && language === "JSONata") return;
  if (typeof timestamp !== "string" || parseTimestamp(timestamp) === undefined) {
    diagnostics.schema("Value is not a valid RFC3339 timestamp", `${location}/Timestamp`);
  }
};

const RULE_FIELDS = ["Condition", "Next", "Assign", "Output", "Comment"];

const checkChoices = (
  state: JsonObject,
  location: string,
  language: QueryLanguage,
  diagnostics: Diagnostics,
): void => {
  const { Choices: choices } = state;
  if (choices === undefined || language === "JSONPath") return;
  if (!isArray(choices) || choices.length === 0) {
    diagnostics.schema("Expected a non-empty array of rules", `${location}/Choices`);
    return;
  }
  for (const [index, rule] of choices.entries()) {
    const at = `${location}/Choices[${index}]`;
    if (!isObject(rule)) {
      diagnostics.schema("Expected value of type Object", at);
      continue;
    }
    checkObjectFields(rule, RULE_FIELDS, at, diagnostics);
    const missing = ["Condition", "Next"].filter((field) => rule[field] === undefined);
    if (missing.length > 0) {
      diagnostics.schema(`These fields are required: [${missing.join(", ")}]`, at);
    }
    const { Condition: condition } = rule;
    const isExpression = typeof condition === "string" && expressionSource(condition) !== undefined;
    if (condition !== undefined && typeof condition !== "boolean" && !isExpression) {
      diagnostics.schema("Expected a boolean or a JSONata expression", `${at}/Condition`);
    }
  }
};

const checkStateExpressions = (
  state: JsonObject,
  type: StateType,
  location: string,
  diagnostics: Diagnostics,
): void => {
  const works = type === "Task" || type === "Map" || type === "Parallel";
  for (const [field, value] of Object.entries(state)) {
    const at = `${location}/${field}`;
    switch (field) {
      case "Output":
      case "Assign":
        checkExpressions(value, at, works ? DONE : BEFORE, diagnostics);
        break;
      case "Catch":
        checkExpressions(value, at, CAUGHT, diagnostics);
        break;
      case "Comment":
      case "Type":
      case "Resource":
      case "Next":
      case "Default":
      case "ItemProcessor":
      case "Iterator":
      case "Branches":
      case "Retry":
        break;
      default:
        checkExpressions(value, at, BEFORE, diagnostics);
    }
  }
};
