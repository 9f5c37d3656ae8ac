import { unreachable } from "./check-connection.ts";
import type { Check, Finding } from "./diagnosis.ts";
import type { Exchange } from "./exchange.ts";
import { type AuthorizationServer, parseAuthorizationServer } from "./what-was-learned.ts";

/** The sign-in server's own metadata, in its three places; it is the issuer that was named, and has its endpoints. */
export const checkServerMetadata: Check = async (walk) => {
  // Claude reads the first entry only.
  const [issuer] = walk.resource?.authorizationServers ?? [];
  if (issuer === undefined) return [];
  if (!URL.canParse(issuer)) {
    return [missing(issuer, `authorization_servers names "${issuer}", which is no URL.`)];
  }
  let last: Exchange | undefined;
  for (const url of metadataAddresses(issuer)) {
    last = await walk.send({ method: "GET", url, headers: { accept: "application/json" } });
    if (last.response === undefined) return [unreachable(new URL(issuer).hostname, last)];
    const server =
      last.response.status === 200
        ? parseAuthorizationServer(issuer, last.response.body, last.response.clockAheadMs)
        : undefined;
    if (server === undefined) continue;
    walk.server = server;
    return judge(issuer, server, last);
  }
  return [missing(issuer, `${issuer} has no metadata in any of the three places.`, last)];
};

/** PKCE with S256 is advertised. A client may refuse a server that does not say so. (MCP authorization) */
export const checkPkce: Check = async ({ server }) => {
  if (server === undefined) return [];
  if (server.pkceMethods?.includes("S256") === true) {
    return [{ code: "PkceAdvertised", status: "ok", summary: "PKCE with S256 is advertised." }];
  }
  if (server.pkceMethods !== undefined) {
    return [
      {
        code: "PkceWithoutS256",
        status: "failure",
        summary: `The sign-in server says that it takes only ${server.pkceMethods.join(", ") || "no"} PKCE; clients use S256 and give up.`,
        fix: `Switch S256 on at ${server.issuer}, and list it in code_challenge_methods_supported.`,
      },
    ];
  }
  return [
    {
      code: "PkceNotAdvertised",
      status: "warning",
      summary: server.isCognito
        ? "code_challenge_methods_supported is missing. That is Cognito's own gap: it takes S256 and does not say so. Claude, mcp-remote, the Inspector and the MCP SDKs go on; a strict client refuses with “does not support code challenge method S256”."
        : "code_challenge_methods_supported is missing (not Cognito, which is known for it). Lenient clients go on; a strict one refuses.",
      fix: server.isCognito
        ? 'Nothing, unless a strict client must connect: then put a small façade in front that serves the same metadata with "code_challenge_methods_supported":["S256"].'
        : `Let ${server.issuer} say "code_challenge_methods_supported":["S256"].`,
    },
  ];
};

// RFC 8414 §3.1 and OpenID Connect Discovery §4; Cognito serves the last of the three alone.
const metadataAddresses = (issuer: string): readonly string[] => {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, "");
  return [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}/.well-known/openid-configuration${path}`,
    ...(path === "" ? [] : [`${origin}${path}/.well-known/openid-configuration`]),
  ];
};

const judge = (
  named: string,
  server: AuthorizationServer,
  exchange: Exchange,
): readonly Finding[] => {
  const found: Finding[] = [];
  if (!server.isTrusted) {
    found.push({
      code: "IssuerMismatch",
      status: "failure",
      summary: `The metadata calls itself ${server.issuer}, the gateway names ${named}. Clients must not use it, and no secret is sent there.`,
      fix: `Write ${server.issuer} into authorization_servers of the gateway (on AgentCore: the discoveryUrl), or let the document say ${named}; a slash at the end counts.`,
      exchange,
    });
  }
  const lacking = [
    ...(server.authorizationEndpoint === undefined ? ["authorization_endpoint"] : []),
    ...(server.tokenEndpoint === undefined ? ["token_endpoint"] : []),
  ];
  if (lacking.length > 0) {
    found.push({
      code: "EndpointsMissing",
      status: "failure",
      summary: `The metadata of ${server.issuer} lacks ${lacking.join(" and ")}.`,
      fix: `Add ${lacking.join(" and ")}. Cognito lists them when the user pool has a domain.`,
      exchange,
    });
  }
  return found.length > 0
    ? found
    : [
        {
          code: "ServerMetadataFound",
          status: "ok",
          summary: `${server.isCognito ? "Cognito" : "The sign-in server (not Cognito)"} is who it should be: ${server.issuer}.`,
          exchange,
        },
      ];
};

const missing = (issuer: string, summary: string, exchange?: Exchange): Finding => ({
  code: "ServerMetadataMissing",
  status: "failure",
  summary,
  fix: `Check the issuer in authorization_servers: ${issuer}. For Cognito it is https://cognito-idp.<region>.amazonaws.com/<pool id>, not the sign-in domain.`,
  ...(exchange === undefined ? {} : { exchange }),
});
