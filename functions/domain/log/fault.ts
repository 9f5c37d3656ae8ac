import { isPrintable } from "#domain/printable.ts";
import type { LeafKind } from "./leaf.ts";

/** What is wrong with an export: a stable word for programs, the entry that it is about, and a sentence for people. */
export interface Fault {
  readonly code: FaultCode;
  /** The first entry that it is about; what is about none comes before all that is. */
  readonly entry?: number;
  readonly sentence: string;
}

export type FaultCode =
  | "HeadUnreadable"
  | "HeadForeign"
  | "HeadUnsigned"
  | "HeadChanged"
  | "LogCutOff"
  | "LogForked"
  | "RootDiffers"
  | "TileChanged"
  | "TileMissing"
  | "EntriesMissing"
  | "EntryChanged"
  | "EntryRemoved"
  | "EntryInserted"
  | "EntriesReordered"
  | "EntryUnreadable"
  | "TimeFell"
  | "RecordUnreadable"
  | "RecordChanged"
  | "RecordRemoved"
  | "RecordInserted"
  | "RecordsReordered"
  | "RecordNotSealed"
  | "MeaningBroken";

/** An entry in words, e.g. `entry 4711 (acknowledgement, sealed 2026-11-27T22:45:03.000Z)`. */
export const entryInWords = (
  index: number,
  leaf: { readonly kind: LeafKind; readonly at: number } | undefined,
): string => {
  if (leaf === undefined) return `entry ${index}`;
  // A time that no calendar has stays a number.
  const time = Math.abs(leaf.at) <= 8.64e15 ? new Date(leaf.at).toISOString() : String(leaf.at);
  return `entry ${index} (${leaf.kind}, sealed ${time})`;
};

/** Entries `from` to `from + count − 1` in words. */
export const entriesInWords = (from: number, count: number): string =>
  count === 1
    ? `entry ${from}`
    : `entries ${from} ${count === 2 ? "and" : "to"} ${from + count - 1}`;

/** A sentence begins with a capital. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A text of an export for a terminal: what that would obey instead of showing is replaced. */
export const visible = (text: string): string =>
  [...text].map((sign) => (isPrintable(sign) ? sign : "\ufffd")).join("");

/** Collects what is found; of a log that is broken a million times, the first hundred and the number. */
export interface Faults {
  readonly add: (fault: Fault) => void;
  /** What is about the whole first, then by entry. */
  readonly list: () => readonly Fault[];
  readonly count: () => number;
}

/** Begins without faults. */
export const noFaults = (): Faults => {
  const list: Fault[] = [];
  let count = 0;
  return {
    add: (fault) => {
      count += 1;
      if (list.length < MOST) list.push(fault);
    },
    list: () => list.toSorted((one, other) => (one.entry ?? -1) - (other.entry ?? -1)),
    count: () => count,
  };
};

const MOST = 100;
