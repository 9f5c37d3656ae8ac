import { askForMachineToken, maySendSecrets } from "./ask-for-token.ts";
import { askToAuthorize } from "./ask-to-authorize.ts";
import { unreachable } from "./check-connection.ts";
import type { Check, Client, Finding, Walk } from "./diagnosis.ts";
import { scopesAsked } from "./scopes-asked.ts";
import { claimsOf } from "./what-was-learned.ts";

/** The token endpoint knows the client and its secret; a machine client gets its token. */
export const checkSecret: Check = async (walk) => {
  const { server } = walk;
  if (server?.tokenEndpoint === undefined || walk.clients.length === 0) return [];
  if (!server.isTrusted) return [];
  if (!maySendSecrets(walk)) {
    return [
      {
        code: "TokenEndpointInsecure",
        status: "failure",
        summary: `The token endpoint ${server.tokenEndpoint} is not HTTPS: no secret is sent there, neither by Claude nor by the doctor.`,
        fix: `Serve ${server.tokenEndpoint} over HTTPS.`,
      },
    ];
  }
  const found: Finding[] = [];
  for (const client of walk.clients) found.push(await judge(walk, client));
  const methods = server.tokenAuthMethods;
  if (
    methods !== undefined &&
    !methods.includes("client_secret_post") &&
    walk.clients.some((client) => client.clientSecret !== undefined)
  ) {
    found.push({
      code: "PostAuthenticationNotOffered",
      status: "warning",
      summary: `The token endpoint offers ${methods.join(", ")}; Claude sends the secret by client_secret_post and tries nothing else.`,
      fix: `Allow client_secret_post at ${server.tokenEndpoint}.`,
    });
  }
  return found;
};

const judge = async (walk: Walk, client: Client): Promise<Finding> => {
  const answer = await askForMachineToken(walk, client);
  const endpoint = walk.server?.tokenEndpoint ?? "";
  const exchange = answer?.exchange;
  if (answer === undefined || exchange?.response === undefined) {
    return unreachable(
      new URL(endpoint).hostname,
      exchange ?? { request: { method: "POST", url: endpoint }, tookMs: 0 },
    );
  }
  if (answer.token !== undefined) {
    walk.tokens.push({
      client,
      how: "client_credentials",
      value: answer.token,
      claims: claimsOf(answer.token),
    });
    return client.use === "unknown"
      ? {
          code: "MachineClient",
          status: "warning",
          summary: `${client.name} got a token for itself. Programs use it; Claude cannot, it only signs people in.`,
          fix: "For Claude itself enter an app client with the authorization code grant and Claude's two callbacks.",
          exchange,
        }
      : { code: "TokenObtained", status: "ok", summary: `${client.name} got a token.`, exchange };
  }
  const said = answer.error ?? `HTTP ${exchange.response.status}`;
  if (said === "invalid_client") return { ...(await wrongSecret(walk, client)), exchange };
  if (said === "unauthorized_client") {
    // A person's client is refused this grant only after its secret was found right.
    return client.use === "unknown" && client.clientSecret !== undefined
      ? {
          code: "ClientCredentialsOnBrowserClient",
          status: "warning",
          summary: `${client.name} is a client for people: it may not use client_credentials (unauthorized_client). For Claude that is right.`,
          fix: "To see what the gateway makes of a token, add --sign-in, or give a machine client, which has client_credentials as its only grant.",
          exchange,
        }
      : {
          code: "SecretAccepted",
          status: "ok",
          summary: `${client.name} is known to the token endpoint${client.clientSecret === undefined ? ", without a secret" : " by its secret"}; client_credentials is not for it, which is right.`,
          exchange,
        };
  }
  if (said === "invalid_scope") {
    return {
      code: "MachineScopesRefused",
      status: "warning",
      summary: `${client.name} may not have all of the scopes that the gateway advertises (invalid_scope).`,
      fix: `Allow client ${client.clientId} the scopes ${(scopesAsked(walk).scopes ?? []).join(" and ")}: MCP clients ask for every advertised one.`,
      exchange,
    };
  }
  return {
    code: "TokenRefused",
    status: client.use === "machine" ? "failure" : "warning",
    summary: `The token endpoint answers ${client.name}: ${said}.`,
    fix: `Look up ${said} for client ${client.clientId} in the sign-in server's settings and log.`,
    exchange,
  };
};

const wrongSecret = async (walk: Walk, client: Client): Promise<Finding> => {
  const [callback = ""] = client.callbacks;
  // Whoever may send people to sign in is known: then it can only be the secret.
  const reception =
    client.use === "machine"
      ? undefined
      : await askToAuthorize(walk, client, callback, scopesAsked(walk).scopes);
  if (reception?.kind === "client_unknown") {
    return {
      code: "ClientUnknown",
      status: "failure",
      summary: `The token endpoint does not know ${client.clientId} either (invalid_client).`,
      fix: `Enter the client id of an app client of this very sign-in server instead of ${client.clientId}.`,
    };
  }
  return client.clientSecret === undefined
    ? {
        code: "SecretMissing",
        status: "failure",
        summary: `${client.name} has a secret, and none was given (invalid_client).`,
        fix: `Give the secret of client ${client.clientId} (here: --client-secret; in Claude: Advanced settings), or use a client that was made without one: Cognito cannot take it away from an existing client.`,
      }
    : {
        code: "SecretWrong",
        status: "failure",
        summary: `The token endpoint does not accept the secret of ${client.name} (invalid_client).`,
        fix: `Copy the secret of client ${client.clientId} again, whole and without spaces, and enter it again in Claude; a client that was made without a secret must be used without one.`,
      };
};
