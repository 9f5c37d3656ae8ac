// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.KeyConditionExpressions.html
import db from "dynalite/db/index.js";
import { JsonText } from "#local/wire/json-service.ts";
import type {
  AttributeMap,
  DynaliteRequest,
  DynaliteTable,
  KeyRange,
  SecondaryIndex,
} from "../store/dynalite-types.ts";
import { keyOf } from "../store/item-key.ts";
import type { Store } from "../store/store.ts";
import { keysIn } from "./keys-in.ts";

// With these alone a query is for whole items, as the table or the index has them, and for all that are in its range.
const MEMBERS = new Set([
  "TableName",
  "IndexName",
  "ConsistentRead",
  "ScanIndexForward",
  "ExpressionAttributeNames",
  "ExpressionAttributeValues",
  "KeyConditionExpression",
  "KeyConditions",
  "_keyCondition",
]);
const PAGE_BYTES = 1024 * 1024;

/**
 * Answers the first page of the query that asks for whole items of one partition of a table, or for those whose sort key begins
 * so; and of one partition of a global index that shows keys alone, or of what is not below a sort key there. The items go out as
 * they are stored. dynalite, whose answer it is to the byte, would read each, weigh each number of it and write it again.
 * Undefined for every other query.
 */
export const queryPartition = (store: Store, data: DynaliteRequest): JsonText | undefined => {
  const table = store.table(data.TableName);
  if (table === undefined) return undefined;
  const { description } = table;
  const { IndexName } = data;
  const index = IndexName === undefined ? undefined : indexOfKeys(data, description);
  if (IndexName !== undefined && index === undefined) return undefined;
  const range = rangeOf(data, description, index);
  if (range === undefined) return undefined;
  const names = keyNames(description, index);
  const rows =
    index === undefined
      ? store.readTable(table, range)
      : keysIn(store.readIndex(table, index.IndexName, range), names);
  return firstPage(rows, description, names);
};

const firstPage = (
  rows: Iterable<string>,
  { KeySchema: [, sort] }: DynaliteTable,
  names: readonly string[],
): JsonText => {
  const items: string[] = [];
  const answer = (last?: AttributeMap): JsonText => {
    const key = last && Object.fromEntries(names.map((name) => [name, last[name]]));
    return new JsonText(
      `{"ScannedCount":${items.length},${key ? `"LastEvaluatedKey":${JSON.stringify(key)},` : ""}"Count":${items.length},"Items":[${items.join(",")}]}`,
    );
  };
  let most = 0;
  let weighed = 0;
  let bytes = 0;
  for (const json of rows) {
    items.push(json);
    most += bytesAtMost(json);
    if (most < PAGE_BYTES) continue;
    for (; weighed < items.length; weighed += 1) {
      const item = parseItem(items[weighed]);
      bytes += db.itemSize(item, true, true, sort?.AttributeName);
      if (bytes >= PAGE_BYTES) return answer(item);
    }
  }
  return answer();
};

const parseItem = (json = ""): AttributeMap => JSON.parse(json) as AttributeMap;

// For each 3 KB of an item its sort key, of at most 1 KB, and 18 bytes count once more; for all else more is written as JSON
// than counts. (dynalite: itemSize)
const bytesAtMost = (json: string): number =>
  json.length + 8 + Math.floor(json.length / 3072) * 1042;

/** The index that is asked, where it shows keys alone; dynalite refuses to read it consistently. */
const indexOfKeys = (
  { IndexName, ConsistentRead }: DynaliteRequest,
  { GlobalSecondaryIndexes = [] }: DynaliteTable,
): SecondaryIndex | undefined => {
  const index = GlobalSecondaryIndexes.find((one) => one.IndexName === IndexName);
  const isOfKeys = index?.Projection.ProjectionType === "KEYS_ONLY";
  return isOfKeys && ConsistentRead !== true ? index : undefined;
};

const keyNames = (table: DynaliteTable, index: SecondaryIndex | undefined): readonly string[] => [
  ...new Set(
    [...table.KeySchema, ...(index?.KeySchema ?? [])].map(({ AttributeName }) => AttributeName),
  ),
];

const rangeOf = (
  data: DynaliteRequest,
  table: DynaliteTable,
  index: SecondaryIndex | undefined,
): KeyRange | undefined => {
  for (const member in data) {
    if (data[member] !== undefined && !MEMBERS.has(member)) return undefined;
  }
  const { KeyConditions: conditions = {} } = data;
  const { KeySchema: schema } = index ?? table;
  const [hashKey, sortKey] = schema.map(({ AttributeName }) => AttributeName);
  const partition = valueIn(data, table, hashKey, "EQ");
  if (hashKey === undefined || partition?.S === undefined) return undefined;
  const start = keyOf({ [hashKey]: partition }, table, schema.slice(0, 1));
  const reverse = data.ScanIndexForward === false;
  if (Object.keys(conditions).length === 1) return { gte: start, lt: `${start}~`, reverse };
  const least = valueIn(data, table, sortKey, "GE");
  if (sortKey !== undefined && least !== undefined) {
    const gte = keyOf({ [hashKey]: partition, [sortKey]: least }, table, schema);
    return { gte, lt: `${start}~`, reverse };
  }
  const prefix = valueIn(data, table, sortKey, "BEGINS_WITH")?.S;
  if (prefix === undefined) return undefined;
  const first = `${start}${Buffer.from(prefix, "utf8").toString("hex")}`;
  return { gte: `${first}/`, lt: `${first}~`, reverse };
};

/** What the condition on a key attribute, of texts or of numbers, compares it with, where it is of that kind. */
const valueIn = (
  { KeyConditions = {} }: DynaliteRequest,
  { AttributeDefinitions }: DynaliteTable,
  name: string | undefined,
  operator: string,
): { readonly S?: string; readonly N?: string } | undefined => {
  const condition = name === undefined ? undefined : KeyConditions[name];
  if (condition?.ComparisonOperator !== operator) return undefined;
  const type = AttributeDefinitions.find(
    ({ AttributeName }) => AttributeName === name,
  )?.AttributeType;
  if (type !== "S" && type !== "N") return undefined;
  const content = condition.AttributeValueList?.[0]?.[type];
  return typeof content === "string" && content !== "" ? { [type]: content } : undefined;
};
