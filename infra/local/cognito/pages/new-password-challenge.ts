import type { CognitoContext } from "../pool/context.ts";
import type { Pool } from "../pool/pool.ts";
import { digest, randomToken } from "../pool/secrets.ts";
import { findUser, type User } from "../pool/users.ts";

/** The cookie between the right temporary password and the new one. */
export const CHALLENGE_COOKIE = "cognito-new-password";

/** AuthSessionValidity, three minutes unless a client says otherwise; here always three. */
export const CHALLENGE_SECONDS = 180;

/** Remembers that this user gave the right temporary password. */
export const startChallenge = (cognito: CognitoContext, user: User): string => {
  const now = cognito.now() / 1000;
  cognito.store.prepare("delete from new_password_challenge where expires_at <= ?").run(now);
  const token = randomToken();
  cognito.store
    .prepare("insert into new_password_challenge values (?, ?, ?, ?)")
    .run(digest(token), user.poolId, user.username, Math.floor(now) + CHALLENGE_SECONDS);
  return token;
};

/** Who may choose a new password with this cookie. */
export const findChallenge = (
  cognito: CognitoContext,
  pool: Pool,
  token: string | undefined,
): User | undefined => {
  if (token === undefined) return undefined;
  const row = cognito.store
    .prepare(
      "select username from new_password_challenge where hash = ? and pool_id = ? and expires_at > ?",
    )
    .get(digest(token), pool.poolId, cognito.now() / 1000);
  const user = row === undefined ? undefined : findUser(cognito.store, pool, String(row.username));
  return user?.enabled && user.status === "FORCE_CHANGE_PASSWORD" ? user : undefined;
};

/** Ends every challenge of a user. */
export const endChallenges = (cognito: CognitoContext, user: User): void => {
  cognito.store
    .prepare("delete from new_password_challenge where pool_id = ? and username = ?")
    .run(user.poolId, user.username);
};
