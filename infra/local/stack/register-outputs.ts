import { describeStacks } from "../cloudformation/describe-stacks.ts";
import type { Ground } from "./ground.ts";

/** Lets CloudFormation tell the stack's outputs. */
export const registerOutputs = ({ identity, declared, endpoint }: Ground): void => {
  const { region, accountId, stackName } = identity;
  endpoint.register(
    describeStacks({
      name: stackName,
      arn: `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/local`,
      startedMs: Date.now(),
      outputs: declared.outputs(),
    }),
  );
};
