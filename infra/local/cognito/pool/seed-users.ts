import type { DatabaseSync } from "node:sqlite";
import { hashPassword, verifyPassword } from "./password.ts";
import type { Pool } from "./pool.ts";
import type { Secrets } from "./secrets.ts";
import { transaction } from "./store.ts";
import { addToGroup, createUser, findUser } from "./users.ts";

/** A user that was made at the first start, with the password it got then. */
export interface SeededUser {
  readonly username: string;
  /** What tokens call the user. */
  readonly sub: string;
  readonly password: string;
  readonly groups: readonly string[];
}

/**
 * Makes the users that are not there yet. Their passwords are derived from the master secret, so
 * that a later start can say them again; a user who has another password since is left out.
 */
export const seedUsers = async (
  store: DatabaseSync,
  secrets: Secrets,
  pool: Pool,
  seeds: readonly { readonly username: string; readonly groups: readonly string[] }[],
  nowMs: number,
): Promise<readonly SeededUser[]> => {
  const seeded = await Promise.all(
    seeds.map(async ({ username, groups }): Promise<SeededUser | undefined> => {
      const { minimumLength } = pool.passwordPolicy;
      const password = secrets.firstPassword(pool.poolId, username, minimumLength);
      const known = findUser(store, pool, username);
      if (known !== undefined) {
        const same = await verifyPassword(password, known.passwordHash);
        return same ? { username, sub: known.sub, password, groups } : undefined;
      }
      const passwordHash = await hashPassword(password);
      const user = { username, attributes: {}, passwordHash, permanent: true, nowMs };
      const sub = transaction(store, () => {
        const created = createUser(store, pool, user);
        for (const group of groups) if (created !== undefined) addToGroup(store, created, group);
        return created?.sub;
      });
      return sub === undefined ? undefined : { username, sub, password, groups };
    }),
  );
  return seeded.filter((user) => user !== undefined);
};
