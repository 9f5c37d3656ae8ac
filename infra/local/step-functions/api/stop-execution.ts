// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StopExecution.html
import { requireArnKind } from "../values/arns.ts";
import { optionalText, requiredText, timestamp } from "../values/request-input.ts";
import type { StepFunctionsOperation } from "./operation.ts";

/** StopExecution, of a Standard execution: an Express one cannot be stopped. */
export const stopExecution: StepFunctionsOperation = {
  name: "StopExecution",
  understand: (input, { store }) => {
    const arn = requiredText(input, "executionArn");
    return {
      permissions: [{ action: "states:StopExecution", resource: arn }],
      carryOut: async () => {
        requireArnKind(arn, "execution");
        const error = optionalText(input, "error");
        const cause = optionalText(input, "cause");
        const { running } = store.execution(arn);
        running.stop({
          ...(error === undefined ? {} : { error }),
          ...(cause === undefined ? {} : { cause }),
        });
        const outcome = await running.outcome;
        return { stopDate: timestamp(outcome.stoppedAtMs) };
      },
    };
  },
};
