import { describeStacks } from "../cloudformation/describe-stacks.ts";
import { foundLocally } from "./found-locally.ts";
import type { Ground } from "./ground.ts";

/**
 * Lets CloudFormation tell the stack's outputs. Addresses in them are those where their services are found on this machine,
 * known as each has started.
 */
export const registerOutputs = (ground: Ground): void => {
  const { identity, declared, endpoint, addresses } = ground;
  const { region, accountId, stackName } = identity;
  endpoint.register(
    describeStacks({
      name: stackName,
      arn: `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/local`,
      startedMs: Date.now(),
      outputs: () =>
        new Map(
          [...declared.outputs()].map(
            ([key, value]) => [key, addresses.here(foundLocally(value, ground))] as const,
          ),
        ),
    }),
  );
};
