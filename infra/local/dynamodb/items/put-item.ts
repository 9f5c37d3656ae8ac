// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html
import db from "dynalite/db/index.js";
import check from "dynalite/validations/putItem.js";
import type { Json } from "../store/check-request.ts";
import type { AttributeMap, DynaliteRequest } from "../store/dynalite-types.ts";
import { fromDynalite, tableNotFound } from "../store/dynamo-error.ts";
import { updateIndexRows, wrongKeys } from "../store/index-rows.ts";
import { keyOf } from "../store/item-key.ts";
import type { Store, Table } from "../store/store.ts";
import { expiryOf } from "../store/time-to-live.ts";
import { type ItemAction, type OnRead, writeOperation } from "./item-action.ts";

/** What dynalite's rules say against a request. @throws AwsError */
const refuse = (error: Error | null | undefined): void => {
  if (error) throw fromDynalite(error);
};

const tableFor = (store: Store, { TableName, Item }: DynaliteRequest): Table => {
  const table = store.table(TableName);
  if (table === undefined) throw tableNotFound();
  refuse(db.validateItem(Item, table.description));
  return table;
};

const answer = (data: DynaliteRequest, before: AttributeMap | undefined): Json => ({
  ...(before !== undefined && data.ReturnValues === "ALL_OLD" ? { Attributes: before } : {}),
  ConsumedCapacity: db.addConsumedCapacity(data, false, before, data.Item),
});

// dynalite's rules in the order of its own action, without what that does beside them: it works out the rows of indexes that
// it keeps itself, and passes through queues of another library. Both together cost more than the write.
const putItem = (store: Store, data: DynaliteRequest, onRead?: OnRead): Json => {
  const table = tableFor(store, data);
  const { Item: after } = data;
  const key = keyOf(after, table.description);
  const stored = store.item(table, key);
  const before = stored && (JSON.parse(stored.json) as AttributeMap);
  onRead?.(before);
  refuse(db.checkConditional(data, before));
  refuse(wrongKeys(after, table.description));
  const itemId = store.putItem(table, key, JSON.stringify(after), expiryOf(after, table.settings));
  updateIndexRows(store, table, { itemId, itemKey: key, before, after });
  return answer(data, before);
};

/**
 * Puts an item where there is none, for which nothing has to be read: that it is the first of its key tells the write itself.
 * Undefined, and nothing is written, where there is one or the condition wants one.
 */
export const putNewItem = (store: Store, data: DynaliteRequest): Json | undefined => {
  const table = tableFor(store, data);
  const { Item: after } = data;
  // Of an item that is there the condition may say more, and that comes before what is wrong with keys.
  if (db.checkConditional(data, undefined) || wrongKeys(after, table.description)) return undefined;
  const key = keyOf(after, table.description);
  const json = JSON.stringify(after);
  const expiresAt = expiryOf(after, table.settings);
  const isNew = store.write(() => {
    const itemId = store.addItem(table, key, json, expiresAt);
    if (itemId === undefined) return false;
    updateIndexRows(store, table, { itemId, itemKey: key, before: undefined, after });
    return true;
  });
  return isNew ? answer(data, undefined) : undefined;
};

/** How one item is put; transactions do it the same way. */
export const PUT_ITEM_ACTION: ItemAction = { name: "PutItem", check, carryOut: putItem };

/** PutItem. */
export const PUT_ITEM = writeOperation(PUT_ITEM_ACTION, putNewItem);
