import { randomUUID } from "node:crypto";
import type { Target } from "../configuration/configuration.ts";
import type { Intercepted } from "../interceptors/intercept-request.ts";
import type { Arrived, GatewayContext } from "../request/context.ts";

/** What a Lambda target finds in `context.clientContext`: which tool, and the headers it is allowed to see. */
export const clientContext = (
  gateway: GatewayContext,
  target: Target,
  toolName: string,
  intercepted: Intercepted,
  arrived: Arrived,
): { readonly custom: Readonly<Record<string, unknown>> } => {
  const headers = propagatedHeaders(target, intercepted, arrived);
  return {
    custom: {
      bedrockAgentCoreMessageVersion: "1.0",
      bedrockAgentCoreAwsRequestId: randomUUID(),
      bedrockAgentCoreMcpMessageId: String(intercepted.message.id),
      bedrockAgentCoreGatewayId: gateway.gatewayId,
      bedrockAgentCoreTargetId: target.targetId,
      bedrockAgentCoreToolName: toolName,
      ...(headers === undefined ? {} : { bedrockAgentCorePropagatedHeaders: headers }),
    },
  };
};

// "Values up to 4 KB of printable ASCII".
const PASSABLE = /^[\x20-\x7E]{1,4096}$/;

// For Lambda targets headers have been seen to arrive only where a REQUEST interceptor with
// PassRequestHeaders is set. What it returns then overrides what the client sent; a header of the
// client's that it does not return still goes through, so it must overwrite those that say who calls.
const propagatedHeaders = (
  target: Target,
  { headers }: Intercepted,
  { request }: Arrived,
): Record<string, string> | undefined => {
  if (headers === undefined || target.allowedRequestHeaders.length === 0) return undefined;
  return Object.fromEntries(
    target.allowedRequestHeaders.flatMap((name) => {
      const sent = request.headers[name];
      const value = headers.get(name) ?? (Array.isArray(sent) ? sent.join(", ") : sent);
      return value !== undefined && PASSABLE.test(value) ? [[name, value]] : [];
    }),
  );
};
