// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
import db from "dynalite/db/index.js";
import { JsonText } from "#local/wire/json-service.ts";
import type { Json } from "../store/check-request.ts";
import type { AttributeMap, DynaliteRequest } from "../store/dynalite-types.ts";
import { keyOf } from "../store/item-key.ts";
import type { Store } from "../store/store.ts";

// Far from where an answer ends, whoever counts: an item is more characters as JSON than it counts.
const MOST_CHARACTERS = 1024 * 1024;

/**
 * The JSON of each item of a batch of whole items, by table, where one answer holds them all. Undefined for every other batch, and
 * for one at which something is wrong: dynalite, which would read each item, weigh it and write it again, says what.
 */
export const batchOfStored = (
  store: Store,
  { RequestItems = {}, ...more }: DynaliteRequest,
): Readonly<Record<string, readonly string[]>> | undefined => {
  if (more.ReturnConsumedCapacity !== undefined) return undefined;
  const found: Record<string, readonly string[]> = {};
  let characters = 0;
  for (const [name, request] of Object.entries(RequestItems)) {
    const table = store.table(name);
    const keys = keysOf(request);
    if (table === undefined || keys === undefined) return undefined;
    const items: string[] = [];
    for (const key of keys) {
      if (db.validateKey(key, table.description)) return undefined;
      const item = store.item(table, keyOf(key, table.description));
      if (item === undefined) continue;
      characters += item.json.length;
      if (characters >= MOST_CHARACTERS) return undefined;
      items.push(item.json);
    }
    found[name] = shuffled(items);
  }
  return found;
};

/** The answer with these items, of which none is left over. */
export const jsonByTable = (items: Json): JsonText => {
  const tables = Object.entries(items).map(
    ([name, texts]) => `${JSON.stringify(name)}:[${(texts as readonly string[]).join(",")}]`,
  );
  return new JsonText(`{"Responses":{${tables.join(",")}},"UnprocessedKeys":{}}`);
};

/** The keys of what is asked of a table, where that is nothing but them. */
const keysOf = (request: unknown): readonly AttributeMap[] | undefined => {
  const {
    Keys,
    ConsistentRead: _,
    ...more
  } = request as {
    readonly Keys: readonly AttributeMap[];
    readonly ConsistentRead?: boolean;
  };
  return Object.values(more).some((member) => member !== undefined) ? undefined : Keys;
};

// The order of an answer says nothing, and nobody shall come to rely on one.
const shuffled = (items: readonly string[]): readonly string[] => {
  const order = [...items];
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = Math.floor(Math.random() * (at + 1));
    [order[at], order[other]] = [order[other] ?? "", order[at] ?? ""];
  }
  return order;
};
