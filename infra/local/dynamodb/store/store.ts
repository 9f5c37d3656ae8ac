import type { StatementSync } from "node:sqlite";
import type { DynaliteTable, KeyRange } from "./dynalite-types.ts";
import { openDatabase } from "./open-database.ts";

/** A table with its settings. Replaced as a whole when anything about it changes. */
export interface Table {
  readonly id: number;
  readonly description: DynaliteTable;
  readonly settings: TableSettings;
}

export interface TableSettings {
  /** The attribute of UpdateTimeToLive, while it is enabled. */
  readonly timeToLiveAttribute?: string;
  readonly pointInTimeRecovery?: {
    readonly recoveryPeriodInDays: number;
    readonly sinceEpochSeconds: number;
  };
  readonly tags?: Readonly<Record<string, string>>;
}

export interface StoredItem {
  readonly id: number;
  readonly json: string;
}

/** Tables, items and index rows in one SQLite file. Synchronous: a request that began is alone until it ends. */
export interface Store {
  /** Everything inside is kept, or nothing of it. Acknowledged means committed. */
  transaction<T>(run: () => T): T;
  tables(): readonly Table[];
  table(name: string): Table | undefined;
  addTable(description: DynaliteTable, settings: TableSettings): Table;
  changeTable(table: Table): void;
  removeTable(table: Table): void;
  item(table: Table, key: string): StoredItem | undefined;
  putItem(table: Table, key: string, json: string, expiresAt: number | undefined): number;
  removeItem(id: number): void;
  setExpiry(id: number, expiresAt: number | undefined): void;
  allItems(table: Table): IterableIterator<{ id: number; key: string; json: string }>;
  itemCount(table: Table): { readonly count: number; readonly bytes: number };
  /** Ids of items whose time has come, oldest first. */
  expired(
    nowEpochSeconds: number,
    limit: number,
  ): readonly { id: number; tableId: number; key: string; json: string }[];
  addIndexRow(table: Table, index: string, indexKey: string, itemId: number): void;
  removeIndexRow(table: Table, index: string, indexKey: string): void;
  removeIndex(table: Table, index: string): void;
  /** JSON of the items in the order of their keys. */
  readTable(table: Table, range: KeyRange): Iterable<string>;
  readIndex(table: Table, index: string, range: KeyRange): Iterable<string>;
  /** What a client request token stood for, while it is younger than ten minutes. */
  requestHash(token: string, nowMs: number): string | undefined;
  rememberRequest(token: string, hash: string, nowMs: number): void;
  forgetRequests(nowMs: number): void;
  close(): void;
}

const REQUEST_TOKEN_MS = 10 * 60_000;

/**
 * Opens or creates the file; no other process can open it meanwhile.
 * @throws LocalError as `openSqlite` does
 */
export const openStore = (file: string): Store => {
  const db = openDatabase(file);
  const statements = new Map<string, StatementSync>();
  const sql = (text: string): StatementSync => {
    const known = statements.get(text);
    if (known !== undefined) return known;
    const statement = db.prepare(text);
    statements.set(text, statement);
    return statement;
  };
  const tables = new Map<string, Table>();
  let tablesChanged = false;
  const loadTables = (): void => {
    tables.clear();
    for (const row of sql("SELECT id, name, description, settings FROM tables").all()) {
      tables.set(textOf(row.name), {
        id: numberOf(row.id),
        description: JSON.parse(textOf(row.description)) as DynaliteTable,
        settings: JSON.parse(textOf(row.settings)) as TableSettings,
      });
    }
  };
  loadTables();

  const read = function* (from: string, keys: readonly (string | number)[], range: KeyRange) {
    const low = range.gt ?? range.gte ?? "";
    // Every key is made of hexadecimal digits and `/`, all of them before `~`.
    const high = range.lt ?? range.lte ?? "~";
    const statement = sql(
      `SELECT item FROM ${from} AND k.key ${range.gt === undefined ? ">=" : ">"} ? AND k.key ${range.lt === undefined ? "<=" : "<"} ?
       ORDER BY k.key ${range.reverse === true ? "DESC" : "ASC"} LIMIT ?`,
    );
    for (const row of statement.iterate(...keys, low, high, range.limit ?? -1)) {
      yield textOf(row.item);
    }
  };

  return {
    transaction: (run) => {
      sql("BEGIN IMMEDIATE").run();
      try {
        const result = run();
        sql("COMMIT").run();
        return result;
      } catch (error) {
        if (db.isTransaction) sql("ROLLBACK").run();
        if (tablesChanged) loadTables();
        throw error;
      } finally {
        tablesChanged = false;
      }
    },
    tables: () => [...tables.values()],
    table: (name) => tables.get(name),
    addTable: (description, settings) => {
      tablesChanged = true;
      const { lastInsertRowid } = sql(
        "INSERT INTO tables (name, description, settings) VALUES (?, ?, ?)",
      ).run(description.TableName, JSON.stringify(description), JSON.stringify(settings));
      const table = { id: Number(lastInsertRowid), description, settings };
      tables.set(description.TableName, table);
      return table;
    },
    changeTable: (table) => {
      tablesChanged = true;
      const { id, description, settings } = table;
      sql("UPDATE tables SET description = ?, settings = ? WHERE id = ?").run(
        JSON.stringify(description),
        JSON.stringify(settings),
        id,
      );
      tables.set(description.TableName, table);
    },
    removeTable: ({ id, description }) => {
      tablesChanged = true;
      sql("DELETE FROM index_rows WHERE table_id = ?").run(id);
      sql("DELETE FROM items WHERE table_id = ?").run(id);
      sql("DELETE FROM tables WHERE id = ?").run(id);
      tables.delete(description.TableName);
    },
    item: (table, key) => {
      const row = sql("SELECT id, item FROM items WHERE table_id = ? AND key = ?").get(
        table.id,
        key,
      );
      return row === undefined ? undefined : { id: numberOf(row.id), json: textOf(row.item) };
    },
    putItem: (table, key, json, expiresAt) => {
      const row = sql(
        `INSERT INTO items (table_id, key, item, expires_at) VALUES (?, ?, ?, ?)
         ON CONFLICT (table_id, key) DO UPDATE SET item = excluded.item, expires_at = excluded.expires_at RETURNING id`,
      ).get(table.id, key, json, expiresAt ?? null);
      return numberOf(row?.id);
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
      const row = sql(
        "SELECT count(*) AS count, coalesce(sum(length(item)), 0) AS bytes FROM items WHERE table_id = ?",
      ).get(table.id);
      return { count: numberOf(row?.count), bytes: numberOf(row?.bytes) };
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
    addIndexRow: (table, index, indexKey, itemId) => {
      sql("INSERT INTO index_rows (table_id, index_name, key, item_id) VALUES (?, ?, ?, ?)").run(
        table.id,
        index,
        indexKey,
        itemId,
      );
    },
    removeIndexRow: (table, index, indexKey) => {
      sql("DELETE FROM index_rows WHERE table_id = ? AND index_name = ? AND key = ?").run(
        table.id,
        index,
        indexKey,
      );
    },
    removeIndex: (table, index) => {
      sql("DELETE FROM index_rows WHERE table_id = ? AND index_name = ?").run(table.id, index);
    },
    readTable: (table, range) => read("items k WHERE k.table_id = ?", [table.id], range),
    readIndex: (table, index, range) =>
      read(
        "index_rows k CROSS JOIN items ON items.id = k.item_id WHERE k.table_id = ? AND k.index_name = ?",
        [table.id, index],
        range,
      ),
    requestHash: (token, nowMs) => {
      const row = sql("SELECT hash FROM request_tokens WHERE token = ? AND made_at > ?").get(
        token,
        nowMs - REQUEST_TOKEN_MS,
      );
      return row === undefined ? undefined : textOf(row.hash);
    },
    rememberRequest: (token, hash, nowMs) => {
      sql("INSERT OR REPLACE INTO request_tokens (token, hash, made_at) VALUES (?, ?, ?)").run(
        token,
        hash,
        nowMs,
      );
    },
    forgetRequests: (nowMs) => {
      sql("DELETE FROM request_tokens WHERE made_at <= ?").run(nowMs - REQUEST_TOKEN_MS);
    },
    close: () => db.close(),
  };
};

const textOf = (value: unknown): string => {
  if (typeof value !== "string") throw new TypeError("SQLite gave no text");
  return value;
};

const numberOf = (value: unknown): number => {
  if (typeof value !== "number") throw new TypeError("SQLite gave no number");
  return value;
};
