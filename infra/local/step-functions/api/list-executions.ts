// https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html
import { AwsError } from "#local/wire/aws-service.ts";
import { requireArnKind } from "../values/arns.ts";
import { optionalWord, page, requiredText, timestamp } from "../values/request-input.ts";
import type { StepFunctionsOperation } from "./operation.ts";

const STATUSES = [
  "RUNNING",
  "SUCCEEDED",
  "FAILED",
  "TIMED_OUT",
  "ABORTED",
  "PENDING_REDRIVE",
] as const;

/** ListExecutions, of a Standard machine, the latest first. */
export const listExecutions: StepFunctionsOperation = {
  name: "ListExecutions",
  understand: (input, { store }) => {
    const arn = requiredText(input, "stateMachineArn");
    return {
      permissions: [{ action: "states:ListExecutions", resource: arn }],
      carryOut: () => {
        requireArnKind(arn, "stateMachine");
        const wanted = optionalWord(input, "statusFilter", STATUSES);
        if (store.get(arn).type === "EXPRESS") {
          throw new AwsError(
            "StateMachineTypeNotSupported",
            "This operation is not supported by this type of state machine",
          );
        }
        const all = store
          .executionsOf(arn)
          .filter(
            ({ outcome }) => wanted === undefined || (outcome?.status ?? "RUNNING") === wanted,
          );
        const { items, next } = page(all, input);
        return {
          executions: items.map(({ arn: executionArn, name, outcome, startedAtMs }) => ({
            executionArn,
            name,
            redriveCount: 0,
            startDate: timestamp(startedAtMs),
            stateMachineArn: arn,
            status: outcome?.status ?? "RUNNING",
            ...(outcome === undefined ? {} : { stopDate: timestamp(outcome.stoppedAtMs) }),
          })),
          ...(next === undefined ? {} : { nextToken: next }),
        };
      },
    };
  },
};
