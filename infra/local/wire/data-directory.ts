import { randomBytes } from "node:crypto";
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { LocalError } from "./local-error.ts";
import { openSqlite } from "./open-sqlite.ts";
import { unusable } from "./unusable-file.ts";

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

const LOCK_FILE = "lock";
const SECRET_FILE = "master-secret";

/**
 * Takes a data directory, making it if need be. It is its owner's alone (mode 700), also one that was open to others.
 * @throws LocalError `AlreadyRunning` while another process holds it, `DataFolderShared` for one that others may read and that is no house's, `DataDamaged`, `DataNotAccessible` or `DiskFull` when it cannot be used
 */
export const takeDataDirectory = (folder: string): DataDirectory => {
  const path = resolve(folder);
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    if (!statSync(path).isDirectory()) throw new Error("it is not a folder");
    close(path);
    requireRoom(path);
  } catch (cause) {
    if (cause instanceof LocalError) throw cause;
    throw unusable(
      path,
      cause,
      (_, why) =>
        `${path} cannot be used as the data folder (${why}). Choose another with --data DIR.`,
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

// Others could read the shadows and tables in it. A folder that holds anything but a house is not ours to close: with
// --data /tmp nobody else could use /tmp any more.
const close = (path: string): void => {
  accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  if ((statSync(path).mode & 0o077) === 0) return;
  const content = readdirSync(path);
  const isHouse = [LOCK_FILE, SECRET_FILE].some((file) => content.includes(file));
  if (content.length > 0 && !isHouse) {
    throw new LocalError(
      "DataFolderShared",
      `${path} is open to other users of this machine and holds other things than a house. Choose a folder of its own with --data DIR, or close this one: chmod 700 ${path}`,
    );
  }
  chmodSync(path, 0o700);
};

// Template and bundles take 7 MB, the databases and their logs begin with one. With less, a start would end halfway, and
// each service would tell it in its own words.
const NEEDED_MB = 16;

const requireRoom = (path: string): void => {
  const { bavail, bsize, blocks } = statfsSync(path);
  const freeMb = Math.floor((bavail * bsize) / 2 ** 20);
  // Some file systems do not tell.
  if (blocks === 0 || freeMb >= NEEDED_MB) return;
  throw new LocalError(
    "DiskFull",
    `There is no room on the disk for ${path} (${freeMb} MB are free; a house needs ${NEEDED_MB}). Nothing is damaged. Make room and start again, or choose another folder with --data DIR.`,
  );
};

// An SQLite lock is the operating system's, so it is gone with the process however that ends; a pid file would have to
// guess whether its pid is still the same program.
const lock = (path: string): (() => void) => {
  try {
    const held = openSqlite(join(path, LOCK_FILE), {
      content: "The lock",
      fresh: "a new one",
      application: "SHlk",
      migrations: [],
    });
    return () => held.isOpen && held.close();
  } catch (cause) {
    if (!(cause instanceof LocalError && cause.code === "AlreadyRunning")) throw cause;
    throw new LocalError(
      "AlreadyRunning",
      `A house is already running on ${path}${pidOf(path)}. Stop it, or choose another folder with --data DIR.`,
      { cause },
    );
  }
};

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
  try {
    if (!existsSync(file)) writeFileAtomically(file, `${randomBytes(32).toString("hex")}\n`);
    const secret = readFileSync(file, "utf8").trim();
    if (!/^[0-9a-f]{64}$/.test(secret)) throw new Error("not 64 hexadecimal digits");
    chmodSync(file, 0o600);
    return secret;
  } catch (cause) {
    throw unusable(file, cause);
  }
};

/** Replaces a file's content in one step, readable by its owner only. */
export const writeFileAtomically = (file: string, text: string): void => {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, text, { mode: 0o600 });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
};
