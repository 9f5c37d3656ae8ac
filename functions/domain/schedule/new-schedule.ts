import type { Caller } from "#domain/access/caller.ts";
import type { HomeMeta } from "#domain/home/home-meta.ts";
import { idOfName } from "#domain/home/id-of-name.ts";
import { HomeError } from "#domain/home-error.ts";
import { shown } from "#domain/printable.ts";
import { LONGEST_SCHEDULE_ID, type Schedule, type ScheduleId } from "./schedule.ts";
import type { ScheduleRules } from "./schedule-rules.ts";
import { firingsAfter } from "./schedule-view.ts";
import { parseWhen } from "./times/parse-when.ts";
import { zoneNamed } from "./zone-named.ts";

/** How many schedules a home has at most: enough for a scene every quarter of an hour of a day. */
export const MOST_SCHEDULES = 100;

/** What is said of a schedule, its names resolved. */
export interface ScheduleWish extends Omit<ScheduleRules, "except"> {
  readonly scene?: string;
  readonly except?: readonly string[];
  readonly when?: string;
}

/** By whom, when, and of which home a schedule is made or changed. */
export interface ScheduleMaking {
  readonly meta: HomeMeta;
  readonly caller: Caller;
  readonly nowMs: number;
}

/** The id that a schedule's name makes. @throws HomeError `ScheduleInvalid` for a name that makes none */
export const scheduleIdOf = (name: string): ScheduleId => {
  const id = idOfName(name);
  if (id === "") {
    throw new HomeError(
      "ScheduleInvalid",
      `${shown(name)} makes no id: give the schedule a name with letters of a to z or digits, such as "Goodnight on weekdays". Nothing was changed.`,
    );
  }
  if (id.length > LONGEST_SCHEDULE_ID) {
    throw new HomeError(
      "ScheduleInvalid",
      `${shown(name)} makes an id of ${id.length} characters, and the scheduler takes ${LONGEST_SCHEDULE_ID}. Give a shorter name. Nothing was changed.`,
    );
  }
  return id;
};

/**
 * A schedule that is to be made.
 * @throws HomeError `ScheduleInvalid`, `ScheduleExpressionInvalid`, `ZoneUnknown`, `PositionMissing`
 */
export const newSchedule = (
  name: string,
  { scene, when, zone, ...rules }: ScheduleWish & { readonly scene: string; readonly when: string },
  making: ScheduleMaking,
): Schedule => {
  const { meta, caller, nowMs } = making;
  return checked(
    {
      schedule: scheduleIdOf(name),
      home: meta.home,
      name,
      scene,
      except: rules.except ?? [],
      when,
      zone: zone === undefined ? meta.timeZone : zoneNamed(zone),
      gap: rules.gap ?? "skip",
      missed: rules.missed ?? { policy: "skip" },
      spreadMinutes: rules.spreadMinutes ?? 0,
      skipHolidays: rules.skipHolidays ?? false,
      ...startOf(when, nowMs),
      version: 1,
      standing: "to_place",
      createdBy: caller,
      createdAt: new Date(nowMs).toISOString(),
    },
    making,
  );
};

/**
 * The next version of a schedule, with what is said of it; what is not said stays.
 * @throws HomeError `ScheduleInvalid`, `ScheduleExpressionInvalid`, `ZoneUnknown`, `PositionMissing`
 */
export const changedSchedule = (
  before: Schedule,
  { zone, ...wish }: ScheduleWish,
  making: ScheduleMaking,
): Schedule => {
  const { startsAt, ...kept } = before;
  const started = startsAt === undefined ? {} : { startsAt };
  return checked(
    {
      ...kept,
      ...(wish.when === undefined ? started : startOf(wish.when, making.nowMs)),
      ...wish,
      ...(zone === undefined ? {} : { zone: zoneNamed(zone) }),
      ...nextVersion(before, making),
    },
    making,
  );
};

/** The next version of a schedule, at rest until a moment, or until somebody resumes it. */
export const pausedSchedule = (
  before: Schedule,
  pausedUntil: string,
  making: ScheduleMaking,
): Schedule => ({ ...before, pausedUntil, ...nextVersion(before, making) });

/** The next version of a schedule, at rest no more. */
export const resumedSchedule = (before: Schedule, making: ScheduleMaking): Schedule => {
  const { pausedUntil: _, ...rest } = before;
  return { ...rest, ...nextVersion(before, making) };
};

/** The last version of a schedule: nothing fires any more, and the scheduler has to be told. */
export const removedSchedule = (before: Schedule, making: ScheduleMaking): Schedule => ({
  ...before,
  ...nextVersion(before, making),
  standing: "to_remove",
});

const nextVersion = (
  { version }: Schedule,
  { caller, nowMs }: ScheduleMaking,
): Pick<Schedule, "version" | "standing" | "changedBy" | "changedAt"> => ({
  version: version + 1,
  standing: "to_place",
  changedBy: caller,
  changedAt: new Date(nowMs).toISOString(),
});

const MINUTE_MS = 60_000;

// A rate without a beginning fires as soon as it is made, and nobody who says "every three days" means now.
const startOf = (when: string, nowMs: number): Pick<Schedule, "startsAt"> => {
  const parsed = parseWhen(when);
  if (parsed.form === "sun" || parsed.expression.kind !== "rate") return {};
  const firstMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS + parsed.expression.everyMs;
  return { startsAt: new Date(firstMs).toISOString() };
};

// A schedule that never runs is a mistake that nobody would notice. Whether it is at rest now does not count.
const checked = (schedule: Schedule, { meta, nowMs }: ScheduleMaking): Schedule => {
  const { pausedUntil: _, ...awake } = schedule;
  const { firings, warnings } = firingsAfter(awake, meta, nowMs, 1);
  if (firings.length > 0) return schedule;
  throw new HomeError(
    "ScheduleInvalid",
    `${shown(schedule.when)} would never run: ${warnings.join("; ") || "no time comes"}. Say a time that comes, e.g. "at 22:45 daily". Nothing was changed.`,
  );
};

/** Do two schedules ask for the same, whoever made them and whenever? */
export const asksTheSame = (one: Schedule, other: Schedule): boolean =>
  [one, other].map(wishText).every((text, _, [first]) => text === first);

const wishText = (schedule: Schedule): string => {
  const { name, scene, except, when, zone, gap, missed, spreadMinutes, skipHolidays } = schedule;
  const wishes = [name, scene, except, when, zone, gap, missed, spreadMinutes, skipHolidays];
  return JSON.stringify([...wishes, schedule.pausedUntil]);
};
