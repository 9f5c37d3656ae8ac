import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  statSync,
} from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { LocalError } from "./local-error.ts";
import { isDamage, reason, sqliteCode, unusable } from "./unusable-file.ts";

/** Brings a file from one version of its layout to the next. It runs in a transaction, and begins and commits none. */
export type Migration = (db: DatabaseSync) => void;

/** What a service keeps in a file. */
export interface SqliteLayout {
  /** What stands in it, for messages: `The tables`. */
  readonly content: string;
  /** What one gets who deletes it: `empty tables`. */
  readonly fresh: string;
  /** Four letters that tell this service's file from another's (SQLite's application_id). */
  readonly application: string;
  /** From nothing to the first version, from there to the second … A step that was released is never changed. */
  readonly migrations: readonly Migration[];
  /** Pages of the log between two checkpoints, where it is not SQLite's own 1,000 (4 MB). */
  readonly checkpointPages?: number;
  /** What came later and changes nothing for an older version that opens the file again: see `makeAddition`. */
  readonly addition?: { readonly table: string; readonly make: Migration };
}

/**
 * For files that are written all the time: a checkpoint for each 32 MB of log. With 4 MB the same few pages go to their places again
 * and again, and a commit costs a third more.
 */
export const BUSY_CHECKPOINT_PAGES = 8_000;

/**
 * Opens a file for this process and this user alone, makes it where it is missing, and brings one that an older version
 * wrote up to date: whole, or not at all. What an older version wrote has no application's letters, and gets them.
 * A large file is not read from end to end: what is damaged within it is found when it is used, see `toldOnUse`.
 * @throws LocalError `AlreadyRunning` for a file that is in use, `DataNewer` for one that a newer version wrote, `DataDamaged` for one that is not whole or not of this layout, `DiskFull`, `DataNotAccessible` or `StartFailed` for one that cannot be read and written
 */
export const openSqlite = (file: string, layout: SqliteLayout): DatabaseSync => {
  let db: DatabaseSync | undefined;
  try {
    if (file !== ":memory:") makePrivate(file);
    db = new DatabaseSync(file, { timeout: 0 });
    // EXCLUSIVE: two processes on one file would each believe their own memory of it; and a commit needs no locks.
    db.exec("PRAGMA locking_mode = EXCLUSIVE");
    const version = versionOf(db, file, layout);
    // WAL and NORMAL: a killed process loses nothing that was acknowledged; a power cut may lose the last moments, never
    // the file. An exclusive lock is taken by the first transaction.
    db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE; COMMIT");
    if (layout.checkpointPages !== undefined) {
      db.exec(`PRAGMA wal_autocheckpoint = ${layout.checkpointPages}`);
    }
    checkFile(db, file);
    migrate(db, version, layout);
    return db;
  } catch (cause) {
    db?.close();
    throw told(file, layout, cause);
  }
};

// Up to here a look at each page takes some ten milliseconds. A house that has run for years would wait for seconds.
const WHOLLY_CHECKED_BYTES = 64 * 1024 * 1024;

/** Looks whether the file is whole: at every page of a small one, and whether a large one has all of its pages. */
const checkFile = (db: DatabaseSync, file: string): void => {
  const bytes = numberOf(db, "page_count") * numberOf(db, "page_size");
  if (bytes <= WHOLLY_CHECKED_BYTES) {
    const check = db.prepare("PRAGMA quick_check(1)").get()?.quick_check;
    if (check !== "ok") throw new Error(String(check));
    return;
  }
  // What a killed process left in the log goes to its place first: pages that are not there yet are not missing.
  db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  if (statSync(file).size < bytes) throw new Error("it ends before its last page");
};

/** Tells damage that is found when a file is used, as it would have been told at the start; any other error stays as it is. */
export const toldOnUse = (db: DatabaseSync, layout: SqliteLayout, error: unknown): unknown =>
  isDamage(error) ? told(db.location() ?? "memory", layout, error) : error;

// With access() and not by opening it: who closes a file gives up every lock that this process has on it (POSIX).
const makePrivate = (file: string): void => {
  if (!existsSync(file)) {
    try {
      closeSync(openSync(file, "ax", 0o600));
    } catch (error) {
      // Another process was faster; the lock decides between the two.
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
  }
  for (const each of [file, `${file}-wal`, `${file}-shm`, `${file}-journal`]) {
    if (!existsSync(each)) continue;
    accessSync(each, constants.R_OK | constants.W_OK);
    // SQLite gives the files beside it the mode of the file; these are of a process that was killed.
    if ((statSync(each).mode & 0o777) !== 0o600 && !statSync(each).isDirectory()) {
      chmodSync(each, 0o600);
    }
  }
};

/** The version of the file's layout, after a look at whose file it is. Nothing is written before that is known. */
const versionOf = (db: DatabaseSync, file: string, layout: SqliteLayout): number => {
  const known = layout.migrations.length;
  const version = numberOf(db, "user_version");
  const application = numberOf(db, "application_id");
  if (application !== 0 && application !== numberOfLetters(layout.application)) {
    throw new Error(`it is a file of something else, ${lettersOfNumber(application)}`);
  }
  if (version > known) {
    throw new LocalError(
      "DataNewer",
      `${file} was written by a newer version of this program (layout ${version}, here ${known}); nothing was changed. Start that version, or choose another folder with --data DIR.`,
    );
  }
  const missing = tablesOf(version, layout).difference(tablesIn(db));
  if (version < 0 || missing.size > 0) {
    throw new Error(`layout ${version} without ${[...missing].join(", ") || "a meaning"}`);
  }
  if (version === 0 && tablesIn(db).size > 0) throw new Error("it is another program's database");
  return version;
};

const migrate = (db: DatabaseSync, version: number, layout: SqliteLayout): void => {
  const { migrations, application } = layout;
  const letters = numberOfLetters(application);
  if (version === migrations.length && numberOf(db, "application_id") === letters) return;
  db.exec("BEGIN IMMEDIATE");
  for (const step of migrations.slice(version)) step(db);
  db.exec(`PRAGMA user_version = ${migrations.length}; PRAGMA application_id = ${letters}; COMMIT`);
};

/** Makes what came later, where it is missing: not before it is used, so that a file that is only looked into stays as it is. */
export const makeAddition = (db: DatabaseSync, { addition }: SqliteLayout): void => {
  if (addition === undefined || tablesIn(db).has(addition.table)) return;
  db.exec("BEGIN IMMEDIATE");
  addition.make(db);
  db.exec("COMMIT");
};

/** The tables that a file of this version has, as the migrations make them. */
const tablesOf = (version: number, { migrations }: SqliteLayout): ReadonlySet<string> => {
  const model = new DatabaseSync(":memory:");
  try {
    for (const step of migrations.slice(0, Math.max(version, 0))) step(model);
    return tablesIn(model);
  } finally {
    model.close();
  }
};

const tablesIn = (db: DatabaseSync): ReadonlySet<string> =>
  new Set(
    db
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
      .all()
      .map((row) => String(row.name)),
  );

type NumberPragma = "user_version" | "application_id" | "page_count" | "page_size";

const numberOf = (db: DatabaseSync, pragma: NumberPragma): number =>
  Number(db.prepare(`PRAGMA ${pragma}`).get()?.[pragma]);

const numberOfLetters = (letters: string): number => Buffer.from(letters, "latin1").readInt32BE();

const lettersOfNumber = (number: number): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(number);
  const letters = bytes.toString("latin1");
  return /^[\x20-\x7e]+$/.test(letters) ? `"${letters}"` : String(number);
};

const SQLITE_BUSY = 5;

const told = (file: string, { content, fresh }: SqliteLayout, cause: unknown): LocalError => {
  if (cause instanceof LocalError) return cause;
  if (sqliteCode(cause) === SQLITE_BUSY) {
    return new LocalError(
      "AlreadyRunning",
      `${content} in ${file} are open in another process. Stop it, or choose another folder with --data DIR.`,
      { cause },
    );
  }
  return unusable(
    file,
    cause,
    () =>
      `${content} in ${file} cannot be read (${reason(cause)}). Put back a copy, or delete the file to begin with ${fresh}.`,
  );
};
