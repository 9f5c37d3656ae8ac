import { type CognitoContext, epochSeconds } from "../pool/context.ts";
import type { Client, Pool } from "../pool/pool.ts";
import { digest, randomToken } from "../pool/secrets.ts";
import type { User } from "../pool/users.ts";
import type { Grant } from "./issue-user-tokens.ts";

/** What a refresh token stands for. */
export interface Refreshable {
  readonly clientId: string;
  readonly username: string;
  readonly scopes: readonly string[];
  readonly originJti: string;
  readonly authTime: number;
  readonly resource?: string;
}

/** Makes a refresh token; only its digest is kept. */
export const issueRefreshToken = (
  cognito: CognitoContext,
  client: Client,
  grant: Pick<Grant, "user" | "scopes" | "originJti" | "authTime" | "resource">,
): string => {
  const now = epochSeconds(cognito);
  cognito.store.prepare("delete from refresh_token where expires_at <= ?").run(now);
  const token = randomToken();
  cognito.store
    .prepare("insert into refresh_token values (?, ?, ?, ?, ?, ?, ?, ?)")
    .run(
      digest(token),
      client.clientId,
      grant.user.username,
      grant.scopes.join(" "),
      grant.resource ?? null,
      grant.originJti,
      grant.authTime,
      now + client.refreshTokenSeconds,
    );
  return token;
};

/** Finds what a refresh token stands for, while it is valid. */
export const findRefreshToken = (
  cognito: CognitoContext,
  token: string,
): Refreshable | undefined => {
  const row = cognito.store
    .prepare("select * from refresh_token where hash = ? and expires_at > ?")
    .get(digest(token), epochSeconds(cognito));
  if (row === undefined) return undefined;
  return {
    clientId: String(row.client_id),
    username: String(row.username),
    scopes: String(row.scope).split(" "),
    originJti: String(row.origin_jti),
    authTime: Number(row.auth_time),
    ...(typeof row.resource === "string" ? { resource: row.resource } : {}),
  };
};

/** Revokes a refresh token and with it every access token of the same sign-in. */
export const revokeRefreshToken = (
  cognito: CognitoContext,
  token: string,
  client: Client,
): void => {
  const row = cognito.store
    .prepare("delete from refresh_token where hash = ? returning origin_jti")
    .get(digest(token));
  if (row !== undefined) revokeOrigin(cognito, String(row.origin_jti), client);
};

/** Revokes every refresh token of a user, and with them every access token of all their sign-ins. */
export const revokeRefreshTokensOf = (cognito: CognitoContext, pool: Pool, user: User): void => {
  // A username is one pool's own, and a client too.
  for (const client of pool.clients.values()) {
    const rows = cognito.store
      .prepare(
        "delete from refresh_token where client_id = ? and username = ? returning origin_jti",
      )
      .all(client.clientId, user.username);
    for (const row of rows) revokeOrigin(cognito, String(row.origin_jti), client);
  }
};

const revokeOrigin = (cognito: CognitoContext, originJti: string, client: Client): void => {
  const now = epochSeconds(cognito);
  cognito.store.prepare("delete from revoked_origin where expires_at <= ?").run(now);
  cognito.store
    .prepare("insert or ignore into revoked_origin values (?, ?)")
    .run(originJti, now + client.accessTokenSeconds);
};

/** Whether the sign-in that an access token belongs to was revoked. */
export const isRevoked = (cognito: CognitoContext, originJti: string): boolean =>
  cognito.store.prepare("select 1 from revoked_origin where origin_jti = ?").get(originJti) !==
  undefined;
