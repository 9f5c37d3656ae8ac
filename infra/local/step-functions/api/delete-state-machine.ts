// https://docs.aws.amazon.com/step-functions/latest/apireference/API_DeleteStateMachine.html
import { requireArnKind } from "../values/arns.ts";
import { requiredText } from "../values/request-input.ts";
import type { Operation } from "./operation.ts";

/** DeleteStateMachine: running executions go on. A machine that is not there is deleted already. */
export const deleteStateMachine: Operation = {
  permissions: (input) => [
    { action: "states:DeleteStateMachine", resource: requiredText(input, "stateMachineArn") },
  ],
  run: (input, { store }) => {
    const arn = requiredText(input, "stateMachineArn");
    requireArnKind(arn, "stateMachine");
    store.remove(arn);
    return {};
  },
};
