import type { Item } from "#domain/log/leaf.ts";
import type { Tile } from "#domain/log/tiles.ts";
import type { LogHead, RecordKey, SealedRecord } from "./seal-batch.ts";

/** A tile that is full, and its bytes. */
export interface FullTile {
  readonly tile: Tile;
  readonly bytes: Uint8Array;
}

/** What came of the attempt to append. */
export type Appended =
  | { readonly is: "appended" }
  /** Somebody else appended meanwhile. */
  | { readonly is: "overtaken" }
  /** DynamoDB could not decide between two at once; nothing was written. */
  | { readonly is: "contended" }
  /** These records are sealed already; nothing was written. */
  | { readonly is: "sealed before"; readonly records: readonly RecordKey[] };

/** What a log says of itself, from a size on: how many days its records are kept, and which key signs its heads. */
export interface LogTerms {
  readonly size: number;
  readonly days: number;
  readonly vkey: string;
  readonly nowMs: number;
}

/** Where a log is kept. */
export interface LogStore {
  /** Takes the log for itself until a moment; false while somebody else has it. It saves work; `append` is what is safe. */
  readonly takeLease: (log: string, nowMs: number, untilMs: number) => Promise<boolean>;
  readonly giveLeaseBack: (log: string, untilMs: number) => Promise<void>;
  readonly readHead: (log: string) => Promise<LogHead | undefined>;
  /** How many entries the last signed head has. */
  readonly readSignedSize: (log: string) => Promise<number>;
  /** The names of the records whose entries were made at `sinceMs` or later, each with when that was. */
  readonly sealedSince: (log: string, sinceMs: number) => Promise<ReadonlyMap<string, number>>;
  /** The records as they are stored; one that is gone is left out. */
  readonly readRecords: (
    keys: readonly RecordKey[],
  ) => Promise<readonly { readonly key: RecordKey; readonly item: Item }[]>;
  /** The hashes of entries `from` to `to`, without the last. */
  readonly readLeafHashes: (
    log: string,
    from: number,
    to: number,
  ) => Promise<readonly Uint8Array[]>;
  /** The bytes of full tiles `from` to `to` of a level, without the last. */
  readonly readTiles: (
    log: string,
    level: number,
    from: number,
    to: number,
  ) => Promise<readonly Uint8Array[]>;
  /** Appends all or nothing, if the log is still at `before`. */
  readonly append: (
    log: string,
    before: LogHead,
    after: LogHead,
    sealed: readonly SealedRecord[],
    tiles: readonly FullTile[],
  ) => Promise<Appended>;
  /** Keeps a signed head, unless one of as many entries is kept. */
  readonly putCheckpoint: (log: string, size: number, note: string) => Promise<void>;
  /** Writes the record of what a log says of itself, unless it is there. */
  readonly putTerms: (log: string, terms: LogTerms) => Promise<RecordKey>;
}
