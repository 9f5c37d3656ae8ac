import { errorAnswer } from "../request/answer.ts";
import type { MessageCheck } from "../request/context.ts";

// MCP: a request without the header is one of this version.
const UNSAID = "2025-03-26";

/** Refuses a protocol version that the gateway does not list, with the list. */
export const checkProtocolVersion: MessageCheck = (gateway, { request, message }) => {
  const header = request.headers["mcp-protocol-version"];
  const requested = header === undefined ? UNSAID : String(header);
  const supported = gateway.configuration.supportedVersions;
  if (supported.includes(requested)) return undefined;
  const text = `Unsupported protocol version: ${JSON.stringify(requested)}`;
  const error = { code: -32_022, message: text, data: { supported, requested } };
  return errorAnswer(message.id, error, 400);
};
