// https://docs.aws.amazon.com/cognito/latest/developerguide/userinfo-endpoint.html
import type { Context } from "hono";
import { createLocalJWKSet, decodeJwt, type JWTPayload, jwtVerify } from "jose";
import type { CognitoContext } from "../pool/context.ts";
import { issuerOf, type Pool } from "../pool/pool.ts";
import { findUser } from "../pool/users.ts";
import { attributeClaims } from "./issue-user-tokens.ts";
import { isRevoked } from "./refresh-tokens.ts";

/** GET or POST /oauth2/userInfo: who the access token speaks for, as far as its scopes say. */
export const userInfo =
  (cognito: CognitoContext) =>
  async (c: Context): Promise<Response> => {
    const [, token] = /^Bearer +([^\s]+)$/i.exec(c.req.header("authorization") ?? "") ?? [];
    const verified = token === undefined ? undefined : await verify(cognito, token);
    if (verified === undefined) return refused(c);
    const { pool, claims } = verified;
    const scopes = typeof claims.scope === "string" ? claims.scope.split(" ") : [];
    const user = findUser(cognito.store, pool, claims.sub ?? "");
    if (!user?.enabled || !scopes.includes("openid")) return refused(c);
    const attributes = Object.entries(attributeClaims(user, scopes));
    return c.json({
      sub: user.sub,
      // Every value is a string here, also the booleans.
      ...Object.fromEntries(attributes.map(([name, value]) => [name, String(value)])),
      username: user.username,
    });
  };

const DESCRIPTION =
  "Access token is expired, disabled, or deleted, or the user has globally signed out.";

const refused = (c: Context): Response => {
  c.header("www-authenticate", `error="invalid_token", error_description="${DESCRIPTION}"`);
  return c.json({ error: "invalid_token", error_description: DESCRIPTION }, 401);
};

const verify = async (
  cognito: CognitoContext,
  token: string,
): Promise<{ readonly pool: Pool; readonly claims: JWTPayload } | undefined> => {
  try {
    const { iss } = decodeJwt(token);
    const pool = [...cognito.pools.values()].find((p) => issuerOf(cognito.origin, p) === iss);
    if (pool === undefined) return undefined;
    const keys = createLocalJWKSet({ keys: [...cognito.keys.published(pool.poolId)] });
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ["RS256"],
      issuer: issuerOf(cognito.origin, pool),
      currentDate: new Date(cognito.now()),
      requiredClaims: ["exp", "sub"],
    });
    const revoked =
      typeof payload.origin_jti === "string" && isRevoked(cognito, payload.origin_jti);
    return payload.token_use === "access" && !revoked ? { pool, claims: payload } : undefined;
  } catch {
    return undefined;
  }
};
