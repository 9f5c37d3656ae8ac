import type { DatabaseSync } from "node:sqlite";
import { openSqlite } from "#local/wire/open-sqlite.ts";

const FIRST = `
create table master_secret (secret blob not null) strict;
create table signing_key (
  pool_id text not null, kid text primary key, purpose text not null, private_jwk text not null,
  created_at integer not null
) strict;
create table user (
  pool_id text not null, username text not null, sub text not null unique, status text not null,
  enabled integer not null, password_hash text, password_set_at integer, attributes text not null,
  created_at integer not null, modified_at integer not null, primary key (pool_id, username)
) strict;
create table membership (
  pool_id text not null, username text not null, group_name text not null,
  primary key (pool_id, username, group_name)
) strict;
create table session (
  hash text primary key, pool_id text not null, username text not null,
  auth_time integer not null, expires_at integer not null
) strict;
create table new_password_challenge (
  hash text primary key, pool_id text not null, username text not null, expires_at integer not null
) strict;
create table sign_in_failure (
  pool_id text not null, name text not null, failures integer not null, last_at integer not null,
  locked_until integer not null, primary key (pool_id, name)
) strict;
create table code (
  hash text primary key, client_id text not null, username text not null, redirect_uri text not null,
  scope text not null, nonce text, challenge text, resource text,
  auth_time integer not null, expires_at integer not null
) strict;
create table refresh_token (
  hash text primary key, client_id text not null, username text not null, scope text not null,
  resource text, origin_jti text not null, auth_time integer not null, expires_at integer not null
) strict;
create table revoked_origin (origin_jti text primary key, expires_at integer not null) strict;
`;

/**
 * Opens the one file that holds keys, users, sessions and refresh tokens, for its owner's eyes only.
 * @throws LocalError as `openSqlite` does
 */
export const openStore = (file: string): DatabaseSync =>
  openSqlite(file, {
    content: "The users and keys of the local Cognito",
    fresh: "fresh ones",
    application: "SHup",
    migrations: [(db) => db.exec(FIRST)],
  });

/** Writes all or nothing, and gives what was written back. */
export const transaction = <T>(store: DatabaseSync, write: () => T): T => {
  store.exec("begin immediate");
  try {
    const written = write();
    store.exec("commit");
    return written;
  } catch (error) {
    // A full disk has already rolled back by itself.
    if (store.isTransaction) store.exec("rollback");
    throw error;
  }
};
