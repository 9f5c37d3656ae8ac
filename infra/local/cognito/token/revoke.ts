// https://docs.aws.amazon.com/cognito/latest/developerguide/revocation-endpoint.html
import type { Context } from "hono";
import { readForm } from "../oauth/form.ts";
import { OAuthError } from "../oauth/oauth-error.ts";
import type { CognitoContext } from "../pool/context.ts";
import { authenticateClient } from "./authenticate-client.ts";
import { findRefreshToken, revokeRefreshToken } from "./refresh-tokens.ts";

/** POST /oauth2/revoke: ends a refresh token and every access token of its sign-in. */
export const postRevoke =
  (cognito: CognitoContext) =>
  async (c: Context): Promise<Response> => {
    const form = await readForm(c);
    const { client } = authenticateClient(cognito, c.req.header("authorization"), form);
    const token = form.get("token");
    if (token === undefined || !client.revocable) throw new OAuthError("invalid_request");
    // A JWT is an access or an ID token: only refresh tokens can be revoked.
    if (token.split(".").length === 3) throw new OAuthError("unsupported_token_type");
    const known = findRefreshToken(cognito, token);
    // Unknown or expired is as good as revoked (RFC 7009 §2.2); another client's is not this one's to end.
    if (known !== undefined && known.clientId !== client.clientId) {
      throw new OAuthError("invalid_request");
    }
    revokeRefreshToken(cognito, token, client);
    return c.body(null, 200);
  };
