// https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachineForExecution.html
import { requireArnKind } from "../values/arns.ts";
import { requiredText, timestamp } from "../values/request-input.ts";
import { stateMachineShape } from "./describe-state-machine.ts";
import type { Operation } from "./operation.ts";

/** DescribeStateMachineForExecution: the machine as it was when the execution was started. */
export const describeStateMachineForExecution: Operation = {
  permissions: (input) => [
    {
      action: "states:DescribeStateMachineForExecution",
      resource: requiredText(input, "executionArn"),
    },
  ],
  run: (input, { store }) => {
    const arn = requiredText(input, "executionArn");
    requireArnKind(arn, "execution");
    const { stateMachine } = store.execution(arn);
    return {
      ...stateMachineShape(stateMachine),
      updateDate: timestamp(stateMachine.createdAtMs),
    };
  },
};
