import { sameBytes } from "#domain/log/hashing.ts";

/** The names of records whose entries are in a log, each with when its entry was made, epoch milliseconds. */
export type EntryNames = ReadonlyMap<string, number>;

/** What a process knows of logs since its passes before. It may forget: then the log is read. */
export interface KnownEntries {
  /** All entries of the log with this root that were made at `sinceMs` or later; undefined where they are not known. */
  find(log: string, root: Uint8Array, sinceMs: number): EntryNames | undefined;
  /** Keeps what was read of a log with this root. */
  keep(log: string, root: Uint8Array, sinceMs: number, names: EntryNames): void;
  /** Adds the entries that were appended at `atMs` to the log with the root `before`, which has `after` since. */
  add(
    log: string,
    before: Uint8Array,
    after: Uint8Array,
    names: readonly string[],
    atMs: number,
  ): void;
}

// Some 40 MB. A house that runs scenes all the time makes 100,000 entries in the minutes that a pass looks back.
const MOST_NAMES = 200_000;

interface Kept {
  root: Uint8Array;
  sinceMs: number;
  readonly names: Map<string, number>;
}

/** Knows nothing yet, and of all logs together never more than `most` names. */
export const knownEntries = (most = MOST_NAMES): KnownEntries => {
  // The one that was asked for last is the last.
  const logs = new Map<string, Kept>();
  let count = 0;
  const forget = (log: string): void => {
    count -= logs.get(log)?.names.size ?? 0;
    logs.delete(log);
  };
  const hold = (log: string, kept: Kept): void => {
    logs.set(log, kept);
    count += kept.names.size;
    for (const oldest of logs.keys()) {
      if (count <= most) break;
      forget(oldest);
    }
  };
  return {
    find: (log, root, sinceMs) => {
      const kept = logs.get(log);
      if (kept === undefined || kept.sinceMs > sinceMs || !sameBytes(kept.root, root)) {
        return undefined;
      }
      forget(log);
      for (const [name, atMs] of kept.names) if (atMs < sinceMs) kept.names.delete(name);
      kept.sinceMs = sinceMs;
      hold(log, kept);
      return kept.names;
    },
    keep: (log, root, sinceMs, names) => {
      forget(log);
      hold(log, { root, sinceMs, names: new Map(names) });
    },
    add: (log, before, after, names, atMs) => {
      const kept = logs.get(log);
      if (kept === undefined || !sameBytes(kept.root, before)) return;
      forget(log);
      for (const name of names) kept.names.set(name, atMs);
      kept.root = after;
      hold(log, kept);
    },
  };
};
