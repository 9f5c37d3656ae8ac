import type { Firing } from "#domain/audit/firing-record.ts";
import type { HomeMeta } from "#domain/home/home-meta.ts";
import { isPausedAt, type MissedPolicy, type Schedule, UNTIL_RESUMED } from "./schedule.ts";
import type { ScheduledCall } from "./scheduled-call.ts";
import { holidayOf } from "./times/holidays.ts";
import { localDay } from "./times/moment.ts";
import { nextFirings } from "./times/next-firings.ts";
import { parseWhen } from "./times/parse-when.ts";

/** What is to be done with a firing that was delivered. */
export type Verdict =
  | { readonly kind: "run" }
  /** There is nothing to record either: who planned it is gone, or it was done before. */
  | { readonly kind: "nothing"; readonly why: string }
  | {
      readonly kind: "skipped" | "missed";
      /** A stable code, and a sentence for people. */
      readonly code: "ScheduleChanged" | "Paused" | "Holiday" | "TooLate" | "Overtaken";
      readonly why: string;
    };

/** What is known when a firing is delivered. */
export interface Delivery {
  readonly call: ScheduledCall;
  /** `undefined` when it was removed. */
  readonly schedule: Schedule | undefined;
  /** `undefined` when the home is not there. */
  readonly meta: HomeMeta | undefined;
  /** What is recorded of the same planned moment. */
  readonly earlier: readonly Firing[];
  readonly nowMs: number;
}

const MINUTE_MS = 60_000;
// The scheduler may come a minute late, and Lambda tries again after one and after two more.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
const ON_TIME_MS = 5 * MINUTE_MS;

/** How late a firing may be and still be done, its spread aside. */
export const mostLateMs = (missed: MissedPolicy): number =>
  missed.policy === "skip" ? ON_TIME_MS : Math.max(ON_TIME_MS, missed.minutes * MINUTE_MS);

const CHANGED = "ScheduleChanged";

// An attempt that broke off is no end; and what an older version of the schedule was told binds no newer one.
const isAnEnd = ({ kind, code, byHand }: Firing): boolean =>
  kind !== "failed" && code !== CHANGED && byHand !== true;

/**
 * Decides whether a firing is done: by the record as it is now, and not as it was when the scheduler was told. Who asks by
 * hand means it, whatever the schedule says of its times.
 */
export const decideFiring = ({ call, schedule, meta, earlier, nowMs }: Delivery): Verdict => {
  if (meta?.state !== "active") return nothing("The home is not there.");
  if (schedule === undefined || schedule.standing === "to_remove") {
    return nothing("The schedule was removed.");
  }
  if (call.byHand === true) return { kind: "run" };
  const end = earlier.find(isAnEnd);
  if (end !== undefined) return nothing(`It was ${end.kind} already.`);
  if (call.version !== schedule.version) {
    return skipped(CHANGED, "The schedule was changed after this had been planned.");
  }
  const plannedMs = Date.parse(call.plannedAt);
  if (isPausedAt(schedule, plannedMs)) return skipped("Paused", whilePaused(schedule));
  const day = localDay(plannedMs, schedule.zone);
  if (schedule.skipHolidays && holidayOf(day, meta.holidays ?? {}) === "yes") {
    return skipped("Holiday", `${day} is a holiday.`);
  }
  const lateMs = nowMs - plannedMs;
  const spreadMs = schedule.spreadMinutes * MINUTE_MS;
  if (lateMs > mostLateMs(schedule.missed) + spreadMs) {
    return { kind: "missed", code: "TooLate", why: tooLate(lateMs, schedule.missed) };
  }
  // Of several that an outage held up, the last is enough.
  if (lateMs > MINUTE_MS + spreadMs && isOvertaken(schedule, meta, plannedMs, nowMs)) {
    return { kind: "missed", code: "Overtaken", why: "A later one had come due when it came." };
  }
  return { kind: "run" };
};

const isOvertaken = (
  { when: text, zone, gap, skipHolidays, startsAt }: Schedule,
  { position, holidays }: HomeMeta,
  plannedMs: number,
  nowMs: number,
): boolean => {
  const when = parseWhen(text);
  if (when.form === "sun" && position === undefined) return false;
  const start = startsAt === undefined ? undefined : Date.parse(startsAt);
  const query = { zone, position, holidays, skipHolidays, gap, start, after: plannedMs };
  return nextFirings(when, { ...query, until: nowMs, count: 1 }).firings.length > 0;
};

const nothing = (why: string): Verdict => ({ kind: "nothing", why });

const skipped = (code: "ScheduleChanged" | "Paused" | "Holiday", why: string): Verdict => ({
  kind: "skipped",
  code,
  why,
});

const whilePaused = ({ pausedUntil }: Schedule): string =>
  pausedUntil === UNTIL_RESUMED
    ? "The schedule was paused."
    : `The schedule was paused until ${pausedUntil}.`;

const tooLate = (lateMs: number, missed: MissedPolicy): string => {
  const late = `It came ${Math.floor(lateMs / MINUTE_MS)} minutes late`;
  return missed.policy === "skip"
    ? `${late}; what is missed is left out.`
    : `${late}; it is run once within ${missed.minutes} minutes.`;
};
