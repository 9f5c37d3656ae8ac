import { requestedScopes } from "../oauth/requested-scopes.ts";
import type { ClientCheck } from "./authorize-request.ts";

const NEED_OPENID = ["email", "phone", "profile"];

/**
 * Every scope must be allowed to the client, or it gets nothing at all: this is where a client fails
 * that asks for everything in `scopes_supported`.
 */
export const checkScope: ClientCheck = ({ client, parameters }) => {
  const scopes = requestedScopes(parameters.get("scope"), client.scopes);
  const refused =
    scopes === undefined ||
    scopes.length === 0 ||
    (NEED_OPENID.some((scope) => scopes.includes(scope)) && !scopes.includes("openid"));
  return refused ? { error: "invalid_request", description: "invalid_scope" } : undefined;
};
