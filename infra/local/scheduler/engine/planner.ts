// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
import type { DatabaseSync } from "node:sqlite";
import { MINUTE_MS, type Plan, planOf } from "../schedules/calendar.ts";
import type { SchedulerArns } from "../schedules/names.ts";
import { transaction } from "../store/database.ts";
import type { DeliveryTable } from "../store/delivery-table.ts";
import type { Schedule, ScheduleTable } from "../store/schedule-table.ts";

/** Turns planned instants into deliveries: each instant of a schedule once. */
export interface Planner {
  /** Plans what has come due. */
  plan(nowMs: number): void;
  /** At start: all schedules, since the zones' rules and the clock may have changed meanwhile. */
  begin(nowMs: number): void;
  /** The clock was set back, from `beforeMs` to `nowMs`. */
  setBack(nowMs: number): void;
}

const DAY_MS = 86_400_000;

/** A schedule with the next instant that its plan gives after what was considered. */
export const withNext = <S extends Omit<Schedule, "id" | "nextMs">>(
  schedule: S,
  plan = planOfSchedule(schedule),
): S & Pick<Schedule, "nextMs"> => {
  const nextMs = plan.next(Math.max(schedule.consideredMs, schedule.floorMs));
  return nextMs === undefined ? schedule : { ...schedule, nextMs };
};

/**
 * Is what was to fire at an instant done by the next firing, a minute later? Who was not called for a night need not
 * hear of each of its minutes.
 */
export const isMadeUpFor = (
  schedule: Pick<Schedule, "settings" | "anchorMs">,
  plannedMs: number,
): boolean => {
  const next = planOfSchedule(schedule).next(plannedMs);
  return next !== undefined && next - plannedMs <= MINUTE_MS;
};

const unplanned = ({ nextMs: _, ...schedule }: Schedule): Omit<Schedule, "nextMs"> => schedule;

const planOfSchedule = ({ settings, anchorMs }: Pick<Schedule, "settings" | "anchorMs">): Plan =>
  planOf(settings, anchorMs);

export const planner = (options: {
  readonly database: DatabaseSync;
  readonly schedules: ScheduleTable;
  readonly deliveries: DeliveryTable;
  readonly arns: SchedulerArns;
  /** At least 0, less than 1. */
  readonly random: () => number;
  readonly log: (line: string) => void;
}): Planner => {
  const { database, schedules, deliveries, arns, random, log } = options;

  /** False for what is too old, where no dead-letter queue is to be told of it. */
  const planInstant = (schedule: Schedule, plannedMs: number, nowMs: number): boolean => {
    if (deliveries.isPlanned(schedule.id, plannedMs)) return true;
    const { settings } = schedule;
    const { Target: target, FlexibleTimeWindow: window } = settings;
    const windowMs = window.Mode === "OFF" ? 0 : window.MaximumWindowInMinutes * 60_000;
    const sinceMs = plannedMs + Math.floor(random() * windowMs);
    const { MaximumEventAgeInSeconds: maximumAge } = target.RetryPolicy;
    const isTooOld = nowMs - sinceMs > maximumAge * 1000;
    // Not noted as planned: should the clock be wrong now, it is due when the time really comes.
    if (isTooOld && target.DeadLetterConfig === undefined) return false;
    deliveries.plan({
      scheduleId: schedule.id,
      scheduleArn: arns.schedule(schedule.group, schedule.name),
      plannedMs,
      sinceMs,
      dueMs: sinceMs,
      attempts: 0,
      target,
      ...(isTooOld
        ? {
            dead: {
              errorCode: "MaximumEventAgeExceeded",
              errorMessage: `The invocation is older than ${maximumAge} seconds.`,
              exhausted: "MaximumEventAgeInSeconds",
            },
          }
        : {}),
    });
    return true;
  };

  const tellDropped = (schedule: Schedule, dropped: readonly number[]): void => {
    const told = dropped.filter((plannedMs) => !isMadeUpFor(schedule, plannedMs));
    const [first, last] = [told[0], told.at(-1)];
    if (first === undefined || last === undefined) return;
    const arn = arns.schedule(schedule.group, schedule.name);
    const age = schedule.settings.Target.RetryPolicy.MaximumEventAgeInSeconds;
    log(
      first === last
        ? `Scheduler: ${arn} was to fire at ${new Date(first).toISOString()}, which is more than ${age} s ago; it is dropped.`
        : `Scheduler: ${arn} was to fire ${told.length} times from ${new Date(first).toISOString()} to ${new Date(last).toISOString()}, each more than ${age} s ago; they are dropped.`,
    );
  };

  const advance = (schedule: Schedule, nowMs: number): void => {
    const plan = planOfSchedule(schedule);
    const maximumAgeMs = schedule.settings.Target.RetryPolicy.MaximumEventAgeInSeconds * 1000;
    const considered = Math.max(schedule.consideredMs, schedule.floorMs);
    // A minute's schedule and a year's sleep: what is too old is told for one day, and not for half a million minutes.
    const earliest = nowMs - maximumAgeMs - DAY_MS;
    let at = plan.next(considered);
    if (at !== undefined && at < earliest && !plan.isOnce) {
      if (schedule.settings.State === "ENABLED" && !isMadeUpFor(schedule, at))
        log(
          `Scheduler: what ${arns.schedule(schedule.group, schedule.name)} was to do from ${new Date(at).toISOString()} to ${new Date(earliest).toISOString()} is dropped; no clock was running here.`,
        );
      at = plan.next(earliest);
    }
    const dropped: number[] = [];
    while (at !== undefined && at <= nowMs) {
      if (schedule.settings.State === "ENABLED" && !planInstant(schedule, at, nowMs)) {
        dropped.push(at);
      }
      at = plan.next(at);
    }
    tellDropped(schedule, dropped);
    const isOver = at === undefined && !deliveries.has(schedule.id);
    if (dropped.length > 0 && isOver && schedule.settings.ActionAfterCompletion === "DELETE") {
      schedules.remove(schedule.id);
      return;
    }
    schedules.update(
      withNext({ ...unplanned(schedule), consideredMs: Math.max(considered, nowMs) }, plan),
    );
  };

  return {
    plan: (nowMs) => {
      const due = schedules.due(nowMs);
      if (due.length === 0) return;
      transaction(database, () => {
        for (const schedule of due) advance(schedule, nowMs);
      });
    },
    begin: (nowMs) => {
      transaction(database, () => {
        for (const schedule of schedules.all()) {
          // A machine without a clock of its own wakes behind: what was considered is considered again, and what was
          // planned is planned no second time.
          const consideredMs = Math.min(schedule.consideredMs, nowMs);
          advance({ ...schedule, consideredMs }, nowMs);
        }
      });
    },
    setBack: (nowMs) => {
      transaction(database, () => {
        for (const schedule of schedules.all()) {
          const consideredMs = Math.min(schedule.consideredMs, nowMs);
          const floorMs = Math.min(schedule.floorMs, nowMs);
          schedules.update(withNext({ ...unplanned(schedule), consideredMs, floorMs }));
        }
        deliveries.hurry(nowMs);
      });
    },
  };
};
