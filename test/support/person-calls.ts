import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import type { Endpoints } from "../../scripts/command/endpoints.ts";
import { personOf } from "./person.ts";

type Item = Readonly<Record<string, unknown>>;

/** Calls of somebody of the house, who signs in as a person does; `onTestFinished` is told how they end. */
export const callsOf = async (
  endpoints: Endpoints,
  username: string,
  onTestFinished: (close: () => Promise<void>) => void,
): Promise<(tool: string, args: Item) => Promise<Item>> => {
  const person = personOf(endpoints, username);
  const { access_token } = await person.tokens("smarthome-gateway/read smarthome-gateway/write");
  const client = new Client({ name: "test", version: "1" });
  onTestFinished(() => client.close());
  await client.connect(
    new StreamableHTTPClientTransport(new URL(endpoints.gateway.url), {
      requestInit: { headers: { authorization: `Bearer ${access_token}` } },
    }),
  );
  return async (tool, args) => {
    const answer = await client.callTool({ name: `home___${tool}`, arguments: args });
    return answer.structuredContent as Item;
  };
};
