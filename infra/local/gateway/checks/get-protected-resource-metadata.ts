// RFC 9728, with the three fields that AgentCore serves.
import { jsonAnswer } from "../request/answer.ts";
import { type Check, MCP_PATH, METADATA_PATHS, originOf, pathOf } from "../request/context.ts";

/**
 * Says who signs in for this gateway and with which scopes. Without AllowedScopes there is no
 * `scopes_supported`, and some clients then ask for everything that the sign-in server knows.
 */
export const getProtectedResourceMetadata: Check = async (gateway, request) => {
  if (request.method !== "GET" || !METADATA_PATHS.includes(pathOf(request))) return undefined;
  const scopes = gateway.configuration.authorizer.advertisedScopes;
  return jsonAnswer(200, {
    authorization_servers: [await gateway.issuer.name()],
    resource: `${originOf(request)}${MCP_PATH}`,
    ...(scopes === undefined ? {} : { scopes_supported: scopes }),
  });
};
