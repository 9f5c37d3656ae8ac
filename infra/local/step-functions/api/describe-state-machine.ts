// https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachine.html

import type { JsonObject } from "#local/wire/json.ts";
import { loggingShape, type StateMachine } from "../store/store.ts";
import { requireArnKind } from "../values/arns.ts";
import { requiredText, timestamp } from "../values/request-input.ts";
import type { StepFunctionsOperation } from "./operation.ts";

/** What DescribeStateMachine and DescribeStateMachineForExecution have in common. */
export const stateMachineShape = (machine: StateMachine): JsonObject => ({
  definition: machine.definition,
  encryptionConfiguration: { type: "AWS_OWNED_KEY" },
  loggingConfiguration: loggingShape(machine.logging),
  name: machine.name,
  revisionId: machine.revisionId,
  roleArn: machine.roleArn,
  stateMachineArn: machine.arn,
  tracingConfiguration: { enabled: machine.tracing },
});

/** DescribeStateMachine. */
export const describeStateMachine: StepFunctionsOperation = {
  name: "DescribeStateMachine",
  understand: (input, { store }) => {
    const arn = requiredText(input, "stateMachineArn");
    return {
      permissions: [{ action: "states:DescribeStateMachine", resource: arn }],
      carryOut: () => {
        requireArnKind(arn, "stateMachine");
        const machine = store.get(arn);
        return {
          ...stateMachineShape(machine),
          creationDate: timestamp(machine.createdAtMs),
          status: "ACTIVE",
          type: machine.type,
        };
      },
    };
  },
};
