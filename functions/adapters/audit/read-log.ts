import { type AttributeValue, type DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { queryPages } from "#adapters/sdk/query-pages.ts";
import { CHECKPOINT_KEY, entryKey, logControlKey, logKey, tileKey } from "#domain/home/keys.ts";
import { leafHashOf, logInvalid } from "#domain/log/hashing.ts";
import type { HashAt } from "#domain/log/proofs.ts";
import {
  hashesOfTiles,
  hashOfTile,
  TILE_WIDTH,
  type Tile,
  tileBytes,
  tileHashes,
} from "#domain/log/tiles.ts";
import { nodeSha256 } from "./node-sha256.ts";

/** Where a record stands in its log, and the salt of its commitment. */
export interface Receipt {
  readonly index: number;
  readonly salt: Uint8Array;
  /** The receipt's own, in the partition of the record. */
  readonly sortKey: string;
}

/** An entry of a log, and the name of the record that it was made of. */
export interface LogEntry {
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly record: string;
}

/** Reads the logs of the log table; each question is one query (with its pages), or one read by key. */
export interface LogReader {
  /** The signed head of a log; undefined while there is none. */
  head(log: string): Promise<{ readonly size: number; readonly note: string } | undefined>;
  /** The receipts of all records of a partition of the audit table, by their sort keys. */
  receiptsOf(partition: string): Promise<ReadonlyMap<string, Receipt>>;
  entry(log: string, index: number): Promise<LogEntry>;
  /** The entries `from` to `to`, without the last, in order. */
  entries(log: string, from: number, to: number): AsyncGenerator<LogEntry>;
  /** The hashes of a log of `size` entries; each tile is read once. */
  hashes(log: string, size: number): HashAt;
}

type Attributes = Record<string, AttributeValue>;

/** Opens the log table. */
export const openLog = (client: Pick<DynamoDBClient, "send">, tableName: string): LogReader => {
  const get = async (PK: string, SK: string): Promise<Attributes | undefined> => {
    const Key = { PK: { S: PK }, SK: { S: SK } };
    const { Item } = await client.send(
      new GetItemCommand({ TableName: tableName, Key, ConsistentRead: true }),
    );
    return Item;
  };
  async function* query(PK: string, first?: string, last?: string): AsyncGenerator<Attributes> {
    const pages = queryPages(client, () => ({
      TableName: tableName,
      KeyConditionExpression:
        first === undefined ? "PK = :partition" : "PK = :partition AND SK BETWEEN :first AND :last",
      ExpressionAttributeValues: {
        ":partition": { S: PK },
        ...(first === undefined || last === undefined
          ? {}
          : { ":first": { S: first }, ":last": { S: last } }),
      },
      ConsistentRead: true,
    }));
    for await (const { Items = [] } of pages) yield* Items;
  }
  async function* entries(log: string, from: number, to: number): AsyncGenerator<LogEntry> {
    if (from >= to) return;
    let index = from;
    for await (const item of query(logKey(log), entryKey(from), entryKey(to - 1))) {
      const entry = parseEntry(item);
      if (entry.index !== index)
        throw logInvalid(`Entry ${index} of the log of ${log} is missing.`);
      index += 1;
      yield entry;
    }
    if (index < to) throw logInvalid(`Entry ${index} of the log of ${log} is missing.`);
  }
  const fullTile = (log: string, item: Attributes | undefined, tile: string): Uint8Array => {
    if (item?.hashes?.B !== undefined) return item.hashes.B;
    throw logInvalid(`The tile ${tile} of the log of ${log} is missing.`);
  };
  const tile = async (log: string, { level, index, width }: Tile): Promise<Uint8Array> => {
    if (width === TILE_WIDTH) {
      return fullTile(log, await get(logKey(log), tileKey(level, index)), `${level}/${index}`);
    }
    // Only full tiles are kept: a partial one is made of what is below it.
    const first = index * TILE_WIDTH;
    const hashes: Uint8Array[] = [];
    if (level === 0) {
      for await (const { bytes } of entries(log, first, first + width)) {
        hashes.push(leafHashOf(nodeSha256, bytes));
      }
      return tileBytes(hashes);
    }
    const below = { level: level - 1, width: TILE_WIDTH };
    const keys = [tileKey(below.level, first), tileKey(below.level, first + width - 1)] as const;
    for await (const item of query(logKey(log), ...keys)) {
      const bytes = fullTile(log, item, `${below.level}/${first + hashes.length}`);
      const one = tileHashes(bytes, { ...below, index: first + hashes.length });
      hashes.push(hashOfTile(nodeSha256, one));
    }
    return tileBytes(hashes);
  };
  return {
    head: async (log) => {
      const item = await get(logControlKey(log), CHECKPOINT_KEY);
      if (item === undefined) return undefined;
      return { size: Number(item.leaves?.N), note: item.note?.S ?? "" };
    },
    receiptsOf: async (partition) => {
      const receipts = new Map<string, Receipt>();
      for await (const { SK, index, salt } of query(partition)) {
        // The record's own sort key, and digits that tell records apart.
        const sortKey = (SK?.S ?? "").replace(/#[^#]*$/, "");
        if (salt?.B === undefined) continue;
        receipts.set(sortKey, { index: Number(index?.N), salt: salt.B, sortKey: SK?.S ?? "" });
      }
      return receipts;
    },
    entry: async (log, index) => {
      const item = await get(logKey(log), entryKey(index));
      if (item === undefined) throw logInvalid(`Entry ${index} of the log of ${log} is missing.`);
      return parseEntry(item);
    },
    entries,
    hashes: (log, size) => {
      const read = new Map<string, Promise<Uint8Array>>();
      return hashesOfTiles(nodeSha256, size, (one) => {
        const name = `${one.level}/${one.index}`;
        const known = read.get(name) ?? tile(log, one);
        read.set(name, known);
        return known;
      });
    },
  };
};

const parseEntry = ({ SK, leaf, rec }: Attributes): LogEntry => ({
  index: Number((SK?.S ?? "").replace(/^.*#/, "")),
  bytes: new TextEncoder().encode(leaf?.S ?? ""),
  record: rec?.S ?? "",
});
