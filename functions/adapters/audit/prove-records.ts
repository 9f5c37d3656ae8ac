import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { queryPages } from "#adapters/sdk/query-pages.ts";
import { type Checkpoint, parseCheckpoint } from "#domain/log/checkpoint.ts";
import { leafHashOf, sameBytes } from "#domain/log/hashing.ts";
import { commitmentOf, type Item, parseLeaf } from "#domain/log/leaf.ts";
import { isSignedBy, type NoteKey, parseNote } from "#domain/log/note.ts";
import { inclusionProof, provesInclusion } from "#domain/log/proofs.ts";
import { nodeSha256 } from "./node-sha256.ts";
import type { LogReader } from "./read-log.ts";
import { storedItem } from "./stored-item.ts";
import { verifyEd25519 } from "./verify-ed25519.ts";

/** A record of a partition of the audit table, exactly as it is stored. */
export interface StoredRecord {
  readonly sortKey: string;
  readonly item: Item;
}

/** All records of a partition: one query, with its pages. */
export const storedRecords = async (
  client: Pick<DynamoDBClient, "send">,
  auditTable: string,
  partition: string,
): Promise<readonly StoredRecord[]> => {
  const records: StoredRecord[] = [];
  const pages = queryPages(client, () => ({
    TableName: auditTable,
    KeyConditionExpression: "PK = :partition",
    ExpressionAttributeValues: { ":partition": { S: partition } },
    ConsistentRead: true,
  }));
  for await (const { Items = [] } of pages) {
    for (const item of Items) {
      records.push({ sortKey: item.SK?.S ?? "", item: storedItem(item) });
    }
  }
  return records;
};

/** A signed head whose signature was checked. */
export interface SignedHead extends Checkpoint {
  readonly note: string;
}

/** The head of a log, signed by a key; or why it is not. */
export const signedHead = async (
  log: LogReader,
  name: string,
  key: NoteKey,
): Promise<SignedHead | "no head" | "badly signed" | "not signed"> => {
  const head = await log.head(name);
  if (head === undefined) return "no head";
  const signed = await isSignedBy(nodeSha256, verifyEd25519, parseNote(head.note), key);
  if (signed !== "signed") return signed;
  return { ...parseCheckpoint(parseNote(head.note).text), note: head.note };
};

/** How a record stands to its log. */
export type RecordProof =
  | { readonly is: "not sealed" }
  | { readonly is: "changed"; readonly index: number }
  | { readonly is: "not in the tree"; readonly index: number }
  | {
      readonly is: "proved";
      readonly index: number;
      /** The bytes of the entry. */
      readonly entry: Uint8Array;
      readonly salt: Uint8Array;
      readonly hashes: readonly Uint8Array[];
    };

/** Recomputes, for each of a partition's records, its commitment, its entry and the way from there to the signed root. */
export const proveRecords = async (
  log: LogReader,
  name: string,
  partition: string,
  records: readonly StoredRecord[],
  head: SignedHead,
): Promise<readonly RecordProof[]> => {
  const receipts = await log.receiptsOf(partition);
  const hashAt = log.hashes(name, head.size);
  return Promise.all(
    records.map(async ({ sortKey, item }): Promise<RecordProof> => {
      const receipt = receipts.get(sortKey);
      if (receipt === undefined || receipt.index >= head.size) return { is: "not sealed" };
      const { index, salt } = receipt;
      const { bytes } = await log.entry(name, index);
      if (!sameBytes(parseLeaf(bytes).commit, commitmentOf(nodeSha256, salt, item))) {
        return { is: "changed", index };
      }
      const leafHash = leafHashOf(nodeSha256, bytes);
      const hashes = await inclusionProof(nodeSha256, hashAt, index, head.size);
      return provesInclusion(nodeSha256, { index, leafHash, ...head }, hashes)
        ? { is: "proved", index, entry: bytes, salt, hashes }
        : { is: "not in the tree", index };
    }),
  );
};
