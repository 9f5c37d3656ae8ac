// https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachineForExecution.html
import { requireArnKind } from "../values/arns.ts";
import { requiredText, timestamp } from "../values/request-input.ts";
import { stateMachineShape } from "./describe-state-machine.ts";
import type { StepFunctionsOperation } from "./operation.ts";

/** DescribeStateMachineForExecution: the machine as it was when the execution was started. */
export const describeStateMachineForExecution: StepFunctionsOperation = {
  name: "DescribeStateMachineForExecution",
  understand: (input, { store }) => {
    const arn = requiredText(input, "executionArn");
    return {
      permissions: [{ action: "states:DescribeStateMachineForExecution", resource: arn }],
      carryOut: () => {
        requireArnKind(arn, "execution");
        const { stateMachine } = store.execution(arn);
        return {
          ...stateMachineShape(stateMachine),
          updateDate: timestamp(stateMachine.createdAtMs),
        };
      },
    };
  },
};
