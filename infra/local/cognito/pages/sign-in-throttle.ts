// https://docs.aws.amazon.com/cognito/latest/developerguide/authentication.html#user-pool-authentication-lockout
import type { CognitoContext } from "../pool/context.ts";
import type { Pool } from "../pool/pool.ts";

const FREE_FAILURES = 5;
const LONGEST_MS = 15 * 60_000;

/**
 * Counts one try to sign in with this name, before its password is looked at, and says whether it may
 * go on. From the fifth failure on the name is locked for 2^(n-5) seconds, up to 15 minutes. Names
 * that nobody has are counted too: a lock must not tell which names exist.
 */
export const beginSignIn = (cognito: CognitoContext, pool: Pool, name: string): boolean => {
  const now = cognito.now();
  const { store } = cognito;
  // Quarter of an hour without a try forgives everything; with that the table stays small.
  store
    .prepare("delete from sign_in_failure where max(last_at, locked_until) <= ?")
    .run(now - LONGEST_MS);
  const row = store
    .prepare("select failures, locked_until from sign_in_failure where pool_id = ? and name = ?")
    .get(pool.poolId, key(name));
  if (row !== undefined && Number(row.locked_until) > now) return false;
  const failures = Number(row?.failures ?? 0) + 1;
  const lockMs =
    failures < FREE_FAILURES ? 0 : Math.min(LONGEST_MS, 1000 * 2 ** (failures - FREE_FAILURES));
  // Counted as failed until it succeeds: tries in parallel must not share one count.
  store
    .prepare("insert or replace into sign_in_failure values (?, ?, ?, ?, ?)")
    .run(pool.poolId, key(name), failures, now, now + lockMs);
  return true;
};

/** Forgets the failures of a name whose password was right. */
export const forgetFailures = (cognito: CognitoContext, pool: Pool, name: string): void => {
  cognito.store
    .prepare("delete from sign_in_failure where pool_id = ? and name = ?")
    .run(pool.poolId, key(name));
};

const key = (name: string): string => name.slice(0, 128).toLowerCase();
