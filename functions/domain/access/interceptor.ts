import { isObject, type Json } from "#domain/json.ts";
import { callerOfVerifiedToken, groupsOfVerifiedToken } from "./access-token.ts";
import type { Caller } from "./caller.ts";

// Payloads of AgentCore Gateway's interceptors
// (https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-interceptors-types.html).

/** What an interceptor is told about a request, read and checked. */
export interface InterceptedRequest {
  readonly caller: Caller | undefined;
  /** Groups of the user pool that the token names. */
  readonly groups?: readonly string[];
  /** JSON-RPC method, e.g. `tools/call`; absent in what is not a JSON-RPC request. */
  readonly method?: string;
  readonly id: Json;
  /** Tool that is called, without the target's name. */
  readonly tool?: string;
  readonly body: unknown;
}

/** Reads `mcp.gatewayRequest`. Header names are compared without regard to case. */
export const parseInterceptedRequest = (event: unknown): InterceptedRequest => {
  const mcp = isObject(event) && isObject(event.mcp) ? event.mcp : {};
  const request = isObject(mcp.gatewayRequest) ? mcp.gatewayRequest : {};
  const headers = isObject(request.headers) ? request.headers : {};
  const authorization = Object.entries(headers).find(
    ([name]) => name.toLowerCase() === "authorization",
  )?.[1];
  const token =
    typeof authorization === "string" ? /^Bearer +(\S+)$/i.exec(authorization)?.[1] : undefined;
  const body = request.body;
  const rpc = isObject(body) ? body : {};
  const params = isObject(rpc.params) ? rpc.params : {};
  const name = typeof params.name === "string" ? params.name : undefined;
  const groups = token === undefined ? [] : groupsOfVerifiedToken(token);
  return {
    caller: token === undefined ? undefined : callerOfVerifiedToken(token),
    ...(groups.length === 0 ? {} : { groups }),
    ...(typeof rpc.method === "string" ? { method: rpc.method } : {}),
    id: typeof rpc.id === "string" || typeof rpc.id === "number" ? rpc.id : null,
    ...(name === undefined ? {} : { tool: toolOf(name) }),
    body,
  };
};

/** `run_scene` of `home___run_scene`. */
export const toolOf = (qualifiedName: string): string => {
  const at = qualifiedName.indexOf("___");
  return at === -1 ? qualifiedName : qualifiedName.slice(at + 3);
};
