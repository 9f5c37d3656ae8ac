import { chmodSync, closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { LocalError } from "#local/wire/local-error.ts";

const VERSION = 1;

const TABLES = `
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
pragma user_version = ${VERSION};
`;

/**
 * Opens the one file that holds keys, users, sessions and refresh tokens, for its owner's eyes only.
 * @throws LocalError `DataDamaged` when the file is not such a database.
 */
export const openStore = (file: string): DatabaseSync => {
  try {
    // SQLite would create it readable for all; the -wal and -shm files take over its mode.
    closeSync(openSync(file, "a", 0o600));
    chmodSync(file, 0o600);
    const database = new DatabaseSync(file, { timeout: 2000 });
    // After a kill nothing acknowledged is lost with NORMAL; only a power cut could lose the last moments.
    database.exec("pragma journal_mode = wal; pragma synchronous = normal;");
    const version = database.prepare("pragma user_version").get()?.user_version;
    if (version === 0) database.exec(`begin immediate; ${TABLES} commit;`);
    else if (version !== VERSION) throw new Error(`written by another version (${version})`);
    const check = database.prepare("pragma quick_check(1)").get()?.quick_check;
    if (check !== "ok") throw new Error(String(check));
    return database;
  } catch (cause) {
    throw new LocalError(
      "DataDamaged",
      `${file} (users and keys of the local Cognito) cannot be read: ${cause instanceof Error ? cause.message : String(cause)}. Remove it to start with fresh ones.`,
      { cause },
    );
  }
};

/** Writes all or nothing. */
export const transaction = (store: DatabaseSync, write: () => void): void => {
  store.exec("begin immediate");
  try {
    write();
    store.exec("commit");
  } catch (error) {
    store.exec("rollback");
    throw error;
  }
};
