// https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html

import type { Parameters } from "../oauth/form.ts";
import { OAuthError } from "../oauth/oauth-error.ts";
import type { CognitoContext, PoolClient } from "../pool/context.ts";
import { findUser } from "../pool/users.ts";
import { issueUserTokens } from "./issue-user-tokens.ts";
import { findRefreshToken } from "./refresh-tokens.ts";

/** New access and ID tokens with the same scopes; the refresh token stays the same one. */
export const grantRefreshToken = async (
  cognito: CognitoContext,
  found: PoolClient,
  form: Parameters,
): Promise<Record<string, unknown>> => {
  const { pool, client } = found;
  const presented = form.get("refresh_token");
  if (presented === undefined) throw new OAuthError("invalid_request");
  const refreshable = findRefreshToken(cognito, presented);
  if (refreshable === undefined || refreshable.clientId !== client.clientId) {
    throw new OAuthError("invalid_grant");
  }
  const user = findUser(cognito.store, pool, refreshable.username);
  if (!user?.enabled) throw new OAuthError("invalid_grant");
  const tokens = await issueUserTokens(cognito, found, {
    ...refreshable,
    user,
    source: "TokenGeneration_RefreshTokens",
  });
  return { ...tokens, expires_in: client.accessTokenSeconds, token_type: "Bearer" };
};
