// https://docs.aws.amazon.com/step-functions/latest/apireference/API_DeleteStateMachine.html
import { requireArnKind } from "../values/arns.ts";
import { requiredText } from "../values/request-input.ts";
import type { StepFunctionsOperation } from "./operation.ts";

/** DeleteStateMachine: running executions go on. A machine that is not there is deleted already. */
export const deleteStateMachine: StepFunctionsOperation = {
  name: "DeleteStateMachine",
  understand: (input, { store }) => {
    const arn = requiredText(input, "stateMachineArn");
    return {
      permissions: [{ action: "states:DeleteStateMachine", resource: arn }],
      carryOut: () => {
        requireArnKind(arn, "stateMachine");
        store.remove(arn);
        return {};
      },
    };
  },
};
