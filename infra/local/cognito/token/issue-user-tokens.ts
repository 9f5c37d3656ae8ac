// https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-with-identity-providers.html
import { createHash, randomUUID } from "node:crypto";
import { type CognitoContext, epochSeconds, type PoolClient } from "../pool/context.ts";
import { issuerOf } from "../pool/pool.ts";
import { groupsOf, type User } from "../pool/users.ts";
import { customizeTokens, type TokenPlan } from "./pre-token-generation.ts";
import { signToken } from "./sign-token.ts";

/** What the tokens of one sign-in have in common, at the first exchange and at every refresh. */
export interface Grant {
  readonly user: User;
  readonly scopes: readonly string[];
  readonly authTime: number;
  /** The `jti` of the first token of the sign-in; revoking the refresh token revokes all that carry it. */
  readonly originJti: string;
  readonly nonce?: string;
  /** Becomes the audience of the access token. */
  readonly resource?: string;
  readonly source: Extract<
    TokenPlan["source"],
    "TokenGeneration_HostedAuth" | "TokenGeneration_RefreshTokens"
  >;
}

/** An access token, and an ID token when `openid` was asked for, in the order of Cognito's answer. */
export const issueUserTokens = async (
  cognito: CognitoContext,
  { pool, client }: PoolClient,
  grant: Grant,
): Promise<{ readonly id_token?: string; readonly access_token: string }> => {
  const { user, originJti, authTime } = grant;
  const plan = await customizeTokens(cognito, pool, {
    source: grant.source,
    clientId: client.clientId,
    userName: user.username,
    userAttributes: {
      sub: user.sub,
      "cognito:user_status": user.status,
      ...user.attributes,
    },
    groups: groupsOf(cognito.store, pool, user),
    scopes: grant.scopes,
  });
  const iat = epochSeconds(cognito);
  const iss = issuerOf(cognito.origin, pool);
  const groups = plan.groups.length > 0 ? { "cognito:groups": plan.groups } : {};
  const event = randomUUID();
  const access = await signToken(
    cognito,
    pool,
    "access",
    plan.accessClaims({
      sub: user.sub,
      ...groups,
      iss,
      version: 2,
      client_id: client.clientId,
      ...(grant.resource === undefined ? {} : { aud: grant.resource }),
      origin_jti: originJti,
      event_id: event,
      token_use: "access",
      scope: plan.scopes.join(" "),
      auth_time: authTime,
      exp: iat + client.accessTokenSeconds,
      iat,
      jti: randomUUID(),
      username: user.username,
    }),
  );
  if (!grant.scopes.includes("openid")) return { access_token: access };
  const id = await signToken(
    cognito,
    pool,
    "id",
    plan.idClaims({
      at_hash: halfHash(access),
      sub: user.sub,
      ...groups,
      iss,
      "cognito:username": user.username,
      ...(grant.nonce === undefined ? {} : { nonce: grant.nonce }),
      origin_jti: originJti,
      aud: client.clientId,
      event_id: event,
      token_use: "id",
      auth_time: authTime,
      exp: iat + client.idTokenSeconds,
      iat,
      jti: randomUUID(),
      ...attributeClaims(user, grant.scopes),
    }),
  );
  return { id_token: id, access_token: access };
};

// OpenID Connect Core §3.1.3.6.
const halfHash = (token: string): string =>
  createHash("sha256").update(token).digest().subarray(0, 16).toString("base64url");

const CLAIMS_OF_SCOPE: Readonly<Record<string, readonly string[]>> = {
  email: ["email", "email_verified"],
  phone: ["phone_number", "phone_number_verified"],
};

/**
 * The attributes that a scope opens: `openid` alone opens all, `email` and `phone` theirs, `profile`
 * everything else.
 */
export const attributeClaims = (
  user: User,
  scopes: readonly string[],
): Readonly<Record<string, unknown>> => {
  const narrowed = ["email", "phone", "profile"].filter((scope) => scopes.includes(scope));
  const isOpen = (name: string): boolean => {
    if (narrowed.length === 0) return true;
    const scope = Object.keys(CLAIMS_OF_SCOPE).find((s) => CLAIMS_OF_SCOPE[s]?.includes(name));
    return narrowed.includes(scope ?? "profile");
  };
  return Object.fromEntries(
    Object.entries(user.attributes)
      .filter(([name]) => isOpen(name))
      .map(([name, value]) => [name, name.endsWith("_verified") ? value === "true" : value]),
  );
};
