import { requiredVariable } from "#adapters/environment.ts";
import { logger, observed } from "#adapters/observed.ts";
import { type Caller, callerHeaders, fullScope, mayUse } from "#domain/access/caller.ts";
import { type InterceptedRequest, parseInterceptedRequest } from "#domain/access/interceptor.ts";
import { EVERY_TOOL } from "#domain/tools/every-tool.ts";

const auditTableName = requiredVariable("AUDIT_TABLE_NAME");

/**
 * The gateway's REQUEST interceptor: lets a tool be called only with the scope that it needs, and tells the target
 * who calls, in headers that it always sets itself, whatever the client sent under these names.
 */
export const handler = observed(async (event): Promise<unknown> => {
  const request = parseInterceptedRequest(event);
  const { caller } = request;
  if (caller === undefined) return denial(request, "The token names no caller.");
  const tool = request.method === "tools/call" ? toolOf(request) : undefined;
  if (tool !== undefined && !mayUse(caller, tool.scope)) {
    logger.info("A call was denied", { tool: tool.name, sub: caller.sub });
    await recordDenial(caller, tool.name);
    return denial(request, `insufficient scope: ${tool.name} needs ${fullScope(tool.scope)}`);
  }
  return {
    interceptorOutputVersion: "1.0",
    mcp: { transformedGatewayRequest: { headers: callerHeaders(caller), body: request.body } },
  };
});

// Loaded for a denial alone: every call comes through here, and none that passes pays for a client of DynamoDB.
const recordDenial = async (caller: Caller, tool: string): Promise<void> => {
  const { recordRefusal } = await import("#adapters/record-refusal.ts");
  const at = new Date().toISOString();
  await recordRefusal(auditTableName, caller, { tool, code: "InsufficientScope", at });
};

const toolOf = (request: InterceptedRequest) =>
  EVERY_TOOL.find((tool) => tool.name === request.tool);

// Both scopes, because a client that steps up asks for exactly what the challenge names, and would lose `read`.
// (RFC 6750 §3.1; MCP 2025-11-25 authorization, "Scope challenge handling")
const CHALLENGE = `Bearer error="insufficient_scope", scope="${fullScope("read")} ${fullScope("write")}"`;

const denial = (request: InterceptedRequest, message: string) => ({
  interceptorOutputVersion: "1.0",
  mcp: {
    transformedGatewayResponse: {
      statusCode: 403,
      headers: { "WWW-Authenticate": CHALLENGE },
      body: { jsonrpc: "2.0", id: request.id, error: { code: -32003, message } },
    },
  },
});
