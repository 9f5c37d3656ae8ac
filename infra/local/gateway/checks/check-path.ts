import { type Answer, jsonAnswer } from "../request/answer.ts";
import { type Check, MCP_PATH, pathOf } from "../request/context.ts";

// What AgentCore answers where it has nothing: it serves no authorization-server metadata and no /register.
const UNKNOWN_GET: Answer = {
  status: 404,
  headers: { "content-type": "application/xml" },
  body: "<UnknownOperationException/>",
};

/** Only /mcp, to the letter: nothing is decoded or normalised. */
export const checkPath: Check = (_gateway, request) => {
  if (pathOf(request) === MCP_PATH) return undefined;
  if (request.method === "GET") return UNKNOWN_GET;
  const type = "com.amazon.coral.service#UnknownOperationException";
  return jsonAnswer(404, { Output: { __type: type }, Version: "1.0" });
};
