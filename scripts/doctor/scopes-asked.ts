import type { Walk } from "./diagnosis.ts";

/** The scopes that Claude asks a person's sign-in for, and where it has them from. */
export interface ScopesAsked {
  readonly scopes: readonly string[] | undefined;
  readonly from: "challenge" | "resource metadata" | "authorization server" | "nowhere";
}

/**
 * The challenge's, else the metadata's, else (not in the standard, but what Claude, mcp-remote and the Python SDK do)
 * everything that the authorization server lists. An empty list in the metadata means: none.
 */
export const scopesAsked = ({ challenge, resource, server }: Walk): ScopesAsked => {
  if (challenge?.scopes !== undefined) {
    return { scopes: withOffline(challenge.scopes, server?.scopes), from: "challenge" };
  }
  if (resource?.scopes !== undefined) {
    return resource.scopes.length === 0
      ? { scopes: undefined, from: "nowhere" }
      : { scopes: withOffline(resource.scopes, server?.scopes), from: "resource metadata" };
  }
  return server?.scopes === undefined || server.scopes.length === 0
    ? { scopes: undefined, from: "nowhere" }
    : { scopes: server.scopes, from: "authorization server" };
};

// Claude adds it where the authorization server lists it; Cognito never does.
const withOffline = (
  scopes: readonly string[],
  listed: readonly string[] | undefined,
): readonly string[] =>
  listed?.includes("offline_access") === true && !scopes.includes("offline_access")
    ? [...scopes, "offline_access"]
    : scopes;
