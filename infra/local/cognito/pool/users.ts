import { randomUUID } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { Group, Pool } from "./pool.ts";

/** A person in a user pool. Times in milliseconds since 1970. */
export interface User {
  readonly poolId: string;
  readonly username: string;
  readonly sub: string;
  readonly status: "CONFIRMED" | "FORCE_CHANGE_PASSWORD";
  readonly enabled: boolean;
  readonly attributes: Readonly<Record<string, string>>;
  readonly passwordHash?: string;
  readonly passwordSetAt: number;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** The name as it is stored and looked for. */
const canonical = (pool: Pool, username: string): string =>
  pool.caseSensitive ? username : username.toLowerCase();

const statusOf = (permanent: boolean): User["status"] =>
  permanent ? "CONFIRMED" : "FORCE_CHANGE_PASSWORD";

/** Finds a user by name, by `sub`, and where the pool says so by a verified e-mail address. */
export const findUser = (store: DatabaseSync, pool: Pool, name: string): User | undefined => {
  const key = canonical(pool, name);
  const row =
    store
      .prepare("select * from user where pool_id = ? and (username = ? or sub = ?)")
      .get(pool.poolId, key, name) ??
    (pool.emailAlias
      ? store
          .prepare(
            `select * from user where pool_id = ? and json_extract(attributes, '$.email_verified') = 'true'
             and json_extract(attributes, '$.email') = ? collate ${pool.caseSensitive ? "binary" : "nocase"}`,
          )
          .get(pool.poolId, name)
      : undefined);
  return row === undefined ? undefined : userOf(row);
};

/** All users of a pool, in the order of their names. */
export const allUsers = (store: DatabaseSync, pool: Pool): readonly User[] =>
  store
    .prepare("select * from user where pool_id = ? order by username")
    .all(pool.poolId)
    .map(userOf);

/** Creates a user; nothing when the name is taken. Unless it is permanent, the password must be changed at the first sign-in. */
export const createUser = (
  store: DatabaseSync,
  pool: Pool,
  user: {
    readonly username: string;
    readonly attributes: Readonly<Record<string, string>>;
    readonly passwordHash: string;
    readonly permanent: boolean;
    readonly nowMs: number;
  },
): User | undefined => {
  const username = canonical(pool, user.username);
  if (findUser(store, pool, username) !== undefined) return undefined;
  store
    .prepare(
      "insert into user (pool_id, username, sub, status, enabled, password_hash, password_set_at, attributes, created_at, modified_at) values (?, ?, ?, ?, 1, ?, ?, ?, ?, ?)",
    )
    .run(
      pool.poolId,
      username,
      randomUUID(),
      statusOf(user.permanent),
      user.passwordHash,
      user.nowMs,
      JSON.stringify(user.attributes),
      user.nowMs,
      user.nowMs,
    );
  return findUser(store, pool, username);
};

/** Sets a password for good, or one that must be changed at the next sign-in. */
export const setPassword = (
  store: DatabaseSync,
  user: User,
  passwordHash: string,
  permanent: boolean,
  nowMs: number,
): void => {
  store
    .prepare(
      "update user set password_hash = ?, password_set_at = ?, status = ?, modified_at = ? where pool_id = ? and username = ?",
    )
    .run(passwordHash, nowMs, statusOf(permanent), nowMs, user.poolId, user.username);
};

/** The groups of a user, the one that counts most first. */
export const groupsOf = (store: DatabaseSync, pool: Pool, user: User): readonly Group[] =>
  store
    .prepare(
      "select group_name from membership where pool_id = ? and username = ? order by group_name",
    )
    .all(user.poolId, user.username)
    .flatMap((row) => pool.groups.get(String(row.group_name)) ?? [])
    .sort((a, b) => (a.precedence ?? Infinity) - (b.precedence ?? Infinity) || 0);

/** Puts a user into a group; once is enough. */
export const addToGroup = (store: DatabaseSync, user: User, group: string): void => {
  store
    .prepare("insert or ignore into membership (pool_id, username, group_name) values (?, ?, ?)")
    .run(user.poolId, user.username, group);
};

/** Takes a user out of a group. */
export const removeFromGroup = (store: DatabaseSync, user: User, group: string): void => {
  store
    .prepare("delete from membership where pool_id = ? and username = ? and group_name = ?")
    .run(user.poolId, user.username, group);
};

const userOf = (row: Readonly<Record<string, unknown>>): User => ({
  poolId: String(row.pool_id),
  username: String(row.username),
  sub: String(row.sub),
  status: row.status === "CONFIRMED" ? "CONFIRMED" : "FORCE_CHANGE_PASSWORD",
  enabled: row.enabled === 1,
  attributes: JSON.parse(String(row.attributes)) as Readonly<Record<string, string>>,
  ...(typeof row.password_hash === "string" ? { passwordHash: row.password_hash } : {}),
  passwordSetAt: Number(row.password_set_at),
  createdAt: Number(row.created_at),
  modifiedAt: Number(row.modified_at),
});
