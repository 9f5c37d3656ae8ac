import { AwsError } from "#local/wire/aws-service.ts";
import { isObject, type Json, type JsonObject } from "#local/wire/json.ts";
import { Probe } from "../run/probe.ts";
import { parseJson } from "../values/json.ts";
import {
  optionalFlag,
  optionalNumber,
  optionalObject,
  optionalText,
  optionalWord,
  requiredText,
} from "../values/request-input.ts";
import { StateFailure } from "../values/state-failure.ts";
import { checkMockResult } from "./mock-result.ts";

/** A TestState request, read. */
export interface TestStateInput {
  readonly definition: JsonObject;
  readonly stateName?: string;
  readonly roleArn?: string;
  readonly input: Json;
  readonly variables: JsonObject;
  readonly inspectionLevel: "INFO" | "DEBUG" | "TRACE";
  readonly mock?: JsonObject;
  readonly context?: Json;
  readonly retrierRetryCount?: number;
  readonly errorCausedByState?: string;
}

const invalid = (message: string): AwsError => new AwsError("ValidationException", message);

/**
 * Reads the request.
 * @throws AwsError `ValidationException`, `InvalidExecutionInput`, `InvalidDefinition`
 */
export const readTestState = (request: JsonObject): TestStateInput => {
  const stateName = optionalText(request, "stateName");
  const roleArn = optionalText(request, "roleArn");
  const configuration = optionalObject(request, "stateConfiguration") ?? {};
  const mock = optionalObject(request, "mock");
  const context = jsonMember(request, "context");
  if (context !== undefined && mock === undefined) {
    throw invalid("A context can only be specified together with a mock.");
  }
  if (mock !== undefined && optionalFlag(request, "revealSecrets") === true) {
    throw invalid("revealSecrets cannot be true when a mock is specified.");
  }
  const retrierRetryCount = optionalNumber(configuration, "retrierRetryCount");
  const errorCausedByState = optionalText(configuration, "errorCausedByState");
  return {
    definition: definitionOf(requiredText(request, "definition")),
    input: inputOf(optionalText(request, "input") ?? "{}"),
    variables: variablesOf(request),
    inspectionLevel:
      optionalWord(request, "inspectionLevel", ["INFO", "DEBUG", "TRACE"] as const) ?? "INFO",
    ...(stateName === undefined ? {} : { stateName }),
    ...(roleArn === undefined ? {} : { roleArn }),
    ...(mock === undefined ? {} : { mock }),
    ...(context === undefined ? {} : { context }),
    ...(retrierRetryCount === undefined ? {} : { retrierRetryCount }),
    ...(errorCausedByState === undefined ? {} : { errorCausedByState }),
  };
};

const definitionOf = (text: string): JsonObject => {
  const definition = parseJson(text);
  if (isObject(definition)) return definition;
  throw new AwsError(
    "InvalidDefinition",
    "Invalid State Machine Definition: 'INVALID_JSON_DESCRIPTION: The definition is not a JSON object at null'",
  );
};

const inputOf = (text: string): Json => {
  const input = parseJson(text);
  if (input !== undefined) return input;
  throw new AwsError(
    "InvalidExecutionInput",
    "Invalid State Machine Execution Input: 'The input is not valid JSON'",
  );
};

const jsonMember = (request: JsonObject, member: string): Json | undefined => {
  const text = optionalText(request, member);
  if (text === undefined) return undefined;
  const value = parseJson(text);
  if (isObject(value)) return value;
  throw invalid(`The member '${member}' must be the text of a JSON object.`);
};

const variablesOf = (request: JsonObject): JsonObject => {
  const variables = jsonMember(request, "variables");
  return isObject(variables) ? variables : {};
};

/**
 * What the interpreter is given for one test.
 * @throws AwsError `ValidationException` for a mock that does not fit
 */
export const probeFor = (test: TestStateInput, state: JsonObject): Probe => {
  const mock = test.mock === undefined ? undefined : mockOf(test.mock, state);
  checkMocked(test, state);
  return new Probe({
    ...(mock === undefined ? {} : { mock }),
    retrierRetryCount: test.retrierRetryCount,
    context: test.context,
  });
};

const MOCKABLE = ["Task", "Map", "Parallel"];

const checkMocked = (test: TestStateInput, state: JsonObject): void => {
  const type = String(state.Type);
  if (test.mock !== undefined && !MOCKABLE.includes(type)) {
    throw invalid(`State type '${type}' is not supported when a mock is specified.`);
  }
  if (test.mock === undefined && (type === "Map" || type === "Parallel")) {
    throw invalid(`State type '${type}' is only supported when a mock is specified.`);
  }
  if (test.mock === undefined && type === "Task" && test.roleArn === undefined) {
    throw invalid("RoleArn must be specified when no mock is specified for a Task state.");
  }
};

const mockOf = (mock: JsonObject, state: JsonObject): NonNullable<Probe["mock"]> => {
  const result = optionalText(mock, "result");
  const error = optionalObject(mock, "errorOutput");
  if ((result === undefined) === (error === undefined)) {
    throw invalid(
      "A test mock should have only one of the following fields: [result, errorOutput].",
    );
  }
  if (error !== undefined) {
    return {
      failure: new StateFailure(requiredText(error, "error"), optionalText(error, "cause")),
    };
  }
  const value = parseJson(result ?? "");
  if (value === undefined) throw invalid("Mocked result must be valid JSON");
  const mode =
    optionalWord(mock, "fieldValidationMode", ["STRICT", "PRESENT", "NONE"] as const) ?? "STRICT";
  const problem = mode === "NONE" ? undefined : checkMockResult(state, value);
  if (problem !== undefined) throw invalid(`Mock result schema validation error: ${problem}`);
  return { result: value };
};
