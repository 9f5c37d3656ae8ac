import {
  type AttributeValue,
  BatchGetItemCommand,
  type BatchGetItemCommandInput,
  type BatchGetItemCommandOutput,
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  type QueryCommandInput,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { nodeSha256 } from "#adapters/audit/node-sha256.ts";
import { storedItem } from "#adapters/audit/stored-item.ts";
import { dynamoDbClient as client } from "#adapters/dynamodb-client.ts";
import { putOnce } from "#adapters/sdk/put-once.ts";
import { queryPages } from "#adapters/sdk/query-pages.ts";
import { retentionRecord } from "#domain/audit/changes/retention-record.ts";
import { stampOf } from "#domain/audit/stamp.ts";
import {
  CHECKPOINT_KEY,
  entryKey,
  HEAD_KEY,
  LEASE_KEY,
  logControlKey,
  logKey,
  receiptKey,
  recordName,
  tileKey,
} from "#domain/home/keys.ts";
import { leafHashOf, logInvalid } from "#domain/log/hashing.ts";
import { parseLeaf } from "#domain/log/leaf.ts";
import type { Appended, FullTile, LogStore } from "#domain/log/sealing/log-store.ts";
import type { LogHead, RecordKey, SealedRecord } from "#domain/log/sealing/seal-batch.ts";
import { toHex } from "#domain/sha256.ts";

type Attributes = Record<string, AttributeValue>;

const RECEIPT_DIGITS = 16;
// The most that BatchGetItem takes.
const BATCH = 100;
const FIRST_ENTRY = entryKey(0);
const LAST_ENTRY = entryKey(999_999_999_999);

/** The log table, and the records of the audit table that are sealed in it. */
export const openLogTable = (logTable: string, auditTable: string): LogStore => {
  const get = async (PK: string, SK: string): Promise<Attributes | undefined> =>
    (
      await client.send(
        new GetItemCommand({
          TableName: logTable,
          Key: marshall({ PK, SK }),
          ConsistentRead: true,
        }),
      )
    ).Item;
  async function* query(input: Omit<QueryCommandInput, "TableName">): AsyncGenerator<Attributes> {
    const pages = queryPages(client, () => ({
      TableName: logTable,
      ConsistentRead: true,
      KeyConditionExpression: "PK = :log AND SK BETWEEN :first AND :last",
      ...input,
    }));
    for await (const { Items = [] } of pages) yield* Items;
  }
  const between = (log: string, first: string, last: string) => ({
    ":log": { S: logKey(log) },
    ":first": { S: first },
    ":last": { S: last },
  });
  /** Puts an item that must be in a certain state; false when it is not, also where an equal one stands: a lease may be another's. */
  const putIf = async (
    item: object,
    ConditionExpression: string,
    values: object,
  ): Promise<boolean> => {
    try {
      await client.send(
        new PutItemCommand({
          TableName: logTable,
          Item: marshall(item),
          ConditionExpression,
          ExpressionAttributeValues: marshall(values),
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };

  return {
    takeLease: (log, nowMs, untilMs) =>
      putIf(
        { PK: logControlKey(log), SK: LEASE_KEY, heldUntil: untilMs },
        "attribute_not_exists(PK) OR heldUntil < :now",
        { ":now": nowMs },
      ),
    giveLeaseBack: async (log, untilMs) => {
      await putIf(
        { PK: logControlKey(log), SK: LEASE_KEY, heldUntil: 0 },
        // Whoever took it meanwhile keeps it.
        "heldUntil = :own",
        { ":own": untilMs },
      );
    },
    readHead: async (log) => {
      const item = await get(logKey(log), HEAD_KEY);
      return item === undefined ? undefined : parseHead(log, item);
    },
    readSignedSize: async (log) => {
      const item = await get(logControlKey(log), CHECKPOINT_KEY);
      return Number(item?.leaves?.N ?? 0);
    },
    sealedSince: async (log, sinceMs) => {
      const names = new Map<string, number>();
      const entries = query({
        ExpressionAttributeValues: between(log, FIRST_ENTRY, LAST_ENTRY),
        ScanIndexForward: false,
        Limit: 200,
      });
      for await (const { leaf, rec } of entries) {
        const { at } = parseLeaf(bytesOfText(leaf));
        if (at < sinceMs) break;
        if (rec?.S !== undefined) names.set(rec.S, at);
      }
      return names;
    },
    readRecords: async (keys) => {
      const found = new Map<string, Attributes>();
      for (let at = 0; at < keys.length; at += BATCH) {
        const Keys = keys.slice(at, at + BATCH).map(({ PK, SK }) => marshall({ PK, SK }));
        let asked: BatchGetItemCommandInput["RequestItems"] = {
          [auditTable]: { Keys, ConsistentRead: true },
        };
        // Large records are more than one answer holds: the rest is asked for again.
        while (asked !== undefined && Object.keys(asked).length > 0) {
          const page: BatchGetItemCommandOutput = await client.send(
            new BatchGetItemCommand({ RequestItems: asked }),
          );
          for (const item of page.Responses?.[auditTable] ?? []) {
            found.set(recordName(item.PK?.S ?? "", item.SK?.S ?? ""), item);
          }
          asked = page.UnprocessedKeys;
        }
      }
      return keys.flatMap((key) => {
        const item = found.get(recordName(key.PK, key.SK));
        if (item === undefined) return [];
        const recordedAt = Number(item.recordedAt?.N ?? key.recordedAt);
        return [{ key: { ...key, recordedAt }, item: storedItem(item) }];
      });
    },
    readLeafHashes: async (log, from, to) => {
      const hashes: Uint8Array[] = [];
      const values = between(log, entryKey(from), entryKey(to - 1));
      for await (const { leaf } of query({ ExpressionAttributeValues: values })) {
        hashes.push(leafHashOf(nodeSha256, bytesOfText(leaf)));
      }
      return hashes;
    },
    readTiles: async (log, level, from, to) => {
      const tiles: Uint8Array[] = [];
      if (from === to) return tiles;
      const values = between(log, tileKey(level, from), tileKey(level, to - 1));
      for await (const { hashes } of query({ ExpressionAttributeValues: values })) {
        if (hashes?.B === undefined) throw logInvalid(`A tile of the log of ${log} has no hashes.`);
        tiles.push(hashes.B);
      }
      return tiles;
    },
    append: async (log, before, after, sealed, tiles) => {
      const items = [
        headItem(log, before, after),
        ...sealed.map((one) => entryItem(log, one)),
        ...sealed.map(receiptItem),
        ...tiles.map((one) => tileItem(log, one)),
      ].map((item): TransactWriteItem => ({ Put: { TableName: logTable, ...item } }));
      try {
        await client.send(new TransactWriteItemsCommand({ TransactItems: items }));
        return { is: "appended" };
      } catch (error) {
        if (!(error instanceof TransactionCanceledException)) throw error;
        return cancelled(error, sealed);
      }
    },
    putCheckpoint: async (log, size, note) => {
      await putIf(
        { PK: logControlKey(log), SK: CHECKPOINT_KEY, leaves: size, note },
        "attribute_not_exists(PK) OR leaves < :size",
        { ":size": size },
      );
    },
    putTerms: async (log, terms) => {
      const record = retentionRecord(log, terms);
      const { expiresAt: _, ...stamp } = stampOf(record.PK, terms.nowMs, terms.days);
      // One that is there was left by a pass that was cut off.
      await putOnce(client, {
        TableName: auditTable,
        Item: marshall({ ...record, ...stamp }),
        ConditionExpression: "attribute_not_exists(PK)",
      });
      return { PK: record.PK, SK: record.SK, recordedAt: terms.nowMs };
    },
  };
};

/** Which of these records have a receipt in the log table. */
export const openReceipts =
  (logTable: string) =>
  async (keys: readonly RecordKey[]): Promise<ReadonlySet<string>> => {
    const sealed = new Set<string>();
    for (let at = 0; at < keys.length; at += BATCH) {
      const byReceipt = new Map(
        keys.slice(at, at + BATCH).map((key) => {
          const { PK, SK } = receiptKeyOf(key);
          return [recordName(PK, SK), key] as const;
        }),
      );
      let asked: BatchGetItemCommandInput["RequestItems"] = {
        [logTable]: {
          Keys: [...byReceipt.values()].map((key) => marshall(receiptKeyOf(key))),
          ProjectionExpression: "PK, SK",
          ConsistentRead: true,
        },
      };
      while (asked !== undefined && Object.keys(asked).length > 0) {
        const page: BatchGetItemCommandOutput = await client.send(
          new BatchGetItemCommand({ RequestItems: asked }),
        );
        for (const { PK, SK } of page.Responses?.[logTable] ?? []) {
          const key = byReceipt.get(recordName(PK?.S ?? "", SK?.S ?? ""));
          if (key !== undefined) sealed.add(recordName(key.PK, key.SK));
        }
        asked = page.UnprocessedKeys;
      }
    }
    return sealed;
  };

interface ConditionalPut {
  readonly Item: Attributes;
  readonly ConditionExpression: string;
  readonly ExpressionAttributeValues?: Attributes;
}

const IF_ABSENT = { ConditionExpression: "attribute_not_exists(PK)" } as const;

// The compare and swap that the whole log rests on: nothing is appended to a head that has moved.
const headItem = (log: string, before: LogHead, after: LogHead): ConditionalPut => ({
  Item: marshall(
    {
      PK: logKey(log),
      SK: HEAD_KEY,
      leaves: after.tree.size,
      root: after.root,
      frontier: after.tree.hashes,
      madeAt: after.at,
      sealedTo: after.sealedTo,
      terms: after.terms,
    },
    { removeUndefinedValues: true },
  ),
  ...(before.tree.size === 0
    ? IF_ABSENT
    : {
        ConditionExpression: "leaves = :leaves AND root = :root",
        ExpressionAttributeValues: marshall({ ":leaves": before.tree.size, ":root": before.root }),
      }),
});

const entryItem = (log: string, { key, index, leaf }: SealedRecord): ConditionalPut => ({
  Item: marshall({
    PK: logKey(log),
    SK: entryKey(index),
    leaf: new TextDecoder().decode(leaf),
    rec: recordName(key.PK, key.SK),
    recordedAt: key.recordedAt,
  }),
  ...IF_ABSENT,
});

/** With the salt, and the mark "sealed"; it goes with its record. */
const receiptItem = ({ key, index, salt, item }: SealedRecord): ConditionalPut => {
  const { expiresAt } = item;
  return {
    Item: {
      ...marshall({ ...receiptKeyOf(key), index, salt }),
      ...(isNumber(expiresAt) ? { expiresAt } : {}),
    },
    ...IF_ABSENT,
  };
};

const isNumber = (value: unknown): value is { readonly N: string } =>
  typeof value === "object" && value !== null && "N" in value && typeof value.N === "string";

const receiptKeyOf = ({ PK, SK }: RecordKey): { readonly PK: string; readonly SK: string } => {
  const name = nodeSha256(new TextEncoder().encode(recordName(PK, SK)));
  return { PK, SK: receiptKey(SK, toHex(name).slice(0, RECEIPT_DIGITS)) };
};

const tileItem = (log: string, { tile, bytes }: FullTile): ConditionalPut => ({
  Item: marshall({ PK: logKey(log), SK: tileKey(tile.level, tile.index), hashes: bytes }),
  ...IF_ABSENT,
});

/** Why a transaction was cancelled, by its parts: the head, the entries, the receipts, the tiles. */
const cancelled = (
  error: TransactionCanceledException,
  sealed: readonly SealedRecord[],
): Appended => {
  const reasons = (error.CancellationReasons ?? []).map(({ Code }) => Code);
  const failed = (at: number): boolean => reasons[at] === "ConditionalCheckFailed";
  if (reasons.includes("TransactionConflict")) return { is: "contended" };
  if (failed(0)) return { is: "overtaken" };
  const before = sealed.filter((_, at) => failed(1 + sealed.length + at)).map(({ key }) => key);
  if (before.length > 0) return { is: "sealed before", records: before };
  if (reasons.some((reason) => reason === "ConditionalCheckFailed")) {
    throw logInvalid("The log has an entry or a tile beyond its head.", error);
  }
  throw error;
};

const bytesOfText = (attribute: AttributeValue | undefined): Uint8Array =>
  new TextEncoder().encode(attribute?.S ?? "");

const parseHead = (log: string, item: Attributes): LogHead => {
  const { leaves, root, frontier, madeAt, sealedTo, terms } = item;
  const size = Number(leaves?.N);
  const hashes = frontier?.L?.map((hash) => hash.B);
  if (
    !Number.isSafeInteger(size) ||
    root?.B === undefined ||
    hashes === undefined ||
    !hashes.every((hash) => hash !== undefined)
  ) {
    throw logInvalid(`The head of the log of ${log} is not one.`);
  }
  return {
    tree: { size, hashes },
    root: root.B,
    at: Number(madeAt?.N ?? 0),
    sealedTo: Number(sealedTo?.N ?? 0),
    ...(terms?.S === undefined ? {} : { terms: terms.S }),
  };
};
