// What CloudWatch Logs bounds by a retention of days is bounded by size here: a computer in a house has a small disk.
import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";

/** How much of a log is kept. */
export interface LogBound {
  /** A log goes on in another file when this one would be longer. */
  readonly pieceBytes: number;
  /** Of what is older than the file that grows, at least so much, where so much was written; whole files go beyond it. */
  readonly keptBytes: number;
}

// At least the newest 16 MiB of each log, and 24 at the most. The workflow's log, which has each step with its data, holds some 230
// scenes of ten devices then; those of functions, with a KiB a scene and less, hold years.
const BOUND: LogBound = { pieceBytes: 4 * 1024 * 1024, keptBytes: 16 * 1024 * 1024 };

/** A log that is written to. One at a time for a file, in one process. */
export interface LogFile {
  /**
   * Appends whole lines. They are the system's when it returns, so that none is lost with a killed process.
   * @throws Error as the file system says it; then no half line is left, and maybe not all of them
   */
  write(lines: string): void;
  close(): void;
}

/** One file of what a log was before, e.g. `home.log.3` of `home.log`; the number grows, and no file is renamed a second time. */
export interface OlderPiece {
  readonly number: number;
  readonly path: string;
}

/** Opens a log for its owner, and makes it where it is missing. @throws Error as the file system says it */
export const openLog = (path: string, bound: LogBound = BOUND): LogFile => {
  let file = openPiece(path);
  let bytes = fstatSync(file).size;
  const beginPiece = (): void => {
    const older = olderPieces(path);
    // It is not there where another piece could not be begun the last time.
    if (existsSync(path)) renameSync(path, `${path}.${nextNumber(older)}`);
    const fresh = openPiece(path);
    closeSync(file);
    file = fresh;
    bytes = 0;
    dropBeyond(path, bound.keptBytes);
  };
  return {
    write: (lines) => {
      const text = Buffer.from(lines);
      if (bytes > 0 && bytes + text.length > bound.pieceBytes) {
        try {
          beginPiece();
        } catch {
          // A folder in which nothing can be made now: the lines go behind those that are there, and the next write tries again.
        }
      }
      try {
        appendFileSync(file, text);
      } catch (error) {
        cutHalfLine(file);
        throw error;
      }
      bytes += text.length;
    },
    close: () => closeSync(file),
  };
};

/** The files of what a log was before, the oldest first. */
export const olderPieces = (path: string): readonly OlderPiece[] => {
  const [directory, beginning] = [dirname(path), `${basename(path)}.`];
  return readdirSync(directory)
    .flatMap((name) => {
      const number = name.startsWith(beginning) ? name.slice(beginning.length) : "";
      return /^\d+$/.test(number) ? [{ number: Number(number), path: join(directory, name) }] : [];
    })
    .sort((one, other) => one.number - other.number);
};

/** The number that the file that grows gets when it is full. */
export const nextNumber = (older: readonly OlderPiece[]): number => (older.at(-1)?.number ?? 0) + 1;

// What a log holds may be about the home: for the owner only.
const openPiece = (path: string): number => {
  const file = openSync(path, "a+", 0o600);
  cutHalfLine(file);
  return file;
};

/** Keeps the newest files until they are enough, and removes the others. */
const dropBeyond = (path: string, keptBytes: number): void => {
  let kept = 0;
  for (const piece of olderPieces(path).toReversed()) {
    if (kept >= keptBytes) rmSync(piece.path, { force: true });
    else kept += statSync(piece.path).size;
  }
};

const NEWLINE = "\n".charCodeAt(0);
const BLOCK_BYTES = 64 * 1024;

/** Cuts off what a full disk, or the end of a process, left of a line: the next would be appended to it. */
const cutHalfLine = (file: number): void => {
  const { size } = fstatSync(file);
  const block = Buffer.allocUnsafe(BLOCK_BYTES);
  for (let end = size; end > 0; end -= BLOCK_BYTES) {
    const start = Math.max(0, end - BLOCK_BYTES);
    const read = readSync(file, block, 0, end - start, start);
    const at = block.subarray(0, read).lastIndexOf(NEWLINE);
    if (at < 0) continue;
    if (start + at + 1 < size) ftruncateSync(file, start + at + 1);
    return;
  }
  if (size > 0) ftruncateSync(file, 0);
};
