import { isObject } from "#local/wire/json.ts";
import type { AttributeMap, DynaliteRequest } from "./dynalite-types.ts";
import { isPlainItem } from "./plain-item.ts";

type Json = Readonly<Record<string, unknown>>;

// What dynalite's checks say of a request with these members alone depends on nothing but them, the operation, and the names
// and types of its values.
const MEMBERS = new Set([
  "TableName",
  "IndexName",
  "Item",
  "Key",
  "ConditionExpression",
  "KeyConditionExpression",
  "ExpressionAttributeNames",
  "ExpressionAttributeValues",
  "ConsistentRead",
  "ScanIndexForward",
  "ReturnValues",
  "ReturnConsumedCapacity",
  "ReturnItemCollectionMetrics",
  "ReturnValuesOnConditionCheckFailure",
]);
// An update changes what is made of its expression while it is carried out.
const OPERATIONS = new Set(["DeleteItem", "GetItem", "PutItem", "Query"]);
// Where dynalite keeps what it read from expressions, with the values.
const CONDITIONS = ["KeyConditions", "_condition", "_keyCondition"];
// These look at the values themselves.
const BY_VALUE = /between|attribute_type/i;
const MAX_VALUE_LENGTH = 1024;
const MOST_KNOWN = 100;

/** Requests that come again and again with other items and values, such as those of each run. */
export interface KnownRequests {
  /** What two requests share that are checked with the same result; absent for one that has to be checked by itself. */
  sameAs(operation: string, raw: Json): string | undefined;
  /** What dynalite made of such a request before, with the item, key and values of this one. */
  find(same: string, raw: Json): DynaliteRequest | undefined;
  keep(same: string, data: DynaliteRequest): void;
}

/** Remembers what requests were checked to be: a parsed expression costs more than the write. */
export const knownRequests = (): KnownRequests => {
  const known = new Map<string, DynaliteRequest>();
  return {
    sameAs: (operation, raw) => {
      if (!OPERATIONS.has(operation)) return undefined;
      let same = operation;
      for (const member in raw) {
        if (!MEMBERS.has(member)) return undefined;
        const part = sharedPart(member, raw[member]);
        if (part === undefined) return undefined;
        same += `\n${member} ${part}`;
      }
      return same;
    },
    find: (same, raw) => {
      const data = known.get(same);
      return data === undefined ? undefined : withItsOwn(data, raw);
    },
    keep: (same, data) => {
      if (known.size < MOST_KNOWN) known.set(same, data);
    },
  };
};

/** What a member must have in common with another's to be checked as that; undefined where nothing would do. */
const sharedPart = (member: string, content: unknown): string | undefined => {
  switch (member) {
    case "Item":
    case "Key":
      return isPlainItem(content) ? "" : undefined;
    case "ExpressionAttributeValues":
      return isPlainItem(content) ? typesOf(content) : undefined;
    case "ConditionExpression":
    case "KeyConditionExpression":
      return typeof content === "string" && !BY_VALUE.test(content)
        ? JSON.stringify(content)
        : undefined;
    default:
      return JSON.stringify(content);
  }
};

const typesOf = (values: AttributeMap): string | undefined => {
  const types: string[] = [];
  for (const name in values) {
    const { S, N } = values[name] ?? {};
    const content = S ?? N;
    if (typeof content !== "string" || content === "") return undefined;
    if (content.length > MAX_VALUE_LENGTH) return undefined;
    types.push(name, S === undefined ? "N" : "S");
  }
  return types.length === 0 ? undefined : JSON.stringify(types);
};

/** The checked request with the item, the key and the values of another; its conditions hold the values themselves. */
const withItsOwn = (known: DynaliteRequest, raw: Json): DynaliteRequest => {
  const data = parseRequest({
    ...known,
    ...(raw.Item === undefined ? {} : { Item: raw.Item }),
    ...(raw.Key === undefined ? {} : { Key: raw.Key }),
  });
  if (raw.ExpressionAttributeValues === undefined) return data;
  const is = parseValues(raw.ExpressionAttributeValues);
  const replaced = new Map(
    Object.entries(parseValues(known.ExpressionAttributeValues)).map(([name, value]) => [
      value,
      is[name],
    ]),
  );
  const own: Record<string, unknown> = { ...data, ExpressionAttributeValues: is };
  for (const member of CONDITIONS) {
    if (known[member] !== undefined) own[member] = withValues(known[member], replaced);
  }
  return parseRequest(own);
};

const withValues = (part: unknown, replaced: ReadonlyMap<unknown, unknown>): unknown => {
  if (Array.isArray(part)) return part.map((one) => withValues(one, replaced));
  if (!isObject(part)) return part;
  const value = replaced.get(part);
  if (value !== undefined) return value;
  // As dynalite's own, without a prototype: it looks attributes up in them, whatever they are called.
  const copy: Record<string, unknown> = { __proto__: null };
  for (const name in part) copy[name] = withValues(part[name], replaced);
  return copy;
};

const parseRequest = (data: object): DynaliteRequest => data as DynaliteRequest;
const parseValues = (values: unknown): AttributeMap => values as AttributeMap;
