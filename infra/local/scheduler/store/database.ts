import type { DatabaseSync } from "node:sqlite";
import { openSqlite } from "#local/wire/open-sqlite.ts";

const FIRST = `
create table schedule_group (
  name text primary key, created_ms integer not null, modified_ms integer not null, tags text not null,
  is_declared integer not null
) strict;
create table schedule (
  id integer primary key autoincrement, group_name text not null, name text not null, settings text not null,
  created_ms integer not null, modified_ms integer not null, is_declared integer not null,
  anchor_ms integer not null, floor_ms integer not null, considered_ms integer not null, next_ms integer,
  unique (group_name, name)
) strict;
create index schedule_by_next on schedule (next_ms) where next_ms is not null;
create table planned (
  id integer primary key autoincrement, schedule_id integer not null, planned_ms integer not null,
  unique (schedule_id, planned_ms)
) strict;
create index planned_by_order on planned (schedule_id, id);
create table delivery (
  id integer primary key autoincrement, schedule_id integer not null, schedule_arn text not null,
  planned_ms integer not null, since_ms integer not null, due_ms integer not null, attempts integer not null,
  target text not null, dead text
) strict;
create index delivery_by_due on delivery (due_ms, id);
create index delivery_by_schedule on delivery (schedule_id);
`;

/**
 * Opens the file of schedules, of what they have planned and of what is not delivered yet.
 * @throws LocalError as `openSqlite` does
 */
export const openDatabase = (file: string): DatabaseSync =>
  openSqlite(file, {
    content: "The schedules",
    fresh: "no schedules but the template's",
    application: "SHsc",
    migrations: [(db) => db.exec(FIRST)],
  });

/** Writes all or nothing, and gives what was written back. */
export const transaction = <T>(database: DatabaseSync, write: () => T): T => {
  database.exec("begin immediate");
  try {
    const written = write();
    database.exec("commit");
    return written;
  } catch (error) {
    // A full disk has already rolled back by itself.
    if (database.isTransaction) database.exec("rollback");
    throw error;
  }
};
