import type { Caller } from "#domain/access/caller.ts";
import { parseRecordedCaller } from "#domain/audit/recorded-caller.ts";
import { FORMAT, requireFormat } from "#domain/format.ts";
import type { DeviceId } from "#domain/home/device.ts";
import type { HomeId } from "#domain/home/home-id.ts";
import { isTimeZone } from "#domain/home/home-meta.ts";
import { isName } from "#domain/home/is-name.ts";
import { schedulesKey } from "#domain/home/keys.ts";
import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { shown } from "#domain/printable.ts";

/** A schedule's id, made of its name, e.g. `goodnight_weekdays`; its own in its home. */
export type ScheduleId = string;

/** What becomes of a time of day that the spring night leaves out: nothing, or a run right after the gap. */
export type GapPolicy = "skip" | "run_after";

/** What becomes of a firing that could not be done in its time. */
export type MissedPolicy =
  | { readonly policy: "skip" }
  | { readonly policy: "run_once_if_within"; readonly minutes: number };

/**
 * Where the scheduler stands with a schedule. The record is written first and says what is to be done; whoever finds it
 * undone does it. What the scheduler calls for is done only when this record agrees, so nothing fires wrongly meanwhile.
 */
export type Standing = "to_place" | "placed" | "to_remove";

/** A scene of a home at times of its own. */
export interface Schedule {
  readonly schedule: ScheduleId;
  readonly home: HomeId;
  /** What people call it. */
  readonly name: string;
  /** The scene's id. */
  readonly scene: string;
  /** Devices to leave out. */
  readonly except: readonly DeviceId[];
  /** A form of the home's own, `at 22:45 on mon..fri`, or an expression of AWS's. */
  readonly when: string;
  /** IANA name: the home's when the schedule was made, unless another was said. */
  readonly zone: string;
  readonly gap: GapPolicy;
  readonly missed: MissedPolicy;
  /** By how many minutes it may come later, so that not every home fires in one second. */
  readonly spreadMinutes: number;
  readonly skipHolidays: boolean;
  /** ISO 8601, or until somebody resumes it. */
  readonly pausedUntil?: string;
  /** From when a rate counts, ISO 8601; that moment is its first. */
  readonly startsAt?: string;
  /** Grows by one with each change. */
  readonly version: number;
  readonly standing: Standing;
  readonly createdBy: Caller;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly changedBy?: Caller;
  /** ISO 8601. */
  readonly changedAt?: string;
}

/** `pausedUntil` of a schedule that waits for somebody to resume it. */
export const UNTIL_RESUMED = "resumed";

const ID = /^[a-z0-9]+(_[a-z0-9]+)*$/;
/** A schedule's name on AWS, `<home>.<schedule>`, has at most 64 characters, of which a home's id takes 24. */
export const LONGEST_SCHEDULE_ID = 39;
/** Where EventBridge's retry policy ends, a day. */
export const MOST_MISSED_MINUTES = 1440;
export const MOST_SPREAD_MINUTES = 60;
/** Of EventBridge's ScheduleExpression. */
export const LONGEST_WHEN = 256;

/** Is this the form of a schedule's id? */
export const isScheduleId = (value: unknown): value is ScheduleId =>
  typeof value === "string" && value.length <= LONGEST_SCHEDULE_ID && ID.test(value);

/** The item of a schedule in the home table. */
export const scheduleRecord = (schedule: Schedule): Readonly<Record<string, unknown>> => ({
  PK: schedulesKey(schedule.home),
  SK: schedule.schedule,
  v: FORMAT,
  ...schedule,
});

/**
 * Reads a schedule's item.
 * @throws HomeError `FormatUnknown`; `RecordInvalid`, naming the schedule and the member
 */
export const parseSchedule = (item: unknown, home: HomeId): Schedule => {
  if (!isObject(item)) throw new HomeError("RecordInvalid", "A schedule must be an object.");
  const { schedule, name, scene, when, zone, gap, spreadMinutes, skipHolidays } = item;
  const record = `Schedule ${shown(schedule ?? item.SK)}`;
  requireFormat(item, record);
  const wrong = (what: string): HomeError => new HomeError("RecordInvalid", `${record}: ${what}`);
  if (!isScheduleId(schedule)) throw wrong("schedule must be an id, e.g. goodnight_weekdays.");
  if (item.home !== home) throw wrong(`home must be ${home}.`);
  if (!isName(name)) throw wrong("name must be a text of 1 to 64 characters.");
  if (typeof scene !== "string" || scene === "") throw wrong("scene must be a scene's id.");
  const { except = [], version, standing, createdAt, changedAt, pausedUntil, startsAt } = item;
  if (!Array.isArray(except) || !except.every((one) => typeof one === "string")) {
    throw wrong("except must be a list of device ids.");
  }
  if (typeof when !== "string" || when === "" || when.length > LONGEST_WHEN) {
    throw wrong(`when must be a text of 1 to ${LONGEST_WHEN} characters.`);
  }
  if (!isTimeZone(zone)) throw wrong("zone must be an IANA name, e.g. Europe/Berlin.");
  if (gap !== "skip" && gap !== "run_after") throw wrong("gap must be skip or run_after.");
  if (!isWhole(spreadMinutes, 0, MOST_SPREAD_MINUTES)) {
    throw wrong(`spreadMinutes must be 0-${MOST_SPREAD_MINUTES}.`);
  }
  if (typeof skipHolidays !== "boolean") throw wrong("skipHolidays must be true or false.");
  if (!isWhole(version, 1, Number.MAX_SAFE_INTEGER)) throw wrong("version must be from 1.");
  if (standing !== "to_place" && standing !== "placed" && standing !== "to_remove") {
    throw wrong("standing must be to_place, placed or to_remove.");
  }
  if (pausedUntil !== undefined && pausedUntil !== UNTIL_RESUMED && !isMoment(pausedUntil)) {
    throw wrong(`pausedUntil must be a time or "${UNTIL_RESUMED}".`);
  }
  if (startsAt !== undefined && !isMoment(startsAt)) throw wrong("startsAt must be a time.");
  if (!isMoment(createdAt)) throw wrong("createdAt must be a time.");
  if (changedAt !== undefined && !isMoment(changedAt)) throw wrong("changedAt must be a time.");
  return {
    schedule,
    home,
    name,
    scene,
    except,
    when,
    zone,
    gap,
    missed: parseMissed(item.missed, wrong),
    spreadMinutes,
    skipHolidays,
    ...(pausedUntil === undefined ? {} : { pausedUntil }),
    ...(startsAt === undefined ? {} : { startsAt }),
    version,
    standing,
    createdBy: parseRecordedCaller(item.createdBy, wrong),
    createdAt,
    ...(item.changedBy === undefined
      ? {}
      : { changedBy: parseRecordedCaller(item.changedBy, wrong) }),
    ...(changedAt === undefined ? {} : { changedAt }),
  };
};

const parseMissed = (value: unknown, wrong: (what: string) => HomeError): MissedPolicy => {
  if (isObject(value) && value.policy === "skip") return { policy: "skip" };
  if (
    isObject(value) &&
    value.policy === "run_once_if_within" &&
    isWhole(value.minutes, 1, MOST_MISSED_MINUTES)
  ) {
    return { policy: "run_once_if_within", minutes: value.minutes };
  }
  throw wrong(`missed must be skip, or run_once_if_within 1-${MOST_MISSED_MINUTES} minutes.`);
};

const isWhole = (value: unknown, least: number, most: number): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;

const isMoment = (value: unknown): value is string =>
  typeof value === "string" && !Number.isNaN(Date.parse(value));

/** Does the schedule stand still at a moment? */
export const isPausedAt = ({ pausedUntil }: Schedule, atMs: number): boolean =>
  pausedUntil !== undefined && (pausedUntil === UNTIL_RESUMED || Date.parse(pausedUntil) > atMs);
