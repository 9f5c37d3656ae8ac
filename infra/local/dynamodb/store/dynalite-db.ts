import Stream from "node:stream";
import db from "dynalite/db/index.js";
import type { AttributeMap, DynaliteDb, DynaliteRequest, KeyRange } from "./dynalite-types.ts";
import { indexesOf, indexKey, projected, updateIndexRows, wrongKeys } from "./index-rows.ts";
import { checkItemSize } from "./item-size.ts";
import type { Store, Table } from "./store.ts";
import { expiryOf } from "./time-to-live.ts";

/** Reads that dynalite has asked for and that begin when its action has returned. */
export type PendingReads = (() => void)[];

// dynalite's reader knows streams of node's first kind by their class, and asks them to stop by `destroy`.
class ItemStream extends Stream {
  stopped = false;
  destroy(): void {
    this.stopped = true;
  }
}

const streamOf = (
  pending: PendingReads,
  rows: () => Iterable<string>,
  shown: (item: AttributeMap) => AttributeMap,
): ItemStream => {
  const stream = new ItemStream();
  pending.push(() => {
    for (const json of rows()) {
      stream.emit("data", shown(parseItem(json)));
      if (stream.stopped) break;
    }
    stream.emit("end");
  });
  return stream;
};

const parseItem = (json: string): AttributeMap => JSON.parse(json) as AttributeMap;

/** The items of a table as dynalite's actions read and write them. Writing an item writes its index rows with it. */
export const itemDb = (
  store: Store,
  table: Table,
  pending: PendingReads,
  onRead?: (item: AttributeMap | undefined) => void,
): DynaliteDb => {
  const known = new Map<string, { readonly id: number; readonly item: AttributeMap } | undefined>();
  const read = (key: string) => {
    if (known.has(key)) return known.get(key);
    const stored = store.item(table, key);
    const found = stored && { id: stored.id, item: parseItem(stored.json) };
    known.set(key, found);
    return found;
  };
  return {
    // One request at a time, so there is nothing to lock.
    lock: (_key, run) => run((done) => done),
    get: (key, done) => {
      const item = read(key)?.item;
      onRead?.(item);
      done(undefined, item);
    },
    put: (key, item, done) => {
      checkItemSize(item, "Item size to update has exceeded the maximum allowed size");
      const wrong = wrongKeys(item, table.description);
      if (wrong !== undefined) throw wrong;
      const before = read(key)?.item;
      const id = store.putItem(table, key, JSON.stringify(item), expiryOf(item, table.settings));
      updateIndexRows(store, table, { itemId: id, itemKey: key, before, after: item });
      known.delete(key);
      done(undefined);
    },
    del: (key, done) => {
      const before = read(key);
      if (before !== undefined) {
        const change = { itemId: before.id, itemKey: key, before: before.item, after: undefined };
        updateIndexRows(store, table, change);
        store.removeItem(before.id);
        known.delete(key);
      }
      done(undefined);
    },
    createValueStream: (range) =>
      streamOf(
        pending,
        () => store.readTable(table, range),
        (item) => item,
      ),
  };
};

/** The rows of an index as dynalite's queries and scans read them. */
export const indexDb = (
  store: Store,
  table: Table,
  name: string,
  request: DynaliteRequest,
  pending: PendingReads,
  shows: { readonly whole: boolean },
): DynaliteDb => {
  const { description } = table;
  const index = indexesOf(description).find(({ IndexName }) => IndexName === name);
  if (index === undefined) throw new Error(`dynalite asked for an unknown index: ${name}`);
  const afterStart = (range: KeyRange): KeyRange => {
    const start = request.ExclusiveStartKey;
    const key =
      start && indexKey(start, description, index.KeySchema, db.createKey(start, description));
    if (key === undefined) return range;
    // dynalite's own start key ends in a hash of the item's key; our rows end in the key itself.
    return range.reverse === true ? { ...range, lt: key } : { ...range, gt: key };
  };
  return {
    lock: (_key, run) => run((done) => done),
    get: () => {
      throw new Error("dynalite read a single row of an index");
    },
    // Index rows are written with their item; what dynalite would write here is not wanted.
    put: (_key, _item, done) => done(undefined),
    del: (_key, done) => done(undefined),
    createValueStream: (range) =>
      streamOf(
        pending,
        () => store.readIndex(table, name, afterStart(range)),
        shows.whole ? (item) => item : (item) => projected(item, description, index),
      ),
  };
};
