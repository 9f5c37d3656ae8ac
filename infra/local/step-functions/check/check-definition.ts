import { isArray, isObject, type Json, type JsonObject } from "#local/wire/json.ts";
import type { Machine } from "../compile/asl.ts";
import { compileMachine, machineLanguage } from "../compile/compile-machine.ts";
import type { QueryLanguage } from "../compile/query-language.ts";
import { parseJson } from "../values/json.ts";
import { checkState } from "./check-state.ts";
import { checkTransitions } from "./check-transitions.ts";
import { checkNumber, checkObjectFields } from "./check-values.ts";
import { assignedNames, checkVariables } from "./check-variables.ts";
import { type Diagnostic, Diagnostics } from "./diagnostics.ts";

/** What came of checking a definition. The machine is there where nothing is wrong and everything is imitated. */
export interface CheckedDefinition {
  readonly diagnostics: readonly Diagnostic[];
  readonly notEmulated: readonly string[];
  readonly machine?: Machine;
}

/** The whole definition while it is being checked. */
interface Whole {
  readonly type: "STANDARD" | "EXPRESS";
  readonly language: QueryLanguage;
  readonly names: Set<string>;
  readonly diagnostics: Diagnostics;
  /** Becomes true with the first state of JSONata. */
  hasJsonata: boolean;
}

const MACHINE_FIELDS = [
  "Comment",
  "QueryLanguage",
  "StartAt",
  "States",
  "TimeoutSeconds",
  "Version",
];
const MAX_NAME_LENGTH = 80;

/** Checks a definition as it is done when a machine is created, and prepares it where it is valid. */
export const checkDefinition = (text: string, type: "STANDARD" | "EXPRESS"): CheckedDefinition => {
  const diagnostics = new Diagnostics();
  const definition = parseJson(text);
  if (definition === undefined) {
    diagnostics.add("INVALID_JSON_DESCRIPTION", "The definition is not valid JSON");
  } else if (!isObject(definition)) {
    diagnostics.add("INVALID_JSON_DESCRIPTION", "The definition is not a JSON object");
  } else {
    checkMachine(definition, type, diagnostics);
  }
  const { found, notEmulated } = diagnostics;
  return {
    diagnostics: found,
    notEmulated,
    ...(isObject(definition) && found.length === 0 && notEmulated.length === 0
      ? { machine: compileMachine(definition) }
      : {}),
  };
};

/** Checks a state by itself: where it leads is not looked at. */
export const checkSingleState = (state: JsonObject): CheckedDefinition => {
  const diagnostics = new Diagnostics();
  const whole: Whole = {
    type: "STANDARD",
    language: "JSONPath",
    names: new Set(),
    diagnostics,
    hasJsonata: false,
  };
  checkStateInGroup(state, "", new Set(), [], whole);
  if (!whole.hasJsonata && diagnostics.found.length === 0) diagnostics.notEmulated.push(JSONPATH);
  return { diagnostics: diagnostics.found, notEmulated: diagnostics.notEmulated };
};

const UNKNOWN_LANGUAGE = "Value should be one of the following: [JSONPath, JSONata]";

const JSONPATH =
  'definitions in JSONPath: set "QueryLanguage": "JSONata", for the whole machine or for a state';

const checkMachine = (
  definition: JsonObject,
  type: "STANDARD" | "EXPRESS",
  diagnostics: Diagnostics,
): void => {
  const { QueryLanguage: language } = definition;
  if (language !== undefined && language !== "JSONata" && language !== "JSONPath") {
    diagnostics.schema(UNKNOWN_LANGUAGE, "/QueryLanguage");
    return;
  }
  checkObjectFields(definition, MACHINE_FIELDS, "/", diagnostics);
  checkNumber(definition, "TimeoutSeconds", "", { min: 1, max: 99_999_999 }, diagnostics);
  const whole: Whole = {
    type,
    language: machineLanguage(definition),
    names: new Set(),
    diagnostics,
    hasJsonata: language === "JSONata",
  };
  checkGroup(definition, "", new Set(), whole);
  if (!whole.hasJsonata && diagnostics.found.length === 0) {
    diagnostics.notEmulated.push(JSONPATH);
  }
};

const checkGroup = (
  group: JsonObject,
  location: string,
  outer: ReadonlySet<string>,
  whole: Whole,
): void => {
  const { diagnostics } = whole;
  const { StartAt: startAt, States: states } = group;
  const missing = ["StartAt", "States"].filter((field) => group[field] === undefined);
  if (missing.length > 0) {
    diagnostics.schema(`These fields are required: [${missing.join(", ")}]`, location || "/");
    return;
  }
  if (typeof startAt !== "string") {
    diagnostics.schema("Expected value of type String", `${location}/StartAt`);
    return;
  }
  if (!isObject(states) || Object.keys(states).length === 0) {
    diagnostics.schema("Expected a non-empty object of states", `${location}/States`);
    return;
  }
  const known = new Map(
    Object.entries(states).filter((entry): entry is [string, JsonObject] => isObject(entry[1])),
  );
  for (const [name, state] of Object.entries(states)) {
    const at = `${location}/States/${name}`;
    checkName(name, at, whole);
    if (isObject(state)) checkStateInGroup(state, at, outer, [...known.values()], whole);
    else diagnostics.schema("Expected value of type Object", at);
  }
  // Seen on AWS: the states of an item processor may go round for ever.
  const needsEnd = !/\/(ItemProcessor|Iterator)$/.test(location);
  checkTransitions(startAt, known, location, needsEnd, diagnostics);
};

const checkName = (name: string, location: string, whole: Whole): void => {
  if (name.length > MAX_NAME_LENGTH || name === "") {
    whole.diagnostics.add(
      "INVALID_STATE_NAME",
      `The state name must have 1 to ${MAX_NAME_LENGTH} characters`,
      location,
    );
  }
  if (whole.names.has(name)) {
    whole.diagnostics.add("DUPLICATE_STATE_NAME", `Duplicate state name: ${name}`, location);
  }
  whole.names.add(name);
};

const checkStateInGroup = (
  state: JsonObject,
  location: string,
  outer: ReadonlySet<string>,
  siblings: readonly JsonObject[],
  whole: Whole,
): void => {
  const language = checkedLanguage(state, location, whole);
  if (language === undefined) return;
  if (language === "JSONata") whole.hasJsonata = true;
  checkState(state, location, language, whole.type, whole.diagnostics);
  checkVariables(state, location, outer, language === "JSONPath", whole.diagnostics);
  if (state.Type !== "Map" && state.Type !== "Parallel") return;
  const visible = new Set([...outer, ...assignedNames(siblings)]);
  for (const [group, at] of innerGroups(state, location, whole)) {
    checkGroup(group, at, visible, whole);
  }
};

// A state may choose JSONata in a machine of JSONPath, never the other way round.
const checkedLanguage = (
  state: JsonObject,
  location: string,
  whole: Whole,
): QueryLanguage | undefined => {
  const { QueryLanguage: own } = state;
  if (own === undefined) return whole.language;
  if (own === "JSONata") return own;
  if (own !== "JSONPath") {
    // Which fields the state may have is not known then.
    whole.diagnostics.schema(UNKNOWN_LANGUAGE, `${location}/QueryLanguage`);
    return undefined;
  }
  if (whole.language === "JSONata") {
    whole.diagnostics.schema(
      "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
      location,
    );
  }
  return whole.language;
};

const GROUP_FIELDS = ["Comment", "StartAt", "States"];

const innerGroups = (
  state: JsonObject,
  location: string,
  whole: Whole,
): readonly (readonly [JsonObject, string])[] => {
  const { diagnostics } = whole;
  if (state.Type === "Map") return mapProcessor(state, location, whole);
  const { Branches: branches } = state;
  if (branches === undefined) return [];
  if (!isArray(branches) || branches.length === 0) {
    diagnostics.schema("Expected a non-empty array of branches", `${location}/Branches`);
    return [];
  }
  return branches.flatMap((branch, index) =>
    asGroup(branch, `${location}/Branches[${index}]`, GROUP_FIELDS, diagnostics),
  );
};

const mapProcessor = (
  state: JsonObject,
  location: string,
  whole: Whole,
): readonly (readonly [JsonObject, string])[] => {
  const { diagnostics } = whole;
  const field = state.ItemProcessor === undefined ? "Iterator" : "ItemProcessor";
  const processor = state[field];
  if (processor === undefined) {
    diagnostics.schema("These fields are required: [ItemProcessor]", location);
    return [];
  }
  const groups = asGroup(
    processor,
    `${location}/${field}`,
    [...GROUP_FIELDS, "ProcessorConfig"],
    diagnostics,
  );
  checkMode(processor, `${location}/${field}`, whole);
  for (const distributed of ["ItemReader", "ItemBatcher", "ResultWriter", "Label"]) {
    if (state[distributed] !== undefined) {
      diagnostics.notEmulated.push(`Distributed Map (${distributed})`);
    }
  }
  return groups;
};

const checkMode = (processor: Json, location: string, whole: Whole): void => {
  const config = isObject(processor) ? processor.ProcessorConfig : undefined;
  if (!isObject(config) || config.Mode === undefined || config.Mode === "INLINE") return;
  if (config.Mode !== "DISTRIBUTED") {
    whole.diagnostics.schema(
      "Value must be one of: [INLINE, DISTRIBUTED]",
      `${location}/ProcessorConfig/Mode`,
    );
  } else if (whole.type === "EXPRESS") {
    whole.diagnostics.schema(
      "Express state machine does not support 'DISTRIBUTED' mode of Map state",
      `${location}/ProcessorConfig/Mode`,
    );
  } else {
    whole.diagnostics.notEmulated.push("Distributed Map (ProcessorConfig)");
  }
};

const asGroup = (
  value: Json,
  location: string,
  fields: readonly string[],
  diagnostics: Diagnostics,
): readonly (readonly [JsonObject, string])[] => {
  if (!isObject(value)) {
    diagnostics.schema("Expected value of type Object", location);
    return [];
  }
  checkObjectFields(value, fields, location, diagnostics);
  return [[value, location]];
};
