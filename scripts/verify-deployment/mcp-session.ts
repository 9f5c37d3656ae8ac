import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { isObject } from "#domain/json.ts";
import { Fault } from "./finding.ts";

/** An answer of the gateway as the SDK's transport got it. */
export interface SeenAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly challenge?: string;
}

/** A session of the official MCP client, every answer's header seen. */
export interface McpSession {
  readonly server: string;
  readonly protocolVersion: string;
  readonly tools: readonly string[];
  readonly seen: readonly SeenAnswer[];
  /** Calls a tool. @throws Fault when the answer is none */
  call(tool: string, args: Readonly<Record<string, unknown>>): Promise<ToolReply>;
  close(): Promise<void>;
}

/** What a tool answered. */
export interface ToolReply {
  readonly isError: boolean;
  readonly answer: Readonly<Record<string, unknown>>;
}

/** Opens a session and lists the tools. @throws Error as the SDK tells it */
export const openMcpSession = async (url: string, token: string): Promise<McpSession> => {
  const seen: SeenAnswer[] = [];
  const client = new Client({ name: "smarthome-verify-deployment", version: "1" });
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers: { authorization: `Bearer ${token}` } },
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      const challenge = response.headers.get("www-authenticate");
      seen.push({
        status: response.status,
        contentType: response.headers.get("content-type") ?? "",
        ...(challenge === null ? {} : { challenge }),
      });
      return response;
    },
  });
  await client.connect(transport);
  const { tools } = await client.listTools();
  return {
    server: client.getServerVersion()?.name ?? "",
    protocolVersion: transport.protocolVersion ?? "",
    tools: tools.map(({ name }) => name),
    seen,
    call: async (tool, args) => {
      const result = await client.callTool({ name: tool, arguments: args });
      const { structuredContent: answer } = result;
      if (isObject(answer)) return { isError: result.isError === true, answer };
      throw new Fault(
        "ToolFailed",
        `The function behind ${tool} failed: ${textOf(result.content)}`,
        "Its log says why. A permission that is missing is named there; the gateway's role must be allowed to invoke it.",
      );
    },
    close: () => client.close(),
  };
};

const textOf = (content: unknown): string => {
  const first: unknown = Array.isArray(content) ? content[0] : undefined;
  return isObject(first) && typeof first.text === "string"
    ? first.text.slice(0, 300)
    : "it said nothing.";
};
