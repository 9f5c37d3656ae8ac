// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StopExecution.html
import { requireArnKind } from "../values/arns.ts";
import { optionalText, requiredText, timestamp } from "../values/request-input.ts";
import type { Operation } from "./operation.ts";

/** StopExecution, of a Standard execution: an Express one cannot be stopped. */
export const stopExecution: Operation = {
  permissions: (input) => [
    { action: "states:StopExecution", resource: requiredText(input, "executionArn") },
  ],
  run: async (input, { store }) => {
    const arn = requiredText(input, "executionArn");
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
