import { AwsError } from "#local/wire/aws-service.ts";
import { isArray, isObject, type JsonObject } from "#local/wire/json.ts";
import { checkDefinition, checkSingleState } from "../check/check-definition.ts";
import { machineLanguage } from "../compile/compile-machine.ts";
import { languageOf, type QueryLanguage } from "../compile/query-language.ts";
import { isFunctionLike } from "../tasks/resource.ts";

/** The state that TestState is about. */
export interface FoundState {
  readonly name: string;
  readonly state: JsonObject;
  readonly language: QueryLanguage;
  /** The states inside of a Map or a Parallel, at any depth. */
  readonly innerNames: readonly string[];
  /** What is wrong with the definition, as it is written in InvalidDefinition. */
  readonly errors: readonly string[];
  readonly notEmulated: readonly string[];
}

/**
 * Finds a state by its name in a whole machine, at any depth; without a name the definition is the state itself.
 * @throws AwsError `ValidationException` where there is no such state
 */
export const findState = (
  definition: JsonObject,
  stateName: string | undefined,
  isMocked: boolean,
): FoundState => {
  const checked =
    stateName === undefined
      ? checkSingleState(definition)
      : checkDefinition(JSON.stringify(definition), "STANDARD");
  const name = stateName ?? "StateUnderTest";
  const state = stateName === undefined ? definition : search(definition, stateName);
  const errors = checked.diagnostics
    // With a mock nothing is called, and the samples' placeholders are good enough for AWS.
    .filter(({ location }) => !isMocked || !namesFunction(state, stateName, location))
    .map(({ code, message, location }) => `${code}: ${message} at ${location ?? "null"}`);
  if (state === undefined && errors.length === 0) {
    throw new AwsError("ValidationException", "State not found in definition");
  }
  const machine = stateName === undefined ? "JSONPath" : machineLanguage(definition);
  return {
    name,
    state: state ?? {},
    language: languageOf(state ?? {}, machine),
    innerNames: state === undefined ? [] : statesWithin(state).map(([inner]) => inner),
    errors,
    notEmulated: checked.notEmulated,
  };
};

const namesFunction = (
  state: JsonObject | undefined,
  stateName: string | undefined,
  location: string | undefined,
): boolean => {
  const at = stateName === undefined ? "/Resource" : `/States/${stateName}/Resource`;
  return location?.endsWith(at) === true && isFunctionLike(String(state?.Resource));
};

const search = (group: JsonObject, name: string): JsonObject | undefined =>
  statesOf(group).find(([one]) => one === name)?.[1];

const statesOf = (group: JsonObject): readonly (readonly [string, JsonObject])[] =>
  Object.entries(isObject(group.States) ? group.States : {}).flatMap(([name, state]) =>
    isObject(state) ? [[name, state] as const, ...statesWithin(state)] : [],
  );

const statesWithin = (state: JsonObject): readonly (readonly [string, JsonObject])[] => {
  const groups = [
    state.ItemProcessor,
    state.Iterator,
    ...(isArray(state.Branches) ? state.Branches : []),
  ];
  return groups.filter(isObject).flatMap(statesOf);
};
