// https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html#exchanging-client-credentials-for-an-access-token-in-request-body
import { randomUUID } from "node:crypto";
import { isObject } from "#local/wire/json.ts";
import type { Parameters } from "../oauth/form.ts";
import { OAuthError } from "../oauth/oauth-error.ts";
import { requestedScopes } from "../oauth/requested-scopes.ts";
import { type CognitoContext, epochSeconds, type PoolClient } from "../pool/context.ts";
import { issuerOf } from "../pool/pool.ts";
import { customizeTokens } from "./pre-token-generation.ts";
import { signToken } from "./sign-token.ts";

/** An access token for a machine; no ID token and no refresh token. */
export const grantClientCredentials = async (
  cognito: CognitoContext,
  { pool, client }: PoolClient,
  form: Parameters,
): Promise<Record<string, unknown>> => {
  if (!client.flows.has("client_credentials")) throw new OAuthError("unauthorized_client");
  const custom = client.scopes.filter((scope) => pool.customScopes.includes(scope));
  const scopes = requestedScopes(form.get("scope"), custom);
  if (scopes === undefined) throw new OAuthError("invalid_scope");
  const iat = epochSeconds(cognito);
  const { clientId } = client;
  const tokens = await customizeTokens(cognito, pool, {
    source: "TokenGeneration_ClientCredentials",
    clientId,
    userName: "ClientCredentials",
    userAttributes: {},
    groups: [],
    scopes,
    clientMetadata: metadataOf(form.get("aws_client_metadata")),
  });
  const claims = tokens.accessClaims({
    sub: clientId,
    token_use: "access",
    scope: tokens.scopes.join(" "),
    auth_time: iat,
    iss: issuerOf(cognito.origin, pool),
    exp: iat + client.accessTokenSeconds,
    iat,
    version: 2,
    jti: randomUUID(),
    client_id: clientId,
  });
  return {
    access_token: await signToken(cognito, pool, "access", claims),
    expires_in: client.accessTokenSeconds,
    token_type: "Bearer",
  };
};

const metadataOf = (text: string | undefined): Readonly<Record<string, string>> | undefined => {
  if (text === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    if (isObject(parsed)) {
      const entries = Object.entries(parsed);
      if (entries.every((entry): entry is [string, string] => typeof entry[1] === "string")) {
        return Object.fromEntries(entries);
      }
    }
  } catch {
    // Not JSON: the same answer.
  }
  throw new OAuthError("invalid_request");
};
