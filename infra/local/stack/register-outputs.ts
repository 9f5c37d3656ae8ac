import { describeStacks } from "../cloudformation/describe-stacks.ts";
import { foundLocally } from "./found-locally.ts";
import type { Ground } from "./ground.ts";

/** Lets CloudFormation tell the stack's outputs. */
export const registerOutputs = (ground: Ground): void => {
  const { identity, declared, endpoint } = ground;
  const { region, accountId, stackName } = identity;
  const outputs = [...declared.outputs()].map(
    ([key, value]) => [key, foundLocally(value, ground)] as const,
  );
  endpoint.register(
    describeStacks({
      name: stackName,
      arn: `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/local`,
      startedMs: Date.now(),
      outputs: new Map(outputs),
    }),
  );
};
