// https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html

import type { JsonObject } from "#local/wire/json.ts";
import type { Outcome } from "../run/run-execution.ts";
import { requireArnKind } from "../values/arns.ts";
import { jsonText } from "../values/json.ts";
import { optionalWord, requiredText, timestamp } from "../values/request-input.ts";
import type { StepFunctionsOperation } from "./operation.ts";

const INCLUDED = ["ALL_DATA", "METADATA_ONLY"] as const;

/** DescribeExecution, of a Standard execution: an Express one cannot be described. */
export const describeExecution: StepFunctionsOperation = {
  name: "DescribeExecution",
  understand: (input, { store }) => {
    const arn = requiredText(input, "executionArn");
    return {
      permissions: [{ action: "states:DescribeExecution", resource: arn }],
      carryOut: () => {
        requireArnKind(arn, "execution");
        const withData = optionalWord(input, "includedData", INCLUDED) !== "METADATA_ONLY";
        const execution = store.execution(arn);
        return {
          executionArn: arn,
          ...(withData ? { input: execution.inputText } : {}),
          inputDetails: { included: withData },
          name: execution.name,
          redriveCount: 0,
          ...redriveShape(execution.outcome),
          startDate: timestamp(execution.startedAtMs),
          stateMachineArn: execution.stateMachine.arn,
          ...(execution.traceHeader === undefined ? {} : { traceHeader: execution.traceHeader }),
          ...outcomeShape(execution.outcome, withData),
        };
      },
    };
  },
};

const redriveShape = (outcome: Outcome | undefined): JsonObject => {
  if (outcome !== undefined && outcome.status !== "SUCCEEDED") {
    return { redriveStatus: "REDRIVABLE" };
  }
  const reason =
    outcome === undefined
      ? "Execution is RUNNING and cannot be redriven"
      : "Execution is SUCCEEDED and cannot be redriven";
  return { redriveStatus: "NOT_REDRIVABLE", redriveStatusReason: reason };
};

const outcomeShape = (outcome: Outcome | undefined, withData: boolean): JsonObject => {
  if (outcome === undefined) return { status: "RUNNING" };
  const ended = { status: outcome.status, stopDate: timestamp(outcome.stoppedAtMs) };
  if (outcome.status === "SUCCEEDED") {
    return {
      ...ended,
      ...(withData ? { output: jsonText(outcome.output) } : {}),
      outputDetails: { included: withData },
    };
  }
  // Measured on AWS: of a timeout only the history tells the error.
  if (outcome.status === "TIMED_OUT") return ended;
  return {
    ...ended,
    ...(outcome.cause === undefined ? {} : { cause: outcome.cause }),
    ...(outcome.error === undefined ? {} : { error: outcome.error }),
  };
};
