import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import type { ScheduleTarget } from "../schedules/schedule-settings.ts";

/** Why a delivery was given up, as the dead letter's attributes tell it. */
export interface Death {
  readonly errorCode: string;
  readonly errorMessage: string;
  /** Only where the error was one that is retried. */
  readonly exhausted?: "MaximumRetryAttempts" | "MaximumEventAgeInSeconds";
  /** Of the attempt that failed last; absent where there was none. */
  readonly executionId?: string;
}

/** A planned call of a target that is not done yet. */
export interface Delivery {
  readonly id: number;
  readonly scheduleId: number;
  readonly scheduleArn: string;
  /** The planned instant. */
  readonly plannedMs: number;
  /** When it was to be delivered first: the planned instant, or later within its window. Its age counts from here. */
  readonly sinceMs: number;
  readonly dueMs: number;
  /** How often it was tried. */
  readonly attempts: number;
  /** As it was when the call was planned. */
  readonly target: ScheduleTarget;
  /** Given up: what is left to do is the dead letter. */
  readonly dead?: Death;
}

/** The planned calls on disk, and which instants of a schedule have become one. */
export interface DeliveryTable {
  /** Has this instant of the schedule become a delivery before, done or not? */
  isPlanned(scheduleId: number, plannedMs: number): boolean;
  /** Adds the delivery of an instant, and notes that there was one. */
  plan(delivery: Omit<Delivery, "id">): void;
  update(delivery: Delivery): void;
  remove(id: number): void;
  removeOf(scheduleId: number): void;
  /** Those that are due, the earliest first. */
  due(nowMs: number): readonly Delivery[];
  nextMs(): number | undefined;
  has(scheduleId: number): boolean;
  /** Makes everything due that an earlier clock put off beyond this instant. */
  hurry(nowMs: number): void;
}

// Two days of a schedule that fires each minute, and some. Older ones lie below what is ever considered again, unless the
// clock is set back further.
const KEPT_INSTANTS = 4000;
const PRUNED_EACH = 500;

export const deliveryTable = (database: DatabaseSync): DeliveryTable => {
  const isPlanned = database.prepare(
    "select 1 from planned where schedule_id = ? and planned_ms = ?",
  );
  const note = database.prepare("insert into planned (schedule_id, planned_ms) values (?, ?)");
  const prune = database.prepare(
    `delete from planned where schedule_id = :schedule and id <=
       (select id from planned where schedule_id = :schedule order by id desc limit 1 offset :kept)`,
  );
  const sincePruned = new Map<number, number>();
  const insert = database.prepare(
    `insert into delivery (schedule_id, schedule_arn, planned_ms, since_ms, due_ms, attempts, target, dead)
       values (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = database.prepare(
    "update delivery set due_ms = ?, attempts = ?, dead = ? where id = ?",
  );
  const remove = database.prepare("delete from delivery where id = ?");
  const removeOf = database.prepare("delete from delivery where schedule_id = ?");
  const due = database.prepare(
    "select * from delivery where due_ms <= ? order by due_ms, id limit 200",
  );
  const next = database.prepare("select min(due_ms) as due_ms from delivery");
  const has = database.prepare("select 1 from delivery where schedule_id = ? limit 1");
  const hurry = database.prepare("update delivery set due_ms = ? where due_ms > ?");
  const deadText = (dead: Death | undefined): string | null =>
    dead === undefined ? null : JSON.stringify(dead);
  return {
    isPlanned: (scheduleId, plannedMs) => isPlanned.get(scheduleId, plannedMs) !== undefined,
    plan: ({ scheduleId, scheduleArn, plannedMs, sinceMs, dueMs, attempts, target, dead }) => {
      note.run(scheduleId, plannedMs);
      const count = sincePruned.get(scheduleId) ?? 0;
      // The first after a start prunes too.
      if (count === 0) prune.run({ ":schedule": scheduleId, ":kept": KEPT_INSTANTS });
      sincePruned.set(scheduleId, (count + 1) % PRUNED_EACH);
      const written = JSON.stringify(target);
      const why = deadText(dead);
      insert.run(scheduleId, scheduleArn, plannedMs, sinceMs, dueMs, attempts, written, why);
    },
    update: ({ id, dueMs, attempts, dead }) => {
      update.run(dueMs, attempts, deadText(dead), id);
    },
    remove: (id) => {
      remove.run(id);
    },
    removeOf: (scheduleId) => {
      removeOf.run(scheduleId);
    },
    due: (nowMs) => due.all(nowMs).map(parseRow),
    nextMs: () => {
      const value = next.get()?.due_ms;
      return typeof value === "number" ? value : undefined;
    },
    has: (scheduleId) => has.get(scheduleId) !== undefined,
    hurry: (nowMs) => {
      hurry.run(nowMs, nowMs);
    },
  };
};

const parseRow = (row: Readonly<Record<string, SQLOutputValue>>): Delivery => ({
  id: Number(row.id),
  scheduleId: Number(row.schedule_id),
  scheduleArn: String(row.schedule_arn),
  plannedMs: Number(row.planned_ms),
  sinceMs: Number(row.since_ms),
  dueMs: Number(row.due_ms),
  attempts: Number(row.attempts),
  // Written by this program alone, both.
  target: JSON.parse(String(row.target)) as ScheduleTarget,
  ...(row.dead === null ? {} : { dead: JSON.parse(String(row.dead)) as Death }),
});
