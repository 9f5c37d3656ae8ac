import type { Exchange, HttpRequest } from "./exchange.ts";
import { parseObject } from "./what-was-learned.ts";

/** The version that Claude's connector asks for. */
const PROTOCOL_VERSION = "2025-11-25";

/** A JSON-RPC request to an MCP server over streamable HTTP. */
export const mcpRequest = (
  url: string,
  message: { readonly id?: number; readonly method: string; readonly params?: unknown },
  more: { readonly token?: string; readonly session?: string; readonly version?: string } = {},
): HttpRequest => ({
  method: "POST",
  url,
  headers: {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    ...(more.token === undefined ? {} : { authorization: `Bearer ${more.token}` }),
    ...(more.session === undefined ? {} : { "mcp-session-id": more.session }),
    ...(more.version === undefined ? {} : { "mcp-protocol-version": more.version }),
  },
  body: JSON.stringify({ jsonrpc: "2.0", ...message }),
});

/** What a client says first. */
export const INITIALIZE = {
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: PROTOCOL_VERSION,
    capabilities: {},
    clientInfo: { name: "smarthome-doctor", version: "1" },
  },
} as const;

/** The `result` of an answer, JSON or event stream; nothing when it is an error or no answer at all. */
export const mcpResult = ({
  response,
}: Exchange): Readonly<Record<string, unknown>> | undefined => {
  if (response === undefined || response.status !== 200) return undefined;
  const texts = (response.headers["content-type"] ?? "").includes("text/event-stream")
    ? [...response.body.matchAll(/^data:\s?(.*)$/gm)].map(([, text = ""]) => text)
    : [response.body];
  for (const text of texts) {
    const result = parseObject(text)?.result;
    if (typeof result === "object" && result !== null) return { ...result };
  }
  return undefined;
};
