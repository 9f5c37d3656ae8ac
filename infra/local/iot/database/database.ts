import type { DatabaseSync, SQLInputValue, SQLOutputValue } from "node:sqlite";
import { BUSY_CHECKPOINT_PAGES, openSqlite } from "#local/wire/open-sqlite.ts";
import type { Settled } from "../messages/message.ts";

/** A row as SQLite gives it. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

/**
 * The file of the IoT core. Everything written in one turn of the event loop is one transaction, and `settle`
 * tells when it is on disk: with WAL and synchronous=NORMAL a commit survives the death of the process.
 */
export interface Database {
  /** Writes within the turn's transaction. A failure fails the whole turn. */
  write(statement: Statement, ...values: readonly SQLInputValue[]): void;
  rows(statement: Statement, ...values: readonly SQLInputValue[]): readonly Row[];
  prepare(sql: string): Statement;
  /** Calls back, in order, after the turn's transaction; at once when nothing was written in it. */
  settle(settled: Settled): void;
  /** Called when a turn could not be kept, so that what is remembered of it can be forgotten. */
  onRollback(forget: () => void): void;
  close(): void;
}

export type Statement = ReturnType<DatabaseSync["prepare"]>;

/** What each version of the file added to the one before. */
const SCHEMA_STEPS = [
  `
  CREATE TABLE shadow (
    thing TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, deleted_at INTEGER, document TEXT,
    PRIMARY KEY (thing, name)
  );
  CREATE TABLE retained (
    topic TEXT PRIMARY KEY, payload BLOB NOT NULL, qos INTEGER NOT NULL, modified_ms INTEGER NOT NULL
  );
  CREATE TABLE rule_job (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL, payload BLOB NOT NULL);
  CREATE TABLE thing (name TEXT PRIMARY KEY, id TEXT NOT NULL, version INTEGER NOT NULL, attributes TEXT NOT NULL);
`,
  `
  CREATE TABLE certificate (
    id TEXT PRIMARY KEY, pem TEXT NOT NULL, status TEXT NOT NULL, created_ms INTEGER NOT NULL,
    modified_ms INTEGER NOT NULL
  );
  CREATE TABLE certificate_policy (
    certificate_id TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (certificate_id, name)
  );
  CREATE TABLE certificate_thing (
    certificate_id TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (certificate_id, name)
  );
`,
  "ALTER TABLE certificate_thing ADD COLUMN exclusive INTEGER NOT NULL DEFAULT 0;",
] as const;

/**
 * Opens or creates the file.
 * @throws LocalError as `openSqlite` does
 */
export const openDatabase = (file: string): Database => {
  const database = openSqlite(file, {
    content: "The shadows and things",
    fresh: "empty shadows",
    application: "SHio",
    migrations: SCHEMA_STEPS.map((step) => (db) => db.exec(step)),
    checkpointPages: BUSY_CHECKPOINT_PAGES,
  });
  return turnedDatabase(database);
};

const turnedDatabase = (database: DatabaseSync): Database => {
  const begin = database.prepare("BEGIN IMMEDIATE");
  const commit = database.prepare("COMMIT");
  let waiting: Settled[] = [];
  let open = false;
  let failure: Error | undefined;
  let forget: (() => void)[] = [];

  const endTurn = (): void => {
    if (!open) return;
    open = false;
    try {
      if (failure !== undefined) throw failure;
      commit.run();
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      // A full disk has already rolled back by itself.
      if (database.isOpen && database.isTransaction) database.exec("ROLLBACK");
      for (const each of forget) each();
    }
    const outcome = failure;
    failure = undefined;
    const settled = waiting;
    waiting = [];
    for (const each of settled) each(outcome);
  };

  return {
    prepare: (sql) => database.prepare(sql),
    rows: (statement, ...values) => statement.all(...values),
    write: (statement, ...values) => {
      if (failure !== undefined) return;
      try {
        if (!open) {
          begin.run();
          open = true;
          setImmediate(endTurn);
        }
        statement.run(...values);
      } catch (error) {
        failure = error instanceof Error ? error : new Error(String(error));
        if (!open) {
          open = true;
          setImmediate(endTurn);
        }
      }
    },
    settle: (settled) => {
      if (open) waiting.push(settled);
      else settled();
    },
    onRollback: (each) => {
      forget = [...forget, each];
    },
    close: () => {
      if (!database.isOpen) return;
      if (open) endTurn();
      database.close();
    },
  };
};
