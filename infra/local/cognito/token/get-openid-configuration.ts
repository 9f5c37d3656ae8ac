// https://docs.aws.amazon.com/cognito/latest/developerguide/federation-endpoints.html
import type { CognitoContext } from "../pool/context.ts";
import { issuerOf, type Pool } from "../pool/pool.ts";

/**
 * The discovery document with exactly Cognito's fields. It has no code_challenge_methods_supported,
 * no registration_endpoint and no custom scopes, because Cognito's has none; clients must cope.
 */
export const openidConfiguration = (
  cognito: CognitoContext,
  pool: Pool,
): Record<string, unknown> => {
  const { origin } = cognito;
  const issuer = issuerOf(origin, pool);
  const hosted = (path: string): string | undefined =>
    pool.domain !== undefined ? `${origin}${path}` : undefined;
  return {
    authorization_endpoint: hosted("/oauth2/authorize"),
    end_session_endpoint: hosted("/logout"),
    id_token_signing_alg_values_supported: ["RS256"],
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    response_types_supported: ["code", "token"],
    revocation_endpoint: hosted("/oauth2/revoke"),
    scopes_supported: ["openid", "email", "phone", "profile"],
    subject_types_supported: ["public"],
    token_endpoint: hosted("/oauth2/token"),
    token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
    userinfo_endpoint: hosted("/oauth2/userInfo"),
    ...(cognito.advertisesPkce ? { code_challenge_methods_supported: ["S256"] } : {}),
  };
};
