import type { Check, Finding, ObtainedToken, Walk } from "./diagnosis.ts";
import { INITIALIZE, mcpRequest, mcpResult } from "./mcp-request.ts";
import { parseChallenge, splitScopes } from "./what-was-learned.ts";

// What two clocks may differ before tokens are refused.
const TOLERATED_MS = 5_000;

/** What each token says of itself. */
export const checkClaims: Check = async (walk) =>
  walk.tokens.map(({ client, claims }) => {
    if (claims === undefined) {
      return {
        code: "TokenOpaque",
        status: "ok",
        summary: `The token of ${client.name} is no JWT; what it says is between the two servers.`,
      };
    }
    const shown = ["iss", "client_id", "azp", "sub", "username", "token_use", "scope", "scp", "aud"]
      .filter((name) => claims[name] !== undefined)
      .map((name) => `${name} ${JSON.stringify(claims[name])}`);
    const absent = claims.aud === undefined ? "; no aud" : "";
    if (claims.iss !== undefined && claims.iss !== walk.server?.issuer) {
      return {
        code: "TokenIssuerDiffers",
        status: "failure",
        summary: `The token of ${client.name} says iss ${JSON.stringify(claims.iss)}, the metadata ${walk.server?.issuer}.`,
        fix: `Make the sign-in server's issuer one and the same in its tokens (${JSON.stringify(claims.iss)}), in its metadata and in authorization_servers.`,
      };
    }
    return {
      code: "TokenClaims",
      status: "ok",
      summary: `The token of ${client.name}: ${shown.join(", ")}${absent}.`,
    };
  });

/** The server lets each token in; where not, which of its rules the token fails. */
export const checkTokenAccepted: Check = async (walk) => {
  const found: Finding[] = [];
  for (const token of walk.tokens) {
    const exchange = await walk.send(mcpRequest(walk.url, INITIALIZE, { token: token.value }));
    const { response } = exchange;
    if (mcpResult(exchange) !== undefined) {
      walk.kept.set(initializedKey(token), Promise.resolve(exchange));
      found.push({
        code: "TokenAccepted",
        status: "ok",
        summary: `The server lets ${token.client.name} in.`,
        exchange,
      });
    } else if (response?.status === 401 || response?.status === 403) {
      const said = parseChallenge(response.headers["www-authenticate"])?.description ?? "";
      found.push({
        ...explain(walk, token, response.status, said, response.clockAheadMs),
        status: "failure",
        exchange,
      });
    } else {
      found.push({
        code: "InitializeFailed",
        status: "failure",
        summary: `With the token of ${token.client.name} initialize is answered ${response?.status ?? exchange.trouble?.reason ?? "nothing"}, without a result.`,
        fix: `See the log of ${new URL(walk.url).host}: initialize of MCP 2025-11-25 must be answered with a JSON-RPC result.`,
        exchange,
      });
    }
  }
  return found;
};

/** Under which name the answer to a token's initialize is kept. */
export const initializedKey = (token: ObtainedToken): string =>
  JSON.stringify(["initialized", token.client.clientId, token.how]);

const explain = (
  walk: Walk,
  { client, claims = {} }: ObtainedToken,
  status: 401 | 403,
  said: string,
  clockAheadMs = 0,
): Pick<Finding, "code" | "summary" | "fix"> => {
  const begin = `The server answers ${status} to the token of ${client.name}${said === "" ? "" : ` (“${said}”)`}`;
  const theirNow = (Date.now() + clockAheadMs) / 1000;
  const slack = TOLERATED_MS / 1000;
  if (
    Number(claims.exp ?? Infinity) < theirNow - slack ||
    Number(claims.iat ?? 0) > theirNow + slack
  ) {
    return {
      code: "ClockSkew",
      summary: `${begin}: by its clock (Date) the fresh token is not valid ${Number(claims.iat ?? 0) > theirNow ? "yet" : "any more"}.`,
      fix: `Set the clocks: ${new URL(walk.url).host} and ${walk.server?.issuer} must agree to a few seconds (NTP).`,
    };
  }
  const scopes = splitScopes(claims.scope ?? claims.scp) ?? [];
  const wanted = walk.challenge?.scopes ?? walk.resource?.scopes ?? [];
  if (wanted.length > 0 && !wanted.some((scope) => scopes.includes(scope))) {
    return {
      code: "ScopeNotAllowed",
      summary: `${begin}: it wants one of ${wanted.join(", ")}, the token has ${scopes.join(", ") || "no scope"}.`,
      fix: `Allow client ${client.clientId} one of the scopes ${wanted.join(", ")} at the sign-in server, and ask for it.`,
    };
  }
  const isAboutAudience = /aud/i.test(said);
  if (isAboutAudience || (status === 401 && claims.aud === undefined)) {
    return claims.aud === undefined
      ? {
          code: "AudienceRequired",
          summary: `${begin}, and the token has no aud: Cognito's access tokens have none unless a person signed in with resource.`,
          fix: "Take allowedAudience out of the gateway's authorizer and use allowedClients instead. If it is not set, the gateway reads other keys than the token was signed with: compare its discoveryUrl with the token's iss.",
        }
      : {
          code: "AudienceDiffers",
          summary: `${begin}: the token's aud is ${JSON.stringify(claims.aud)}.`,
          fix: `Make allowedAudience, resource in the metadata and the address typed (${walk.url}) the same as aud ${JSON.stringify(claims.aud)}.`,
        };
  }
  return status === 403
    ? {
        code: "ClientNotAllowed",
        summary: `${begin}: signature, time and scopes are as they should be, the client is not let in.`,
        fix: `Add ${client.clientId} to allowedClients of the gateway's authorizer.${claims.aud === undefined ? " If it is there: take allowedAudience out, because this token has no aud." : ""} A discoveryUrl of another user pool shows itself like this too.`,
      }
    : {
        code: "TokenNotVerified",
        summary: `${begin}, though time and audience look right.`,
        fix: `Let the gateway's discoveryUrl lead to the issuer of the token, ${JSON.stringify(claims.iss ?? walk.server?.issuer)}: it verifies with other keys.`,
      };
};
