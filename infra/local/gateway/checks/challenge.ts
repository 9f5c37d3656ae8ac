// RFC 6750 §3 and RFC 9728 §5.1, in the order and with the members that AgentCore prints.
import type { IncomingMessage } from "node:http";
import { type Answer, errorAnswer } from "../request/answer.ts";
import { type GatewayContext, METADATA_PATHS, originOf } from "../request/context.ts";

/** 401 for a token that is missing or bad, 403 for a good one that is not meant for this gateway. */
export const challenge = (
  gateway: GatewayContext,
  request: IncomingMessage,
  error: "invalid_token" | "insufficient_scope",
): Answer => {
  const scopes = gateway.configuration.authorizer.advertisedScopes;
  const parts = [
    `error="${error}"`,
    ...(scopes === undefined ? [] : [`scope="${scopes.join(" ")}"`]),
    `resource_metadata="${originOf(request)}${METADATA_PATHS[0]}"`,
  ];
  const [status, message] =
    error === "invalid_token" ? [401, "Invalid Bearer token"] : [403, "Insufficient scope"];
  return errorAnswer(null, { code: -32_001, message }, status, {
    "www-authenticate": `Bearer ${parts.join(", ")}`,
  });
};
