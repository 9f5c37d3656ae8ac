import type { DynaliteTable } from "./dynalite-types.ts";
import { numberOf, type Sql, textOf } from "./sql.ts";

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

/** The tables' descriptions, which every request asks for: in memory, as they are in the file. */
export interface StoredTables {
  tables(): readonly Table[];
  table(name: string): Table | undefined;
  addTable(description: DynaliteTable, settings: TableSettings): Table;
  changeTable(table: Table): void;
  removeTable(table: Table): void;
}

/** The tables of a file; `afterTransaction` keeps the memory true where a change was rolled back. */
export const storedTables = (
  sql: Sql,
): StoredTables & { afterTransaction(isKept: boolean): void } => {
  const tables = new Map<string, Table>();
  let tablesChanged = false;
  const load = (): void => {
    tables.clear();
    for (const row of sql("SELECT id, name, description, settings FROM tables").all()) {
      tables.set(textOf(row.name), {
        id: numberOf(row.id),
        description: JSON.parse(textOf(row.description)) as DynaliteTable,
        settings: JSON.parse(textOf(row.settings)) as TableSettings,
      });
    }
  };
  load();
  return {
    afterTransaction: (isKept) => {
      if (!isKept && tablesChanged) load();
      tablesChanged = false;
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
  };
};
