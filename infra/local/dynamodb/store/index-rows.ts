// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html
import type { AwsError } from "#local/wire/aws-service.ts";
import type { AttributeMap, DynaliteTable, KeySchema, SecondaryIndex } from "./dynalite-types.ts";
import { validationError } from "./dynamo-error.ts";
import { keyOf, keyPart } from "./item-key.ts";
import type { Store, Table } from "./store.ts";

const MAX_HASH_KEY_BYTES = 2048;
const MAX_RANGE_KEY_BYTES = 1024;

/** All secondary indexes of a table, local ones first. */
export const indexesOf = (table: DynaliteTable): readonly SecondaryIndex[] => [
  ...(table.LocalSecondaryIndexes ?? []),
  ...(table.GlobalSecondaryIndexes ?? []),
];

/**
 * The place of an item in an index; undefined where the item lacks a key attribute.
 * It ends with the whole key of the item, so that two items never share a place. (dynalite ends it with 24 bits of a
 * hash, and loses rows that collide.)
 */
export const indexKey = (
  item: AttributeMap,
  table: DynaliteTable,
  keySchema: KeySchema,
  itemKey: string,
): string | undefined =>
  keySchema.every(({ AttributeName }) => keyPart(item, table, AttributeName) !== undefined)
    ? `${keyOf(item, table, keySchema)}${itemKey}`
    : undefined;

/** Moves the rows of an item in all indexes from what it was to what it is. */
export const updateIndexRows = (
  store: Store,
  table: Table,
  change: {
    readonly itemId: number;
    readonly itemKey: string;
    readonly before: AttributeMap | undefined;
    readonly after: AttributeMap | undefined;
  },
): void => {
  const { description } = table;
  const { before, after, itemKey, itemId } = change;
  for (const { IndexName, KeySchema } of indexesOf(description)) {
    const was = before && indexKey(before, description, KeySchema, itemKey);
    const is = after && indexKey(after, description, KeySchema, itemKey);
    if (was === is) continue;
    if (was !== undefined) store.removeIndexRow(table, IndexName, was);
    if (is !== undefined) store.addIndexRow(table, IndexName, is, itemId);
  }
};

/** What DynamoDB asks of key attributes and dynalite does not check: no empty index key, and sizes in bytes. */
export const wrongKeys = (item: AttributeMap, table: DynaliteTable): AwsError | undefined => {
  const tooLong = keyTooLong(item, table.KeySchema);
  if (tooLong !== undefined) return tooLong;
  for (const { IndexName, KeySchema } of indexesOf(table)) {
    for (const { AttributeName } of KeySchema) {
      if (keyPart(item, table, AttributeName) === "") {
        const kind = item[AttributeName]?.S === undefined ? "binary" : "string";
        return validationError(
          "One or more parameter values are not valid. A value specified for a secondary index key is not supported. " +
            `The AttributeValue for a key attribute cannot contain an empty ${kind} value. IndexName: ${IndexName}, IndexKey: ${AttributeName}`,
        );
      }
    }
    const indexKeyTooLong = keyTooLong(item, KeySchema);
    if (indexKeyTooLong !== undefined) return indexKeyTooLong;
  }
  return undefined;
};

const keyTooLong = (item: AttributeMap, keySchema: KeySchema): AwsError | undefined => {
  for (const { AttributeName, KeyType } of keySchema) {
    const content = item[AttributeName]?.S;
    if (typeof content !== "string") continue;
    const isHash = KeyType === "HASH";
    const bytes = Buffer.byteLength(content, "utf8");
    if (bytes > (isHash ? MAX_HASH_KEY_BYTES : MAX_RANGE_KEY_BYTES)) {
      return validationError(
        isHash
          ? "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes"
          : "One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes",
      );
    }
  }
  return undefined;
};

/** What an index shows of an item. */
export const projected = (
  item: AttributeMap,
  table: DynaliteTable,
  index: SecondaryIndex,
): AttributeMap => {
  if (index.Projection.ProjectionType === "ALL") return item;
  const names = new Set([
    ...table.KeySchema.map(({ AttributeName }) => AttributeName),
    ...index.KeySchema.map(({ AttributeName }) => AttributeName),
    ...(index.Projection.NonKeyAttributes ?? []),
  ]);
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name)));
};
