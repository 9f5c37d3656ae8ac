import { isObject, type Json } from "#domain/json.ts";
import {
  audienceOfVerifiedToken,
  callerOfVerifiedToken,
  groupsOfVerifiedToken,
} from "./access-token.ts";
import type { Caller } from "./caller.ts";

// Payloads of AgentCore Gateway's interceptors
// (https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-interceptors-types.html).

/** What an interceptor is told about a request, read and checked. */
export interface InterceptedRequest {
  readonly caller: Caller | undefined;
  /** Groups of the user pool that the token names. */
  readonly groups?: readonly string[];
  /** Whom the token is meant for; absent where it does not say. */
  readonly audience?: readonly string[];
  /** The name that the client used for the gateway, where headers are passed with it. */
  readonly host?: string;
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
  const header = (wanted: string): unknown =>
    Object.entries(headers).find(([name]) => name.toLowerCase() === wanted)?.[1];
  const authorization = header("authorization");
  const host = header("host");
  const token =
    typeof authorization === "string" ? /^Bearer +(\S+)$/i.exec(authorization)?.[1] : undefined;
  const body = request.body;
  const rpc = isObject(body) ? body : {};
  const params = isObject(rpc.params) ? rpc.params : {};
  const name = typeof params.name === "string" ? params.name : undefined;
  const groups = token === undefined ? [] : groupsOfVerifiedToken(token);
  const audience = token === undefined ? [] : audienceOfVerifiedToken(token);
  return {
    caller: token === undefined ? undefined : callerOfVerifiedToken(token),
    ...(groups.length === 0 ? {} : { groups }),
    ...(audience.length === 0 ? {} : { audience }),
    ...(typeof host === "string" ? { host } : {}),
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
