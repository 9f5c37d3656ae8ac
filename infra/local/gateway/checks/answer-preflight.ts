import { type Check, MCP_PATH, METADATA_PATHS, pathOf } from "../request/context.ts";

/** CORS preflight for clients in a browser page, such as the MCP Inspector's. Before the token: a preflight carries none. */
export const answerPreflight: Check = (_gateway, request) => {
  if (request.method !== "OPTIONS") return undefined;
  const path = pathOf(request);
  if (path !== MCP_PATH && !METADATA_PATHS.includes(path)) return undefined;
  return {
    status: 204,
    headers: {
      "access-control-allow-methods": "GET, POST, OPTIONS",
      "access-control-allow-headers":
        "authorization, content-type, accept, mcp-protocol-version, mcp-session-id, mcp-method, mcp-name, last-event-id",
      "access-control-max-age": "600",
    },
    body: "",
  };
};
