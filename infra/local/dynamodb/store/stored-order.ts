import type { KeyRange } from "./dynalite-types.ts";
import { type Sql, textOf } from "./sql.ts";
import type { Table } from "./stored-tables.ts";

/** The items in the order of their keys, a table's or an index's. */
export interface StoredOrder {
  addIndexRow(table: Table, index: string, indexKey: string, itemId: number): void;
  removeIndexRow(table: Table, index: string, indexKey: string): void;
  removeIndex(table: Table, index: string): void;
  /** JSON of the items in the order of their keys. */
  readTable(table: Table, range: KeyRange): Iterable<string>;
  readIndex(table: Table, index: string, range: KeyRange): Iterable<string>;
}

/** The order of the items of a file. */
export const storedOrder = (sql: Sql): StoredOrder => {
  const read = function* (from: string, keys: readonly (string | number)[], range: KeyRange) {
    const low = range.gt ?? range.gte ?? "";
    // Every key is made of hexadecimal digits and `/`, all of them before `~`.
    const high = range.lt ?? range.lte ?? "~";
    const statement = sql(
      `SELECT item FROM ${from} AND k.key ${range.gt === undefined ? ">=" : ">"} ? AND k.key ${range.lt === undefined ? "<=" : "<"} ?
       ORDER BY k.key ${range.reverse === true ? "DESC" : "ASC"} LIMIT ?`,
    );
    // Rows as arrays: an object for each costs as much as to read it.
    statement.setReturnArrays(true);
    for (const row of statement.iterate(...keys, low, high, range.limit ?? -1)) {
      yield textOf(row[0]);
    }
  };

  return {
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
  };
};
