// A mocked result has to look like what the service would answer. Of the services that are imitated here no member of an
// answer is required, so that STRICT and PRESENT ask for the same.

import { isArray, isObject, type Json, type JsonObject } from "#local/wire/json.ts";
import { readResource } from "../tasks/resource.ts";

type Kind = "string" | "number" | "object" | "array";

const INVOKE: Readonly<Record<string, Kind>> = {
  ExecutedVersion: "string",
  FunctionError: "string",
  LogResult: "string",
  StatusCode: "number",
};

const DYNAMODB: Readonly<Record<string, Kind>> = {
  Attributes: "object",
  Count: "number",
  Item: "object",
  ItemCollectionMetrics: "object",
  Items: "array",
  LastEvaluatedKey: "object",
  Responses: "object",
  ScannedCount: "number",
  UnprocessedItems: "object",
  UnprocessedKeys: "object",
};

/** What is wrong with a mocked result, or undefined. */
export const checkMockResult = (state: JsonObject, result: Json): string | undefined => {
  if (state.Type === "Map" || state.Type === "Parallel") {
    return isArray(result) ? undefined : `Expected an array for the state type ${state.Type}`;
  }
  const read = readResource(String(state.Resource));
  if (!("known" in read)) return undefined;
  switch (read.known.kind) {
    case "lambda function":
    case "not emulated":
      return undefined;
    case "lambda invoke":
      return problemOf(result, INVOKE);
    case "dynamodb":
    case "sdk dynamodb":
      return problemOf(result, DYNAMODB);
  }
};

const problemOf = (result: Json, members: Readonly<Record<string, Kind>>): string | undefined => {
  if (!isObject(result)) return "Expected an object";
  for (const [name, value] of Object.entries(result)) {
    const kind = members[name];
    if (kind !== undefined && !isOf(kind, value)) return `Field '${name}' must be ${aOrAn(kind)}`;
  }
  return undefined;
};

const isOf = (kind: Kind, value: Json): boolean => {
  if (kind === "object") return isObject(value);
  if (kind === "array") return isArray(value);
  return typeof value === kind;
};

const aOrAn = (kind: Kind): string =>
  kind === "object" || kind === "array" ? `an ${kind}` : `a ${kind}`;
