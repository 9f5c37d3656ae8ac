import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import type { ScheduleSettings, ScheduleState } from "../schedules/schedule-settings.ts";

/** A schedule as it is kept. */
export interface Schedule {
  /** A deleted schedule's id is never given again: a later one of the same name is another. */
  readonly id: number;
  readonly group: string;
  readonly name: string;
  readonly settings: ScheduleSettings;
  readonly createdMs: number;
  readonly modifiedMs: number;
  /** Does the template declare it? */
  readonly isDeclared: boolean;
  /** Where a rate without StartDate counts from. */
  readonly anchorMs: number;
  /** Nothing up to here is planned: it was not there, or not enabled, or said something else. */
  readonly floorMs: number;
  /** Up to here everything was planned that was to be. Goes back when the clock does. */
  readonly consideredMs: number;
  /** The next planned instant. */
  readonly nextMs?: number;
}

/** The schedules on disk. */
export interface ScheduleTable {
  get(group: string, name: string): Schedule | undefined;
  byId(id: number): Schedule | undefined;
  create(schedule: Omit<Schedule, "id">): Schedule;
  update(schedule: Schedule): void;
  remove(id: number): void;
  all(): readonly Schedule[];
  ofGroup(group: string): readonly Schedule[];
  /** Those whose next instant has come. */
  due(nowMs: number): readonly Schedule[];
  /** When the next one is due. */
  nextMs(): number | undefined;
  page(asked: SchedulePageAsked): readonly Schedule[];
}

export interface SchedulePageAsked {
  /** Group and name of the last one before. */
  readonly after: readonly [group: string, name: string];
  readonly limit: number;
  readonly group?: string | undefined;
  readonly prefix?: string | undefined;
  readonly state?: ScheduleState | undefined;
}

export const scheduleTable = (database: DatabaseSync): ScheduleTable => {
  const byName = database.prepare("select * from schedule where group_name = ? and name = ?");
  const byId = database.prepare("select * from schedule where id = ?");
  const insert = database.prepare(
    `insert into schedule (group_name, name, settings, created_ms, modified_ms, is_declared, anchor_ms, floor_ms,
       considered_ms, next_ms) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = database.prepare(
    `update schedule set settings = ?, modified_ms = ?, is_declared = ?, anchor_ms = ?, floor_ms = ?,
       considered_ms = ?, next_ms = ? where id = ?`,
  );
  const remove = [
    "schedule where id",
    "planned where schedule_id",
    "delivery where schedule_id",
  ].map((what) => database.prepare(`delete from ${what} = ?`));
  const all = database.prepare("select * from schedule order by id");
  const ofGroup = database.prepare("select * from schedule where group_name = ? order by id");
  const due = database.prepare("select * from schedule where next_ms <= ? order by next_ms, id");
  const next = database.prepare("select min(next_ms) as next_ms from schedule");
  const page = database.prepare(
    `select * from schedule where (group_name, name) > (:group_after, :name_after)
       and (:group_name is null or group_name = :group_name)
       and (:prefix is null or substr(name, 1, length(:prefix)) = :prefix)
       and (:state is null or settings ->> '$.State' = :state)
     order by group_name, name limit :most`,
  );
  return {
    get: (group, name) => byName.all(group, name).map(parseRow)[0],
    byId: (id) => byId.all(id).map(parseRow)[0],
    create: (schedule) => {
      const { lastInsertRowid } = insert.run(
        schedule.group,
        schedule.name,
        JSON.stringify(schedule.settings),
        schedule.createdMs,
        schedule.modifiedMs,
        schedule.isDeclared ? 1 : 0,
        schedule.anchorMs,
        schedule.floorMs,
        schedule.consideredMs,
        schedule.nextMs ?? null,
      );
      return { ...schedule, id: Number(lastInsertRowid) };
    },
    update: (schedule) => {
      update.run(
        JSON.stringify(schedule.settings),
        schedule.modifiedMs,
        schedule.isDeclared ? 1 : 0,
        schedule.anchorMs,
        schedule.floorMs,
        schedule.consideredMs,
        schedule.nextMs ?? null,
        schedule.id,
      );
    },
    remove: (id) => {
      for (const statement of remove) statement.run(id);
    },
    all: () => all.all().map(parseRow),
    ofGroup: (group) => ofGroup.all(group).map(parseRow),
    due: (nowMs) => due.all(nowMs).map(parseRow),
    nextMs: () => {
      const value = next.get()?.next_ms;
      return typeof value === "number" ? value : undefined;
    },
    page: ({ after: [group, name], limit, ...asked }) =>
      page
        .all({
          ":group_after": group,
          ":name_after": name,
          ":group_name": asked.group ?? null,
          ":prefix": asked.prefix ?? null,
          ":state": asked.state ?? null,
          ":most": limit,
        })
        .map(parseRow),
  };
};

const parseRow = (row: Readonly<Record<string, SQLOutputValue>>): Schedule => ({
  id: Number(row.id),
  group: String(row.group_name),
  name: String(row.name),
  // Written by this program alone.
  settings: JSON.parse(String(row.settings)) as ScheduleSettings,
  createdMs: Number(row.created_ms),
  modifiedMs: Number(row.modified_ms),
  isDeclared: row.is_declared === 1,
  anchorMs: Number(row.anchor_ms),
  floorMs: Number(row.floor_ms),
  consideredMs: Number(row.considered_ms),
  ...(row.next_ms === null ? {} : { nextMs: Number(row.next_ms) }),
});
