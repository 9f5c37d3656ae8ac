import {
  CloudFormationClient,
  DescribeStacksCommand,
  type Stack,
} from "@aws-sdk/client-cloudformation";
import type { ClientOptions } from "../devices/stack-outputs.ts";

/** A stack as CloudFormation describes it; undefined where there is none. @throws what the SDK gives for any other answer */
export const stackThere = async (
  options: ClientOptions,
  stackName: string,
): Promise<Stack | undefined> => {
  const client = new CloudFormationClient(options);
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    return Stacks[0];
  } catch (error) {
    // CloudFormation has no code of its own for it.
    if (error instanceof Error && /does not exist/.test(error.message)) return undefined;
    throw error;
  } finally {
    client.destroy();
  }
};
