import {
  BedrockAgentCoreControlClient,
  paginateListGateways,
} from "@aws-sdk/client-bedrock-agentcore-control";
import type { ClientOptions } from "../devices/stack-outputs.ts";

/** The names of all gateways of the account in the region. */
export const gatewayNames = async (options: ClientOptions): Promise<readonly string[]> => {
  const client = new BedrockAgentCoreControlClient(options);
  const names: string[] = [];
  try {
    for await (const { items = [] } of paginateListGateways({ client }, {})) {
      names.push(...items.map(({ name = "" }) => name));
    }
    return names;
  } finally {
    client.destroy();
  }
};
