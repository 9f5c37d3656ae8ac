import { numberOf, type Sql, textOf } from "./sql.ts";
import type { Table } from "./stored-tables.ts";

export interface StoredItem {
  readonly id: number;
  readonly json: string;
}

/** The items by table and key. */
export interface StoredItems {
  item(table: Table, key: string): StoredItem | undefined;
  putItem(table: Table, key: string, json: string, expiresAt: number | undefined): number;
  /** Adds an item and gives its id; undefined, and nothing is written, where the key has one. */
  addItem(
    table: Table,
    key: string,
    json: string,
    expiresAt: number | undefined,
  ): number | undefined;
  removeItem(id: number): void;
  setExpiry(id: number, expiresAt: number | undefined): void;
  allItems(table: Table): IterableIterator<{ id: number; key: string; json: string }>;
  itemCount(table: Table): { readonly count: number; readonly bytes: number };
  /** Ids of items whose time has come, oldest first. */
  expired(
    nowEpochSeconds: number,
    limit: number,
  ): readonly { id: number; tableId: number; key: string; json: string }[];
}

/** The items of a file. */
export const storedItems = (sql: Sql): StoredItems => ({
  item: (table, key) => {
    const row = sql("SELECT id, item FROM items WHERE table_id = ? AND key = ?").get(table.id, key);
    return row === undefined ? undefined : { id: numberOf(row.id), json: textOf(row.item) };
  },
  putItem: (table, key, json, expiresAt) => {
    const row = sql(
      `INSERT INTO items (table_id, key, item, expires_at) VALUES (?, ?, ?, ?)
         ON CONFLICT (table_id, key) DO UPDATE SET item = excluded.item, expires_at = excluded.expires_at RETURNING id`,
    ).get(table.id, key, json, expiresAt ?? null);
    return numberOf(row?.id);
  },
  addItem: (table, key, json, expiresAt) => {
    const { changes, lastInsertRowid } = sql(
      "INSERT INTO items (table_id, key, item, expires_at) VALUES (?, ?, ?, ?) ON CONFLICT (table_id, key) DO NOTHING",
    ).run(table.id, key, json, expiresAt ?? null);
    return changes === 0 ? undefined : Number(lastInsertRowid);
  },
  removeItem: (id) => {
    sql("DELETE FROM items WHERE id = ?").run(id);
  },
  setExpiry: (id, expiresAt) => {
    sql("UPDATE items SET expires_at = ? WHERE id = ?").run(expiresAt ?? null, id);
  },
  allItems: function* (table) {
    // In slices, since a statement must not be written under while it is read.
    const slice = sql(
      "SELECT id, key, item FROM items WHERE table_id = ? AND id > ? ORDER BY id LIMIT 500",
    );
    for (let after = 0; ; ) {
      const rows = slice.all(table.id, after);
      if (rows.length === 0) return;
      for (const row of rows) {
        after = numberOf(row.id);
        yield { id: after, key: textOf(row.key), json: textOf(row.item) };
      }
    }
  },
  itemCount: (table) => {
    const row = sql("SELECT items, characters FROM table_sizes WHERE table_id = ?").get(table.id);
    return { count: numberOf(row?.items), bytes: numberOf(row?.characters) };
  },
  expired: (nowEpochSeconds, limit) =>
    sql(
      "SELECT id, table_id, key, item FROM items WHERE expires_at IS NOT NULL AND expires_at <= ? ORDER BY expires_at LIMIT ?",
    )
      .all(nowEpochSeconds, limit)
      .map((row) => ({
        id: numberOf(row.id),
        tableId: numberOf(row.table_id),
        key: textOf(row.key),
        json: textOf(row.item),
      })),
});
