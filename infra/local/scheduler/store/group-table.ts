import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import { isObject } from "#local/wire/json.ts";
import { DEFAULT_GROUP } from "../schedules/names.ts";

/** A group of schedules. */
export interface ScheduleGroup {
  readonly name: string;
  readonly createdMs: number;
  readonly modifiedMs: number;
  readonly tags: ReadonlyMap<string, string>;
  /** Does the template declare it? */
  readonly isDeclared: boolean;
}

/** The groups on disk; `default` is always one of them. */
export interface GroupTable {
  get(name: string): ScheduleGroup | undefined;
  put(group: ScheduleGroup): void;
  remove(name: string): void;
  /** Those after a name, in order, whose names begin so. */
  page(after: string, limit: number, prefix: string): readonly ScheduleGroup[];
  count(): number;
  declared(): readonly ScheduleGroup[];
}

export const groupTable = (database: DatabaseSync, nowMs: number): GroupTable => {
  const one = database.prepare("select * from schedule_group where name = ?");
  const some = database.prepare(
    "select * from schedule_group where name > ? and substr(name, 1, length(?)) = ? order by name limit ?",
  );
  const put = database.prepare("insert or replace into schedule_group values (?, ?, ?, ?, ?)");
  const remove = database.prepare("delete from schedule_group where name = ?");
  const count = database.prepare("select count(*) as groups from schedule_group");
  const declared = database.prepare("select * from schedule_group where is_declared = 1");
  const table: GroupTable = {
    get: (name) => one.all(name).map(parseRow)[0],
    put: ({ name, createdMs, modifiedMs, tags, isDeclared }) => {
      const written = JSON.stringify(Object.fromEntries(tags));
      put.run(name, createdMs, modifiedMs, written, isDeclared ? 1 : 0);
    },
    remove: (name) => {
      remove.run(name);
    },
    page: (after, limit, prefix) => some.all(after, prefix, prefix, limit).map(parseRow),
    count: () => Number(count.get()?.groups),
    declared: () => declared.all().map(parseRow),
  };
  if (table.get(DEFAULT_GROUP) === undefined) {
    const made = { createdMs: nowMs, modifiedMs: nowMs, tags: new Map(), isDeclared: false };
    table.put({ name: DEFAULT_GROUP, ...made });
  }
  return table;
};

const parseRow = (row: Readonly<Record<string, SQLOutputValue>>): ScheduleGroup => {
  const tags: unknown = JSON.parse(String(row.tags));
  return {
    name: String(row.name),
    createdMs: Number(row.created_ms),
    modifiedMs: Number(row.modified_ms),
    tags: new Map(
      Object.entries(isObject(tags) ? tags : {}).map(([key, value]) => [key, String(value)]),
    ),
    isDeclared: row.is_declared === 1,
  };
};
