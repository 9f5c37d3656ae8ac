import { errorOfFile, keepSizes, openDatabase } from "./open-database.ts";
import { type RequestTokens, requestTokens } from "./request-tokens.ts";
import { sqlOf } from "./sql.ts";
import { type StoredItems, storedItems } from "./stored-items.ts";
import { type StoredOrder, storedOrder } from "./stored-order.ts";
import { type StoredTables, storedTables } from "./stored-tables.ts";
import { type Turns, turnsOf } from "./turn.ts";

export type { Table, TableSettings } from "./stored-tables.ts";

/** Tables, items and index rows in one SQLite file. Synchronous: a request that began is alone until it ends. */
export interface Store extends StoredTables, StoredItems, StoredOrder, RequestTokens, Turns {
  /** An error of the file as it is told: damage as what it is; any other as it came. */
  told(error: unknown): unknown;
  close(): void;
}

/**
 * Opens or creates the file; no other process can open it meanwhile.
 * @throws LocalError as `openSqlite` does
 */
export const openStore = (file: string): Store => {
  const db = openDatabase(file);
  const sql = sqlOf(db);
  const { afterTransaction, ...tables } = storedTables(sql);
  let areSizesKept = false;
  const keepSizesOnce = (): void => {
    if (areSizesKept) return;
    keepSizes(db);
    areSizesKept = true;
  };
  const turns = turnsOf(db, sql, afterTransaction, keepSizesOnce);
  const items = storedItems(sql);
  return {
    ...tables,
    ...items,
    itemCount: (table) => {
      keepSizesOnce();
      return items.itemCount(table);
    },
    ...storedOrder(sql),
    ...requestTokens(sql),
    ...turns,
    told: (error) => errorOfFile(db, error),
    close: () => {
      try {
        turns.commit();
      } finally {
        db.close();
      }
    },
  };
};
