import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  waitUntilStackDeleteComplete,
} from "@aws-sdk/client-cloudformation";
import { Problem } from "../command/problem.ts";
import type { Registry } from "../devices/registry.ts";

// A user pool's domain and a gateway take minutes, and everything else is faster.
const LONGEST_SECONDS = 1800;

/**
 * Has CloudFormation delete a stack, and waits for the end of it.
 * @throws Problem naming what could not be deleted, and why
 */
export const deleteStack = async ({
  clientOptions,
  stackName,
}: Pick<Registry, "clientOptions" | "stackName">): Promise<"deleted" | "of a house"> => {
  const client = new CloudFormationClient(clientOptions);
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    // A stack that is deleted is found by its id alone.
    const StackName = Stacks[0]?.StackId ?? stackName;
    await client.send(new DeleteStackCommand({ StackName }));
    const { state } = await waitUntilStackDeleteComplete(
      { client, maxWaitTime: LONGEST_SECONDS },
      { StackName },
    ).catch(() => ({ state: "FAILURE" }));
    if (state === "SUCCESS") return "deleted";
    const { StackResources = [] } = await client.send(
      new DescribeStackResourcesCommand({ StackName }),
    );
    const failed = StackResources.filter(({ ResourceStatus }) => ResourceStatus === "DELETE_FAILED")
      .map((one) => `${one.LogicalResourceId}: ${one.ResourceStatusReason ?? "no reason is told"}`)
      .join("\n  ");
    throw new Problem(
      `${stackName} could not be deleted, or is not yet. Mend that and give the same command again.\n  ${failed || "No resource says why: look at its events in CloudFormation."}`,
    );
  } catch (error) {
    if (error instanceof Error && error.name === "NotEmulated") return "of a house";
    throw error;
  } finally {
    client.destroy();
  }
};
