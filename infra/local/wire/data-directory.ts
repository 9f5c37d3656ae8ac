import { randomBytes } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { LocalError } from "./local-error.ts";

/** The folder whose content survives a restart, held by one process at a time. */
export interface DataDirectory {
  readonly path: string;
  /** 32 random bytes in hexadecimal, made at first start; keys and secrets of this folder are derived from it. */
  readonly masterSecret: string;
  /** Full path of a file in it. */
  file(name: string): string;
  /** Lets the next process in. */
  release(): void;
}

const SECRET_FILE = "master-secret";

/**
 * Takes a data directory, making it if need be (mode 700).
 * @throws LocalError `AlreadyRunning` while another process holds it, `DataDamaged` when it cannot be used
 */
export const takeDataDirectory = (folder: string): DataDirectory => {
  const path = resolve(folder);
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    if (!statSync(path).isDirectory()) throw new Error("it is not a folder");
  } catch (cause) {
    throw new LocalError(
      "DataDamaged",
      `${path} cannot be used as the data folder (${reason(cause)}). Choose another with --data DIR.`,
      { cause },
    );
  }
  const release = lock(path);
  try {
    return {
      path,
      masterSecret: readMasterSecret(path),
      file: (name) => join(path, name),
      release,
    };
  } catch (error) {
    release();
    throw error;
  }
};

// An SQLite write lock is the operating system's, so it is gone with the process however that ends; a pid file would
// have to guess whether its pid is still the same program.
const lock = (path: string): (() => void) => {
  const file = join(path, "lock");
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: 0 });
    database.exec("PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE");
  } catch (cause) {
    database?.close();
    if (isBusy(cause)) {
      throw new LocalError(
        "AlreadyRunning",
        `A house is already running on ${path}${pidOf(path)}. Stop it, or choose another folder with --data DIR.`,
        { cause },
      );
    }
    throw damaged(file, cause);
  }
  const held = database;
  return () => held.isOpen && held.close();
};

// SQLITE_BUSY (5) and its extended codes.
const isBusy = (error: unknown): boolean =>
  error instanceof Error && "errcode" in error && (Number(error.errcode) & 0xff) === 5;

const pidOf = (path: string): string => {
  try {
    const endpoints = JSON.parse(readFileSync(join(path, "endpoints.json"), "utf8")) as {
      readonly pid?: unknown;
    };
    return typeof endpoints.pid === "number" ? ` (process ${endpoints.pid})` : "";
  } catch {
    // Another process is still starting and has not written it: the message does without.
    return "";
  }
};

const readMasterSecret = (path: string): string => {
  const file = join(path, SECRET_FILE);
  if (!existsSync(file)) {
    writeFileAtomically(file, `${randomBytes(32).toString("hex")}\n`);
  }
  const secret = readFileSync(file, "utf8").trim();
  if (!/^[0-9a-f]{64}$/.test(secret)) throw damaged(file, new Error("not 64 hexadecimal digits"));
  chmodSync(file, 0o600);
  return secret;
};

/** Replaces a file's content in one step, readable by its owner only. */
export const writeFileAtomically = (file: string, text: string): void => {
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, text, { mode: 0o600 });
  renameSync(temporary, file);
};

/** The error of a file that cannot be read as what it should be. */
export const damaged = (file: string, cause: unknown): LocalError =>
  new LocalError(
    "DataDamaged",
    `${file} is damaged (${reason(cause)}). Restore it, or move its folder away and start with an empty one.`,
    { cause },
  );

const reason = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
