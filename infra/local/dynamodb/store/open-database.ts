import type { DatabaseSync } from "node:sqlite";
import {
  BUSY_CHECKPOINT_PAGES,
  makeAddition,
  openSqlite,
  type SqliteLayout,
  toldOnUse,
} from "#local/wire/open-sqlite.ts";

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

// How much each table holds, so that nobody has to read all of it to say so: DescribeTable is asked at every start.
const SIZES = `
  CREATE TABLE table_sizes (table_id INTEGER PRIMARY KEY, items INTEGER NOT NULL, characters INTEGER NOT NULL);
  INSERT INTO table_sizes SELECT tables.id, count(items.id), coalesce(sum(length(items.item)), 0)
    FROM tables LEFT JOIN items ON items.table_id = tables.id GROUP BY tables.id;
  CREATE TRIGGER table_added AFTER INSERT ON tables BEGIN
    INSERT INTO table_sizes VALUES (new.id, 0, 0);
  END;
  CREATE TRIGGER table_removed AFTER DELETE ON tables BEGIN
    DELETE FROM table_sizes WHERE table_id = old.id;
  END;
  CREATE TRIGGER item_added AFTER INSERT ON items BEGIN
    UPDATE table_sizes SET items = items + 1, characters = characters + length(new.item) WHERE table_id = new.table_id;
  END;
  CREATE TRIGGER item_changed AFTER UPDATE OF item ON items BEGIN
    UPDATE table_sizes SET characters = characters + length(new.item) - length(old.item) WHERE table_id = new.table_id;
  END;
  CREATE TRIGGER item_removed AFTER DELETE ON items BEGIN
    UPDATE table_sizes SET items = items - 1, characters = characters - length(old.item) WHERE table_id = old.table_id;
  END;
`;

const LAYOUT: SqliteLayout = {
  content: "The tables",
  fresh: "empty tables",
  application: "SHdb",
  migrations: [(db) => db.exec(FIRST)],
  checkpointPages: BUSY_CHECKPOINT_PAGES,
  addition: { table: "table_sizes", make: (db) => db.exec(SIZES) },
};

/**
 * Opens the file of the tables for this process alone, and makes it where it is missing.
 * @throws LocalError as `openSqlite` does
 */
export const openDatabase = (file: string): DatabaseSync => openSqlite(file, LAYOUT);

/** Begins to keep how much each table holds, in a file that does not yet. Outside of any transaction. */
export const keepSizes = (db: DatabaseSync): void => makeAddition(db, LAYOUT);

/** An error of the file as it is told: damage as what it is, with the file and what to do. */
export const errorOfFile = (db: DatabaseSync, error: unknown): unknown =>
  toldOnUse(db, LAYOUT, error);
