// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.KeyConditionExpressions.html
import { JsonText } from "#local/wire/json-service.ts";
import type { DynaliteRequest, DynaliteTable, KeyRange } from "../store/dynalite-types.ts";
import { keyOf } from "../store/item-key.ts";
import type { Store } from "../store/store.ts";

// With these alone a query is for whole items of the table, and for all that are in its range.
const MEMBERS = new Set([
  "TableName",
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
 * Answers the query that asks for whole items of one partition, or for those whose sort key begins so, and whose answer is one
 * page: the items go out as they are stored. dynalite, whose answer it is to the byte, would read each, weigh each number of it
 * and write it again. Undefined for every other query.
 */
export const queryPartition = (store: Store, data: DynaliteRequest): JsonText | undefined => {
  const table = store.table(data.TableName);
  if (table === undefined) return undefined;
  const range = rangeOf(data, table.description);
  if (range === undefined) return undefined;
  const items: string[] = [];
  let bytes = 0;
  for (const json of store.readTable(table, range)) {
    bytes += bytesAtMost(json);
    if (bytes >= PAGE_BYTES) return undefined;
    items.push(json);
  }
  return new JsonText(
    `{"ScannedCount":${items.length},"Count":${items.length},"Items":[${items.join(",")}]}`,
  );
};

// For each 3 KB of an item its sort key, of at most 1 KB, and 18 bytes count once more; for all else more is written as JSON
// than counts. (dynalite: itemSize)
const bytesAtMost = (json: string): number =>
  json.length + 8 + Math.floor(json.length / 3072) * 1042;

const rangeOf = (data: DynaliteRequest, table: DynaliteTable): KeyRange | undefined => {
  for (const member in data) {
    if (data[member] !== undefined && !MEMBERS.has(member)) return undefined;
  }
  const { KeyConditions: conditions = {} } = data;
  const [hashKey, sortKey] = table.KeySchema.map(({ AttributeName }) => AttributeName);
  const partition = textIn(data, table, hashKey, "EQ");
  if (hashKey === undefined || partition === undefined) return undefined;
  const start = keyOf({ [hashKey]: { S: partition } }, table, table.KeySchema.slice(0, 1));
  const reverse = data.ScanIndexForward === false;
  if (Object.keys(conditions).length === 1) return { gte: start, lt: `${start}~`, reverse };
  const prefix = textIn(data, table, sortKey, "BEGINS_WITH");
  if (prefix === undefined) return undefined;
  const first = `${start}${Buffer.from(prefix, "utf8").toString("hex")}`;
  return { gte: `${first}/`, lt: `${first}~`, reverse };
};

/** What the condition on a key attribute of texts compares it with, where it is of that kind. */
const textIn = (
  { KeyConditions = {} }: DynaliteRequest,
  { AttributeDefinitions }: DynaliteTable,
  name: string | undefined,
  operator: string,
): string | undefined => {
  const condition = name === undefined ? undefined : KeyConditions[name];
  if (condition?.ComparisonOperator !== operator) return undefined;
  const isText = AttributeDefinitions.some(
    ({ AttributeName, AttributeType }) => AttributeName === name && AttributeType === "S",
  );
  const content = condition.AttributeValueList?.[0]?.S;
  return isText && typeof content === "string" && content !== "" ? content : undefined;
};
