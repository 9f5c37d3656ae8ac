import type { DatabaseSync } from "node:sqlite";
import { openSqlite, type SqliteLayout, toldOnUse } from "#local/wire/open-sqlite.ts";

// An index row points at its item. There is no second copy that could differ, and a projection is made when it is read.
const FIRST = `
  CREATE TABLE tables (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, description TEXT NOT NULL, settings TEXT NOT NULL);
  CREATE TABLE items (id INTEGER PRIMARY KEY, table_id INTEGER NOT NULL, key TEXT NOT NULL, item TEXT NOT NULL,
    expires_at INTEGER, UNIQUE (table_id, key));
  CREATE INDEX items_expiring ON items (expires_at) WHERE expires_at IS NOT NULL;
  CREATE TABLE index_rows (table_id INTEGER NOT NULL, index_name TEXT NOT NULL, key TEXT NOT NULL, item_id INTEGER NOT NULL,
    PRIMARY KEY (table_id, index_name, key)) WITHOUT ROWID;
  CREATE TABLE request_tokens (token TEXT PRIMARY KEY, hash TEXT NOT NULL, made_at INTEGER NOT NULL) WITHOUT ROWID;
`;

const LAYOUT: SqliteLayout = {
  content: "The tables",
  fresh: "empty tables",
  application: "SHdb",
  migrations: [(db) => db.exec(FIRST)],
};

/**
 * Opens the file of the tables for this process alone, and makes it where it is missing.
 * @throws LocalError as `openSqlite` does
 */
export const openDatabase = (file: string): DatabaseSync => openSqlite(file, LAYOUT);

/** An error of the file as it is told: damage as what it is, with the file and what to do. */
export const errorOfFile = (db: DatabaseSync, error: unknown): unknown =>
  toldOnUse(db, LAYOUT, error);
