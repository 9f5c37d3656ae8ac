import { logOf, recordName } from "#domain/home/keys.ts";
import { append, emptyTree, type Frontier, rootOf } from "#domain/log/frontier.ts";
import { leafHashOf, type Sha256 } from "#domain/log/hashing.ts";
import { commitmentOf, type Item, makeLeaf } from "#domain/log/leaf.ts";
import { kindOfRecord } from "#domain/log/record-kind.ts";

/** How far a log has come. */
export interface LogHead {
  readonly tree: Frontier;
  /** Its root, which also tells two heads of one size apart. */
  readonly root: Uint8Array;
  /** When its last entry was made, epoch milliseconds: the times of entries never fall. */
  readonly at: number;
  /** Until when every record that was found is sealed, epoch milliseconds. */
  readonly sealedTo: number;
  /** What its last entry about itself says: how long records are kept, and which key signs. */
  readonly terms?: string;
}

/** The head of a log that has no entry. */
export const emptyHead = (sha256: Sha256): LogHead => ({
  tree: emptyTree,
  root: rootOf(sha256, emptyTree),
  at: 0,
  sealedTo: 0,
});

/** A record by its keys, as the index bySeal tells of it. */
export interface RecordKey {
  readonly PK: string;
  readonly SK: string;
  /** Epoch milliseconds. */
  readonly recordedAt: number;
}

/** A record's keys in one text, as its entry names it. */
export const nameOf = ({ PK, SK }: RecordKey): string => recordName(PK, SK);

/** Records by the log that they belong to. */
export const byLog = (keys: readonly RecordKey[]): ReadonlyMap<string, readonly RecordKey[]> =>
  Map.groupBy(keys, ({ PK }) => logOf(PK));

/** A record that is to be sealed, in DynamoDB's own JSON, with the random bytes that hide it. */
export interface SaltedRecord {
  readonly key: RecordKey;
  readonly item: Item;
  readonly salt: Uint8Array;
}

/** A record with its place in the log. */
export interface SealedRecord extends SaltedRecord {
  readonly index: number;
  /** The bytes of its entry. */
  readonly leaf: Uint8Array;
  readonly leafHash: Uint8Array;
}

/** Orders records as they are sealed: by the time at which they were written, of one moment by their keys. */
export const bySealing = (one: RecordKey, other: RecordKey): number =>
  one.recordedAt - other.recordedAt || compare(one.PK, other.PK) || compare(one.SK, other.SK);

const compare = (one: string, other: string): number => Number(one > other) - Number(one < other);

/** The entries of records, in the order in which they are given, and the head of the log with them. */
export const sealBatch = (
  sha256: Sha256,
  head: LogHead,
  records: readonly SaltedRecord[],
  nowMs: number,
): { readonly sealed: readonly SealedRecord[]; readonly head: LogHead } => {
  // Clocks differ: an entry is never older than the one before it, nor than its record.
  const at = Math.max(nowMs, head.at, ...records.map(({ key }) => key.recordedAt));
  let { tree } = head;
  const sealed = records.map((record): SealedRecord => {
    const { PK, SK } = record.key;
    const commit = commitmentOf(sha256, record.salt, record.item);
    const leaf = makeLeaf({ kind: kindOfRecord(PK, SK), at, commit });
    const leafHash = leafHashOf(sha256, leaf);
    const index = tree.size;
    tree = append(sha256, tree, leafHash);
    return { ...record, index, leaf, leafHash };
  });
  return { sealed, head: { ...head, tree, root: rootOf(sha256, tree), at } };
};
