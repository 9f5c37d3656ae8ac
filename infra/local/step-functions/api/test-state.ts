// https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html
import { randomUUID } from "node:crypto";
import { AwsError, notEmulated } from "#local/wire/aws-service.ts";
import type { JsonObject } from "#local/wire/json.ts";
import type { State } from "../compile/asl.ts";
import { compileState } from "../compile/compile-machine.ts";
import { Branch } from "../run/branch.ts";
import { Execution } from "../run/execution.ts";
import { type Probe, Retriable } from "../run/probe.ts";
import { runState } from "../run/run-states.ts";
import { Variables } from "../run/variables.ts";
import { stateMachineArn, testExecutionArn } from "../values/arns.ts";
import { jsonText } from "../values/json.ts";
import { optionalText } from "../values/request-input.ts";
import { StateFailure } from "../values/state-failure.ts";
import { findState } from "./find-state.ts";
import type { ServiceParts, StepFunctionsOperation } from "./operation.ts";
import { probeFor, readTestState, type TestStateInput } from "./test-state-input.ts";

/** TestState: runs one state, with a mock in the place of what it does, and shows how its data moved. */
export const testState: StepFunctionsOperation = {
  name: "TestState",
  understand: (input, parts) => {
    const roleArn = optionalText(input, "roleArn");
    return {
      permissions: [
        { action: "states:TestState", resource: "*" },
        ...(roleArn === undefined ? [] : [{ action: "iam:PassRole", resource: roleArn }]),
      ],
      carryOut: async () => {
        const test = readTestState(input);
        const found = findState(test.definition, test.stateName, test.mock !== undefined);
        if (found.errors.length > 0) {
          throw new AwsError(
            "InvalidDefinition",
            `Invalid State Machine Definition: '${found.errors.join(", ")}'`,
          );
        }
        const [unknown] = found.notEmulated;
        const probe = probeFor(test, found.state);
        // With a mock the call is not made, so that its service need not be imitated.
        if (unknown !== undefined && test.mock === undefined) {
          throw notEmulated("Step Functions", unknown);
        }
        if (found.language === "JSONPath" && test.inspectionLevel !== "INFO") {
          throw notEmulated("Step Functions", "the inspection data of a state of JSONPath");
        }
        requireInnerState(test, found.innerNames);
        const state = compileState(found.name, found.state, found.language);
        return visitOnce(state, test, probe, parts);
      },
    };
  },
};

const requireInnerState = (test: TestStateInput, innerNames: readonly string[]): void => {
  const { errorCausedByState: name } = test;
  if (name !== undefined && !innerNames.includes(name)) {
    throw new AwsError(
      "ValidationException",
      `State '${name}' specified in errorCausedByState is not one of the states within the tested state.`,
    );
  }
};

const visitOnce = async (
  state: State,
  test: TestStateInput,
  probe: Probe,
  parts: ServiceParts,
): Promise<JsonObject> => {
  const { engine, place } = parts;
  const machineName = randomUUID();
  const executionName = randomUUID();
  const execution = new Execution({
    identity: {
      executionArn: testExecutionArn(place, machineName, executionName),
      executionName,
      stateMachineArn: stateMachineArn(place, machineName),
      stateMachineName: machineName,
      roleArn: test.roleArn ?? "",
      startedAtMs: engine.clock.nowMs(),
      input: test.input,
    },
    engine,
    sinks: [],
    boundsEvents: false,
    probe,
  });
  const variables = new Variables();
  variables.assign(test.variables, state.name);
  const branch = new Branch({
    execution,
    variables,
    cancellation: execution.cancellation,
    previousEventId: 0,
  });
  try {
    const { output, next } = await runState(state, branch, test.input);
    const caught = probe.caught !== undefined;
    return {
      ...inspection(test, probe, variables, {
        ...(probe.caught === undefined ? {} : { catchIndex: probe.caught.index }),
        ...retryIndex(probe),
      }),
      output: jsonText(output),
      ...(next === undefined ? {} : { nextState: next }),
      status: caught ? "CAUGHT_ERROR" : "SUCCEEDED",
      ...(probe.caught === undefined ? {} : failureShape(probe.caught.failure)),
    };
  } catch (error) {
    if (error instanceof Retriable) {
      return {
        ...inspection(test, probe, variables, {
          retryIndex: error.retryIndex,
          retryBackoffIntervalSeconds: Math.round(error.delaySeconds),
        }),
        ...failureShape(error.failure),
        status: "RETRIABLE",
      };
    }
    if (!(error instanceof StateFailure)) throw error;
    return {
      ...inspection(test, probe, variables, retryIndex(probe)),
      ...failureShape(error),
      status: "FAILED",
    };
  } finally {
    execution.cancellation.release();
  }
};

// Recorded: a retrier that has been used up is told, too.
const retryIndex = ({ retryIndex: index }: Probe): JsonObject =>
  index === undefined ? {} : { retryIndex: index };

// Measured on AWS: there is no event to be named here, so that the cause begins with what is wrong.
const PREFIX =
  /^An error occurred while executing the state '.*?' \(entered at the event id #\d+\)\. /;

const failureShape = (failure: StateFailure): JsonObject => ({
  ...(failure.error === undefined ? {} : { error: failure.error }),
  ...(failure.reason === undefined ? {} : { cause: failure.reason.replace(PREFIX, "") }),
});

const inspection = (
  test: TestStateInput,
  probe: Probe,
  variables: Variables,
  errorDetails: JsonObject,
): JsonObject => {
  if (test.inspectionLevel === "INFO") return {};
  const data: Record<string, JsonObject[string]> = { input: jsonText(test.input) };
  for (const [finding, value] of probe.findings) {
    data[finding] = typeof value === "number" ? value : jsonText(value);
  }
  const all = variables.all();
  if (Object.keys(all).length > 0) data.variables = jsonText(all);
  if (Object.keys(errorDetails).length > 0) data.errorDetails = errorDetails;
  return { inspectionData: data };
};
