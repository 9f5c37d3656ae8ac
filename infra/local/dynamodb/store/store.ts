import { openDatabase } from "./open-database.ts";
import { type RequestTokens, requestTokens } from "./request-tokens.ts";
import { sqlOf } from "./sql.ts";
import { type StoredItems, storedItems } from "./stored-items.ts";
import { type StoredOrder, storedOrder } from "./stored-order.ts";
import { type StoredTables, storedTables } from "./stored-tables.ts";

export type { Table, TableSettings } from "./stored-tables.ts";

/** Tables, items and index rows in one SQLite file. Synchronous: a request that began is alone until it ends. */
export interface Store extends StoredTables, StoredItems, StoredOrder, RequestTokens {
  /** Everything inside is kept, or nothing of it. Acknowledged means committed. */
  transaction<T>(run: () => T): T;
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
  return {
    ...tables,
    ...storedItems(sql),
    ...storedOrder(sql),
    ...requestTokens(sql),
    transaction: (run) => {
      let isKept = false;
      sql("BEGIN IMMEDIATE").run();
      try {
        const result = run();
        sql("COMMIT").run();
        isKept = true;
        return result;
      } catch (error) {
        if (db.isTransaction) sql("ROLLBACK").run();
        throw error;
      } finally {
        afterTransaction(isKept);
      }
    },
    close: () => db.close(),
  };
};
