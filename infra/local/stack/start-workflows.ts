import { createStepFunctions } from "../step-functions/step-functions.ts";
import type { Ground } from "./ground.ts";

/** Starts Step Functions; no state machine is in it yet. */
export const startWorkflows = (
  { identity, endpoint, logDirectory }: Ground,
  options: { readonly deliverAsyncStartsTwice: boolean },
): ReturnType<typeof createStepFunctions> => {
  const stepFunctions = createStepFunctions({
    region: identity.region,
    accountId: identity.accountId,
    access: endpoint.roleOf("states.amazonaws.com"),
    logDirectory,
    deliverAsyncStartsTwice: options.deliverAsyncStartsTwice,
  });
  endpoint.register(stepFunctions.service);
  return stepFunctions;
};
