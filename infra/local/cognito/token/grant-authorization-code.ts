// https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html#exchanging-an-authorization-code-for-tokens
import { createHash, randomUUID } from "node:crypto";
import { type Code, takeCode } from "../authorize/codes.ts";
import type { Parameters } from "../oauth/form.ts";
import { OAuthError } from "../oauth/oauth-error.ts";
import type { CognitoContext, PoolClient } from "../pool/context.ts";
import { findUser } from "../pool/users.ts";
import { issueUserTokens } from "./issue-user-tokens.ts";
import { issueRefreshToken } from "./refresh-tokens.ts";

/** Tokens for the code of someone who signed in. Whatever is wrong, the code is used up. */
export const grantAuthorizationCode = async (
  cognito: CognitoContext,
  found: PoolClient,
  form: Parameters,
): Promise<Record<string, unknown>> => {
  const { pool, client } = found;
  if (!client.flows.has("code")) throw new OAuthError("unauthorized_client");
  const presented = form.get("code");
  if (presented === undefined) throw new OAuthError("invalid_request");
  const code = takeCode(cognito, presented);
  if (code === undefined || code.clientId !== client.clientId) {
    throw new OAuthError("invalid_grant");
  }
  checkExchange(code, form);
  const user = findUser(cognito.store, pool, code.username);
  if (!user?.enabled) throw new OAuthError("invalid_grant");
  const grant = { ...code, user, originJti: randomUUID() };
  const tokens = await issueUserTokens(cognito, found, {
    ...grant,
    source: "TokenGeneration_HostedAuth",
  });
  return {
    ...tokens,
    refresh_token: issueRefreshToken(cognito, client, grant),
    expires_in: client.accessTokenSeconds,
    token_type: "Bearer",
  };
};

const VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;

const checkExchange = (code: Code, form: Parameters): void => {
  const redirectUri = form.get("redirect_uri");
  if (redirectUri === undefined) throw new OAuthError("invalid_request");
  // Not invalid_grant: this is what Cognito says.
  if (redirectUri !== code.redirectUri) {
    throw new OAuthError("unauthorized_client", "invalid_redirect");
  }
  const resource = form.get("resource");
  if (code.resource !== undefined && resource !== undefined && resource !== code.resource) {
    throw new OAuthError("invalid_grant");
  }
  const verifier = form.get("code_verifier");
  if (code.challenge === undefined) {
    // A verifier without a challenge: someone took PKCE out of the first step (RFC 9700 §2.1.1).
    if (verifier !== undefined) throw new OAuthError("invalid_grant");
    return;
  }
  const challenge = createHash("sha256")
    .update(verifier ?? "")
    .digest("base64url");
  if (verifier === undefined || !VERIFIER.test(verifier) || challenge !== code.challenge) {
    throw new OAuthError("invalid_grant");
  }
};
