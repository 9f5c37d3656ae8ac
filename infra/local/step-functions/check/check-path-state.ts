// A machine of JSONata may hold states of JSONPath. They are run as far as reference paths go; what goes further (intrinsic
// functions, filters, Choice rules) is not imitated.

import { isArray, isObject, type Json, type JsonObject } from "#local/wire/json.ts";
import { parsePath } from "../compile/path.ts";
import type { Diagnostics } from "./diagnostics.ts";
import type { StateType } from "./state-fields.ts";

const PATH_FIELDS: readonly string[] = [
  "CausePath",
  "ErrorPath",
  "HeartbeatSecondsPath",
  "InputPath",
  "ItemsPath",
  "MaxConcurrencyPath",
  "OutputPath",
  "ResultPath",
  "SecondsPath",
  "TimeoutSecondsPath",
  "TimestampPath",
  "ToleratedFailureCountPath",
  "ToleratedFailurePercentagePath",
];
const TEMPLATE_FIELDS: readonly string[] = [
  "Assign",
  "Credentials",
  "ItemSelector",
  "Parameters",
  "ResultSelector",
];

/** Notes what a state of JSONPath asks for that is not imitated. */
export const checkPathState = (
  state: JsonObject,
  type: StateType,
  location: string,
  diagnostics: Diagnostics,
): void => {
  if (type === "Choice") {
    diagnostics.notEmulated.push(`a Choice of JSONPath (${location}); write it in JSONata`);
    return;
  }
  for (const [field, value] of Object.entries(state)) {
    const at = `${location}/${field}`;
    if (PATH_FIELDS.includes(field) && value !== null) checkPath(value, at, diagnostics);
    if (TEMPLATE_FIELDS.includes(field)) checkTemplate(value, at, diagnostics);
    if (field === "Catch" && isArray(value)) {
      for (const [index, catcher] of value.entries()) {
        if (!isObject(catcher)) continue;
        checkTemplate(catcher.Assign ?? {}, `${at}[${index}]/Assign`, diagnostics);
        if (catcher.ResultPath !== undefined && catcher.ResultPath !== null) {
          checkPath(catcher.ResultPath, `${at}[${index}]/ResultPath`, diagnostics);
        }
      }
    }
  }
};

const checkTemplate = (value: Json, location: string, diagnostics: Diagnostics): void => {
  if (isArray(value)) {
    for (const [index, item] of value.entries()) {
      checkTemplate(item, `${location}[${index}]`, diagnostics);
    }
  } else if (isObject(value)) {
    for (const [name, member] of Object.entries(value)) {
      const at = `${location}/${name}`;
      if (name.endsWith(".$")) checkPath(member, at, diagnostics);
      else checkTemplate(member, at, diagnostics);
    }
  }
};

const checkPath = (value: Json, location: string, diagnostics: Diagnostics): void => {
  if (typeof value === "string" && parsePath(value) !== undefined) return;
  if (typeof value === "string" && /^(States\.\w+\(|\$)/.test(value)) {
    diagnostics.notEmulated.push(`the JSONPath ${value} (${location}); write the state in JSONata`);
    return;
  }
  diagnostics.schema(
    `The value for the field '${location.slice(location.lastIndexOf("/") + 1)}' must be a valid JSONPath or a valid intrinsic function call`,
    location,
  );
};
