import { statSync } from "node:fs";
import { LocalError } from "./local-error.ts";

/** What a damaged file is told as: what cannot be read, and what to do. */
export type TellDamaged = (file: string, why: string) => string;

/**
 * The error of a file or folder that cannot be used, told as what it is: a full disk and another user's file are not
 * damaged, and nobody should throw them away. All that is neither is `DataDamaged`.
 */
export const unusable = (
  file: string,
  cause: unknown,
  tellDamaged: TellDamaged = (damaged, why) =>
    `${damaged} is damaged (${why}). Restore it, or move its folder away and start with an empty one.`,
): LocalError => {
  const why = reason(cause);
  switch (kindOf(cause)) {
    case "full":
      return new LocalError(
        "DiskFull",
        `There is no room on the disk for ${file} (${why}). Nothing is damaged. Make room and start again, or choose another folder with --data DIR.`,
        { cause },
      );
    case "closed":
      return new LocalError(
        "DataNotAccessible",
        `${file} cannot be opened by this user${ownerOf(file)} (${why}). Nothing is damaged. Start as the user whose it is, have it given to you (sudo chown -R), or choose another folder with --data DIR.`,
        { cause },
      );
    case "broken":
      return new LocalError(
        "StartFailed",
        `${file} cannot be read or written (${why}). Look at its disk; nothing is known to be damaged.`,
        { cause },
      );
    case "damaged":
      return new LocalError("DataDamaged", tellDamaged(file, why), { cause });
  }
};

/** The text of an error on one line. */
export const reason = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause)).replace(/\s+/g, " ");

/** SQLite's primary result code of an error; undefined for one that is not SQLite's. */
export const sqliteCode = (error: unknown): number | undefined =>
  error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : undefined;

/** Is this what SQLite says of a file that is not as it was written? */
export const isDamage = (error: unknown): boolean =>
  SQLITE_DAMAGED.includes(sqliteCode(error) ?? -1) ||
  (error instanceof Error && "errcode" in error && error.errcode === SQLITE_IOERR_SHORT_READ);

const FULL = ["ENOSPC", "EDQUOT"];
const CLOSED = ["EACCES", "EPERM", "EROFS", "ENOENT", "ENOTDIR", "EISDIR"];
const BROKEN = ["EIO", "EMFILE", "ENFILE"];
// https://www.sqlite.org/rescode.html
const SQLITE_IOERR = 10;
const SQLITE_IOERR_SHORT_READ = 522;
const SQLITE_FULL = 13;
// SQLITE_CORRUPT, SQLITE_NOTADB
const SQLITE_DAMAGED = [11, 26];
// SQLITE_PERM, SQLITE_READONLY, SQLITE_CANTOPEN
const SQLITE_CLOSED = [3, 8, 14];

const kindOf = (cause: unknown): "full" | "closed" | "broken" | "damaged" => {
  if (!(cause instanceof Error)) return "damaged";
  const code = "code" in cause ? String(cause.code) : "";
  if (FULL.includes(code)) return "full";
  if (CLOSED.includes(code)) return "closed";
  if (BROKEN.includes(code)) return "broken";
  const sqlite = sqliteCode(cause);
  if (sqlite === undefined) return "damaged";
  if (sqlite === SQLITE_FULL) return "full";
  if (SQLITE_CLOSED.includes(sqlite)) return "closed";
  // A file that is shorter than its own pages say was cut off.
  const isCutOff = "errcode" in cause && cause.errcode === SQLITE_IOERR_SHORT_READ;
  return sqlite === SQLITE_IOERR && !isCutOff ? "broken" : "damaged";
};

const ownerOf = (file: string): string => {
  try {
    const { uid } = statSync(file);
    return uid === process.getuid?.() ? "" : `; it belongs to the user with the id ${uid}`;
  } catch {
    // It is not there, or its folder is closed: the message does without.
    return "";
  }
};
