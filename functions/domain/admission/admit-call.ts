import { type Caller, fullScope, mayUse } from "#domain/access/caller.ts";
import type { InterceptedRequest } from "#domain/access/interceptor.ts";
import { scopesOfGroups } from "#domain/access/scopes-of-groups.ts";
import type { Json } from "#domain/json.ts";
import { EVERY_TOOL } from "#domain/tools/every-tool.ts";
import type { Tool } from "#domain/tools/tool.ts";
import { type Gateway, isMeantForGateway } from "./is-meant-for-gateway.ts";

/** A call that goes no further than the gateway, and what its client is answered. */
export interface CallRefusal {
  /** What the audit calls it; absent where nobody knows who calls. */
  readonly code?: "InsufficientScope" | "NotAllowed" | "TokenForAnother";
  /** The tool that was called, if one was. */
  readonly tool?: string;
  readonly response: {
    readonly statusCode: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Json;
  };
}

/**
 * Lets a request through, with who calls, or says why not. Decided from the request alone, so that the RESPONSE
 * interceptor, which is not told what the REQUEST interceptor answered, comes to the same.
 */
export const admitCall = (
  request: InterceptedRequest,
  gateway: Gateway,
): { readonly caller: Caller } | CallRefusal => {
  const { caller } = request;
  if (caller === undefined) {
    return {
      response: challenge(request, 403, "insufficient_scope", "The token names no caller."),
    };
  }
  const tool =
    request.method === "tools/call"
      ? EVERY_TOOL.find(({ name }) => name === request.tool)
      : undefined;
  if (!isMeantForGateway(request, gateway)) {
    return {
      code: "TokenForAnother",
      ...(tool === undefined ? {} : { tool: tool.name }),
      response: challenge(request, 401, "invalid_token", "The token is meant for another server."),
    };
  }
  if (tool === undefined || mayUse(caller, tool.scope)) return { caller };
  return refusedScope(request, caller, tool);
};

// A client that is told 403 signs its person in again. That helps who asked for too little, and nobody whose groups give
// no more.
const refusedScope = (
  request: InterceptedRequest,
  caller: Caller,
  { name, scope }: Tool,
): CallRefusal => {
  if (canNeverUse(request, caller, scope)) {
    const text = `${caller.scopes.includes("read") ? "A guest may look, not switch." : `None of your groups may use ${name}.`} Nothing was changed.`;
    const error = { code: "NotAllowed", message: text };
    return {
      code: "NotAllowed",
      tool: name,
      response: {
        statusCode: 200,
        headers: {},
        body: {
          jsonrpc: "2.0",
          id: request.id,
          result: {
            content: [{ type: "text", text: JSON.stringify({ error }) }],
            structuredContent: { error },
            isError: true,
          },
        },
      },
    };
  }
  const why = `insufficient scope: ${name} needs ${fullScope(scope)}`;
  return {
    code: "InsufficientScope",
    tool: name,
    response: challenge(request, 403, "insufficient_scope", why),
  };
};

// A token that names no group says nothing about what its person could have.
const canNeverUse = (
  { groups = [] }: InterceptedRequest,
  caller: Caller,
  scope: Tool["scope"],
): boolean => groups.length > 0 && !mayUse({ ...caller, scopes: scopesOfGroups(groups) }, scope);

// Both scopes, because a client that steps up asks for exactly what the challenge names, and would lose `read`.
// (RFC 6750 §3.1; MCP 2025-11-25 authorization, "Scope challenge handling")
const challenge = (
  { id }: InterceptedRequest,
  statusCode: 401 | 403,
  error: "invalid_token" | "insufficient_scope",
  message: string,
): CallRefusal["response"] => ({
  statusCode,
  headers: {
    "WWW-Authenticate": `Bearer error="${error}", scope="${fullScope("read")} ${fullScope("write")}"`,
  },
  body: { jsonrpc: "2.0", id, error: { code: -32003, message } },
});
