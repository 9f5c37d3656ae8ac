import { DatabaseSync } from "node:sqlite";
import { LocalError } from "#local/wire/local-error.ts";

const SCHEMA_VERSION = 1;
// An index row points at its item. There is no second copy that could differ, and a projection is made when it is read.
const SCHEMA = `
  CREATE TABLE tables (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, description TEXT NOT NULL, settings TEXT NOT NULL);
  CREATE TABLE items (id INTEGER PRIMARY KEY, table_id INTEGER NOT NULL, key TEXT NOT NULL, item TEXT NOT NULL,
    expires_at INTEGER, UNIQUE (table_id, key));
  CREATE INDEX items_expiring ON items (expires_at) WHERE expires_at IS NOT NULL;
  CREATE TABLE index_rows (table_id INTEGER NOT NULL, index_name TEXT NOT NULL, key TEXT NOT NULL, item_id INTEGER NOT NULL,
    PRIMARY KEY (table_id, index_name, key)) WITHOUT ROWID;
  CREATE TABLE request_tokens (token TEXT PRIMARY KEY, hash TEXT NOT NULL, made_at INTEGER NOT NULL) WITHOUT ROWID;
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/**
 * Opens the file for this process alone, and makes it where it is missing.
 * @throws LocalError `DataDamaged` for a file that is not whole, `AlreadyRunning` for one that is in use, `StartFailed` for one
 * that cannot be there.
 */
export const openDatabase = (file: string): DatabaseSync => {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file);
    // WAL and NORMAL: a killed process loses nothing that was acknowledged; a power cut may lose the last moments, never the file.
    // EXCLUSIVE: two processes on one file would each believe their own list of tables.
    db.exec(
      "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE; COMMIT",
    );
    const version = db.prepare("PRAGMA user_version").get()?.user_version;
    if (version === 0) {
      db.exec(`BEGIN IMMEDIATE; ${SCHEMA}; COMMIT`);
    } else if (version !== SCHEMA_VERSION) {
      throw new Error(`its version is ${String(version)}, not ${SCHEMA_VERSION}`);
    }
    const check = db.prepare("PRAGMA quick_check(1)").get()?.quick_check;
    if (check !== "ok") throw new Error(String(check));
    return db;
  } catch (cause) {
    db?.close();
    const why = (cause instanceof Error ? cause.message : String(cause)).replace(/\s+/g, " ");
    if (/locked|busy/.test(why)) {
      throw new LocalError(
        "AlreadyRunning",
        `The tables in ${file} are open in another process. Stop it, or choose another directory with --data DIR.`,
        { cause },
      );
    }
    if (/unable to open/.test(why)) {
      throw new LocalError(
        "StartFailed",
        `The tables' file ${file} cannot be made or opened. Check the directory and its permissions.`,
        { cause },
      );
    }
    throw new LocalError(
      "DataDamaged",
      `The tables in ${file} cannot be read (${why}). Put back a copy, or delete the file to begin with empty tables.`,
      { cause },
    );
  }
};
