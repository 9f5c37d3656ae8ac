import type { CognitoContext } from "./context.ts";
import type { Pool } from "./pool.ts";
import { digest, randomToken } from "./secrets.ts";
import { findUser, type User } from "./users.ts";

/** The name of the session cookie. */
export const SESSION_COOKIE = "cognito";

/** "The session cookie is valid for one hour." */
export const SESSION_SECONDS = 3600;

/** Someone who signed in on the pages of this pool, and when. */
export interface Session {
  readonly user: User;
  readonly authTime: number;
}

/** Starts a session; what is returned goes into the cookie, only its digest is kept. */
export const startSession = (cognito: CognitoContext, user: User): string => {
  const now = Math.floor(cognito.now() / 1000);
  cognito.store.prepare("delete from session where expires_at <= ?").run(now);
  const token = randomToken();
  cognito.store
    .prepare("insert into session values (?, ?, ?, ?, ?)")
    .run(digest(token), user.poolId, user.username, now, now + SESSION_SECONDS);
  return token;
};

/** The session of a cookie, while it lasts and its user may still sign in. */
export const findSession = (
  cognito: CognitoContext,
  pool: Pool,
  token: string | undefined,
): Session | undefined => {
  if (token === undefined) return undefined;
  const row = cognito.store
    .prepare(
      "select username, auth_time from session where hash = ? and pool_id = ? and expires_at > ?",
    )
    .get(digest(token), pool.poolId, cognito.now() / 1000);
  if (row === undefined) return undefined;
  const user = findUser(cognito.store, pool, String(row.username));
  return user?.enabled && user.status === "CONFIRMED"
    ? { user, authTime: Number(row.auth_time) }
    : undefined;
};

/** Ends a session; once is enough. */
export const endSession = (cognito: CognitoContext, token: string | undefined): void => {
  if (token === undefined) return;
  cognito.store.prepare("delete from session where hash = ?").run(digest(token));
};
