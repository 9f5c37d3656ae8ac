import { DatabaseSync, type SQLInputValue, type SQLOutputValue } from "node:sqlite";
import { LocalError } from "#local/wire/local-error.ts";
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
 * @throws LocalError `DataDamaged` when it is not a file this stack wrote, `AlreadyRunning` when a process has it.
 */
export const openDatabase = (file: string): Database => {
  try {
    const database = new DatabaseSync(file);
    try {
      prepareFile(database, file);
      return turnedDatabase(database);
    } catch (cause) {
      database.close();
      throw cause;
    }
  } catch (cause) {
    if (cause instanceof LocalError) throw cause;
    if (isBusy(cause)) {
      throw new LocalError("AlreadyRunning", `${file} is in use by another process.`, { cause });
    }
    throw new LocalError(
      "DataDamaged",
      `${file} cannot be read as the IoT core's database. Move it away to start with empty shadows.`,
      { cause },
    );
  }
};

const SQLITE_BUSY = 5;
const isBusy = (error: unknown): boolean =>
  error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY;

const prepareFile = (database: DatabaseSync, file: string): void => {
  // EXCLUSIVE: one process owns the file, and a commit needs no locks. A checkpoint for each 32 MB of log instead of
  // each 4 MB: the same few pages are written again and again.
  database.exec(`
    PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
    PRAGMA wal_autocheckpoint = 8000;
  `);
  const version = Number(database.prepare("PRAGMA user_version").get()?.user_version);
  if (version > SCHEMA_STEPS.length) {
    throw new LocalError(
      "DataDamaged",
      `${file} was written by a newer version of this stack (schema ${version}, here ${SCHEMA_STEPS.length}). Move it away to start with empty shadows.`,
    );
  }
  for (const [index, step] of SCHEMA_STEPS.entries()) {
    if (index < version) continue;
    database.exec(`BEGIN; ${step} PRAGMA user_version = ${index + 1}; COMMIT;`);
  }
  if (database.prepare("PRAGMA quick_check(1)").get()?.quick_check !== "ok") {
    throw new Error("quick_check failed");
  }
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
