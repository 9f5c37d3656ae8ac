import { AwsError, notEmulated } from "#local/wire/aws-service.ts";
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
import { checkContext } from "./test-context.ts";

/** A TestState request, read. */
export interface TestStateInput {
  readonly definition: JsonObject;
  readonly stateName?: string;
  readonly roleArn?: string;
  readonly input: Json;
  readonly variables: JsonObject;
  readonly inspectionLevel: "INFO" | "DEBUG" | "TRACE";
  readonly mock?: JsonObject;
  readonly context?: JsonObject;
  readonly retrierRetryCount?: number;
  readonly mapIterationFailureCount?: number;
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
    throw invalid("TestState does not support RevealSecrets when a mock is specified.");
  }
  if (configuration.mapItemReaderData !== undefined) {
    throw notEmulated("Step Functions", "TestState with stateConfiguration.mapItemReaderData");
  }
  const retrierRetryCount = countOf(configuration, "retrierRetryCount");
  const mapIterationFailureCount = countOf(configuration, "mapIterationFailureCount");
  const errorCausedByState = optionalText(configuration, "errorCausedByState");
  return {
    definition: definitionOf(requiredText(request, "definition")),
    input: inputOf(optionalText(request, "input") ?? "{}"),
    variables: jsonMember(request, "variables") ?? {},
    inspectionLevel:
      optionalWord(request, "inspectionLevel", ["INFO", "DEBUG", "TRACE"] as const) ?? "INFO",
    ...(stateName === undefined ? {} : { stateName }),
    ...(roleArn === undefined ? {} : { roleArn }),
    ...(mock === undefined ? {} : { mock }),
    ...(context === undefined ? {} : { context }),
    ...(retrierRetryCount === undefined ? {} : { retrierRetryCount }),
    ...(mapIterationFailureCount === undefined ? {} : { mapIterationFailureCount }),
    ...(errorCausedByState === undefined ? {} : { errorCausedByState }),
  };
};

const countOf = (configuration: JsonObject, member: string): number | undefined => {
  const count = optionalNumber(configuration, member);
  if (count === undefined || (Number.isInteger(count) && count >= 0)) return count;
  throw invalid(
    `1 validation error detected: Value '${count}' at 'stateConfiguration.${member}' failed to satisfy constraint: Member must have value greater than or equal to 0`,
  );
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

const jsonMember = (request: JsonObject, member: string): JsonObject | undefined => {
  const text = optionalText(request, member);
  if (text === undefined) return undefined;
  const value = parseJson(text);
  if (isObject(value)) return value;
  throw invalid(`The member '${member}' must be the text of a JSON object.`);
};

/**
 * What the interpreter is given for one test.
 * @throws AwsError `ValidationException` for a mock or a context that does not fit, `NotEmulated`
 */
export const probeFor = (test: TestStateInput, state: JsonObject): Probe => {
  checkMocked(test, state);
  refuseUnknown(test, state);
  if (test.context !== undefined) checkContext(test.context, state);
  const mock = test.mock === undefined ? undefined : mockOf(test.mock, state);
  return new Probe({
    ...(mock === undefined ? {} : { mock }),
    retrierRetryCount: test.retrierRetryCount,
    mapIterationFailureCount: test.mapIterationFailureCount,
    context: test.context,
  });
};

// Of a Map, TestState takes more than this stack knows of.
const DISTRIBUTED = ["ItemReader", "ItemBatcher", "ResultWriter"];

const refuseUnknown = (test: TestStateInput, state: JsonObject): void => {
  const distributed = DISTRIBUTED.find((field) => state[field] !== undefined);
  if (distributed !== undefined) {
    throw notEmulated("Step Functions", `TestState of a Map with ${distributed}`);
  }
  if (test.mapIterationFailureCount === undefined) return;
  if (state.Type !== "Map") {
    throw notEmulated(
      "Step Functions",
      "stateConfiguration.mapIterationFailureCount for a state that is no Map",
    );
  }
  if (state.ToleratedFailurePercentage !== undefined) {
    throw notEmulated(
      "Step Functions",
      "stateConfiguration.mapIterationFailureCount with ToleratedFailurePercentage",
    );
  }
};

const MOCKABLE = ["Task", "Map", "Parallel"];

const checkMocked = (test: TestStateInput, state: JsonObject): void => {
  const type = String(state.Type);
  if (test.mock !== undefined && !MOCKABLE.includes(type)) {
    throw invalid(`State type '${type}' is not supported when a mock is specified`);
  }
  if (test.mock === undefined && (type === "Map" || type === "Parallel")) {
    throw new AwsError(
      "InvalidDefinition",
      "TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]",
    );
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
  checkMockResult(state, value, mode);
  return { result: value };
};
