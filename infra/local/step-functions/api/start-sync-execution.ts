// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html
import { AwsError } from "#local/wire/aws-service.ts";
import type { JsonObject } from "#local/wire/json.ts";
import type { Outcome } from "../run/run-execution.ts";
import { jsonText } from "../values/json.ts";
import { optionalWord, requiredText, timestamp } from "../values/request-input.ts";
import { startExpress } from "./express-execution.ts";
import type { StepFunctionsOperation } from "./operation.ts";
import { readStart } from "./start-input.ts";

const INCLUDED = ["ALL_DATA", "METADATA_ONLY"] as const;

/** StartSyncExecution: answers when the execution has ended, HTTP 200 also for a failed one. */
export const startSyncExecution: StepFunctionsOperation = {
  name: "StartSyncExecution",
  understand: (input, parts) => {
    const arn = requiredText(input, "stateMachineArn");
    return {
      permissions: [{ action: "states:StartSyncExecution", resource: arn }],
      carryOut: async () => {
        const included = optionalWord(input, "includedData", INCLUDED) ?? "ALL_DATA";
        const start = readStart(arn, input, parts);
        if (start.stateMachine.type !== "EXPRESS") {
          throw new AwsError(
            "StateMachineTypeNotSupported",
            "This operation is not supported by this type of state machine",
          );
        }
        const { arn: executionArn, startedAtMs, running } = startExpress(start, parts);
        const outcome = await running.outcome;
        const withData = included === "ALL_DATA";
        return {
          billingDetails: billing(outcome.stoppedAtMs - startedAtMs),
          executionArn,
          ...(withData ? { input: start.inputText } : {}),
          inputDetails: { included: withData },
          name: start.name,
          startDate: timestamp(startedAtMs),
          stateMachineArn: start.stateMachine.arn,
          status: outcome.status,
          stopDate: timestamp(outcome.stoppedAtMs),
          ...(start.traceHeader === undefined ? {} : { traceHeader: start.traceHeader }),
          ...resultShape(outcome, withData),
        };
      },
    };
  },
};

const resultShape = (outcome: Outcome, withData: boolean): JsonObject => {
  if (outcome.status === "SUCCEEDED") {
    return {
      ...(withData ? { output: jsonText(outcome.output) } : {}),
      outputDetails: { included: withData },
    };
  }
  return {
    ...(outcome.cause === undefined ? {} : { cause: outcome.cause }),
    ...(outcome.error === undefined ? {} : { error: outcome.error }),
  };
};

// Rounded up to 100 ms; the memory is the smallest chunk, whatever the payloads.
const billing = (durationMs: number): JsonObject => ({
  billedDurationInMilliseconds: Math.max(1, Math.ceil(durationMs / 100)) * 100,
  billedMemoryUsedInMB: 64,
});
