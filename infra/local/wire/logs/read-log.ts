import { closeSync, fstatSync, openSync, readdirSync, readFileSync } from "node:fs";
import { nextNumber, olderPieces } from "./log-file.ts";

/** A part of a log, as it was in one file. */
export interface LogPiece {
  /** Grows with time; a line keeps its piece's number and its place in it for as long as it is kept. */
  readonly number: number;
  /** Whole lines; none that is half written while it is read. */
  readonly lines: readonly string[];
}

/**
 * The names of the logs in a folder, which end in `.log`; also of one that was killed before its next piece began.
 * @throws Error where there is no such folder
 */
export const logsIn = (directory: string): readonly string[] => [
  ...new Set(
    readdirSync(directory).flatMap((name) => /^(.+\.log)(?:\.\d+)?$/.exec(name)?.[1] ?? []),
  ),
];

/** Everything that is kept of a log, the oldest first; nothing where there is no such log. It may be written to meanwhile. */
export const readLog = (path: string): readonly LogPiece[] => {
  // Held before the others are listed: it may become one of them at any moment, and is then not read twice, and not missed.
  const growing = openIfThere(path);
  try {
    const ino = growing === undefined ? undefined : fstatSync(growing).ino;
    const older = growing === undefined ? olderIfThere(path) : olderPieces(path);
    const pieces: (LogPiece & { readonly ino: number })[] = [];
    // The newest first: those that go meanwhile are the oldest, so that what is left out lies before all the rest.
    for (const piece of older.toReversed()) {
      const file = openIfThere(piece.path);
      if (file === undefined) break;
      try {
        pieces.unshift({
          number: piece.number,
          ino: fstatSync(file).ino,
          lines: wholeLines(file),
        });
      } finally {
        closeSync(file);
      }
    }
    if (growing === undefined || pieces.some((piece) => piece.ino === ino)) return pieces;
    return [...pieces, { number: nextNumber(older), lines: wholeLines(growing) }];
  } finally {
    if (growing !== undefined) closeSync(growing);
  }
};

// What is behind the last newline is half a line.
const wholeLines = (file: number): readonly string[] =>
  readFileSync(file, "utf8").split("\n").slice(0, -1);

const openIfThere = (path: string): number | undefined => {
  try {
    return openSync(path, "r");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

const olderIfThere = (path: string): ReturnType<typeof olderPieces> => {
  try {
    return olderPieces(path);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
};

const isMissing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ENOENT";
