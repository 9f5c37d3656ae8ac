import type { AttributeMap } from "./dynalite-types.ts";
import { updateIndexRows } from "./index-rows.ts";
import type { Store } from "./store.ts";

const SLICE = 500;

/** Takes out items whose time to live has passed, up to 500 at once, and client tokens that have run out. */
export const sweep = (store: Store, nowMs: number): void => {
  const tables = new Map(store.tables().map((table) => [table.id, table] as const));
  const expired = store.expired(Math.floor(nowMs / 1000), SLICE);
  store.transaction(() => {
    store.forgetRequests(nowMs);
    for (const { id, tableId, key, json } of expired) {
      const table = tables.get(tableId);
      if (table !== undefined) {
        const before = JSON.parse(json) as AttributeMap;
        updateIndexRows(store, table, { itemId: id, itemKey: key, before, after: undefined });
      }
      store.removeItem(id);
    }
  });
};
