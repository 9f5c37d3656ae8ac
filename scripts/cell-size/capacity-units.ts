// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html#read-write-request-units
import type { TableDescription } from "@aws-sdk/client-dynamodb";
import { itemBytes } from "#local/dynamodb/store/item-size.ts";

/** An item in DynamoDB's own notation. */
export type Item = Parameters<typeof itemBytes>[0];

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.StorageConsiderations
const OVERHEAD_BYTES = 100;

/** What an item is billed for as long as it is kept, in a table or in an index. */
export const storedBytes = (item: Item): number => itemBytes(item) + OVERHEAD_BYTES;

/** Write request units: one for each begun KiB. */
export const writeUnits = (item: Item): number => Math.ceil(itemBytes(item) / 1024);

/** Read request units of what a query read: one for each begun 4 KiB of all items together, half where it may be stale. */
export const readUnits = (bytes: number, isConsistent: boolean): number =>
  Math.max(1, Math.ceil(bytes / 4096)) * (isConsistent ? 1 : 0.5);

/** What an item takes of one index that it is in. */
export interface IndexEntry {
  readonly index: string;
  readonly units: number;
  readonly storedBytes: number;
  /** Is it in a partition that the items of all homes share for a day? */
  readonly isInOneDay: boolean;
}

/** What each index takes that the item is in: of the item only what is projected. */
export const indexEntries = (item: Item, table: TableDescription): readonly IndexEntry[] => {
  const tableKeys = keysOf(table.KeySchema);
  return (table.GlobalSecondaryIndexes ?? []).flatMap(({ IndexName, KeySchema, Projection }) => {
    const keys = keysOf(KeySchema);
    if (IndexName === undefined || keys.some((key) => item[key] === undefined)) return [];
    const kept = new Set([...tableKeys, ...keys, ...(Projection?.NonKeyAttributes ?? [])]);
    const projected =
      Projection?.ProjectionType === "ALL"
        ? item
        : Object.fromEntries(Object.entries(item).filter(([name]) => kept.has(name)));
    const partition = Object.values(item[keys[0] ?? ""] ?? {})[0];
    return [
      {
        index: IndexName,
        units: writeUnits(projected),
        storedBytes: storedBytes(projected),
        isInOneDay: /^\d{4}-\d\d-\d\d$/.test(String(partition)),
      },
    ];
  });
};

const keysOf = (schema: TableDescription["KeySchema"]): readonly string[] =>
  (schema ?? []).flatMap(({ AttributeName }) =>
    AttributeName === undefined ? [] : [AttributeName],
  );
