import type { Position } from "#domain/home/home-meta.ts";
import { sha256, toBase32 } from "#domain/sha256.ts";
import type { Schedule } from "./schedule.ts";
import { scheduledCallInput } from "./scheduled-call.ts";
import { nextFirings } from "./times/next-firings.ts";
import { parseWhen } from "./times/parse-when.ts";
import type { When } from "./times/when.ts";

/** Where schedules are placed, as whom they start what, and where what cannot be delivered is kept. */
export interface SchedulePlace {
  readonly group: string;
  readonly roleArn: string;
  readonly targetArn: string;
  readonly deadLettersArn: string;
}

/** A schedule as EventBridge Scheduler's CreateSchedule and UpdateSchedule take it, which replaces the whole of it. */
export interface EventBridgeSchedule {
  readonly GroupName: string;
  readonly Name: string;
  readonly ScheduleExpression: string;
  readonly ScheduleExpressionTimezone: string;
  readonly StartDate?: Date;
  readonly FlexibleTimeWindow:
    | { readonly Mode: "OFF" }
    | { readonly Mode: "FLEXIBLE"; readonly MaximumWindowInMinutes: number };
  readonly ActionAfterCompletion: "NONE" | "DELETE";
  readonly State: "ENABLED";
  readonly Target: {
    readonly Arn: string;
    readonly RoleArn: string;
    readonly Input: string;
    readonly RetryPolicy: {
      readonly MaximumEventAgeInSeconds: number;
      readonly MaximumRetryAttempts: number;
    };
    readonly DeadLetterConfig: { readonly Arn: string };
  };
}

/** The time within which single firings are placed. */
export interface DaysAhead {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly position?: Position | undefined;
}

// Two days, so that one missed refresh leaves no gap, and the hour within which the daily one may come later.
const AHEAD_MS = 49 * 3_600_000;

/** The coming days, for which single firings are placed. */
export const daysAhead = (nowMs: number): Pick<DaysAhead, "fromMs" | "untilMs"> => ({
  fromMs: nowMs,
  untilMs: nowMs + AHEAD_MS,
});

/** Of EventBridge's schedule names. */
const LONGEST_NAME = 64;
// The most that a RetryPolicy takes: what comes too late for the schedule's own rule still comes, so that it is told as
// missed in the history, and is no dead letter of which nobody knows what it was.
const MOST_AGE_SECONDS = 86_400;
const MOST_RETRIES = 185;

/** The name of a schedule's place: its home and id. */
export const placeName = ({ home, schedule }: Pick<Schedule, "home" | "schedule">): string =>
  `${home}.${schedule}`;

/**
 * The schedule that fires by itself for good. The sun has none: its times are placed singly.
 * @throws HomeError `ScheduleInvalid`, `ScheduleExpressionInvalid`
 */
export const lastingSchedule = (
  schedule: Schedule,
  place: SchedulePlace,
  nowMs: number,
): EventBridgeSchedule | undefined => {
  const when = parseWhen(schedule.when);
  if (when.form === "sun") return undefined;
  const startMs = startOfRate(schedule, when, nowMs);
  return {
    ...always(schedule, place),
    Name: placeName(schedule),
    ScheduleExpression: when.awsExpression,
    ScheduleExpressionTimezone: schedule.zone,
    ...(startMs === undefined ? {} : { StartDate: new Date(startMs) }),
    // What comes once and is over would still count among the account's schedules.
    ActionAfterCompletion: when.expression.kind === "at" ? "DELETE" : "NONE",
  };
};

/**
 * The firings that are placed singly, each once: those of the sun, and where the schedule asks for it those that take the
 * place of a time which the clocks leap over. Version and planned minute are in the name, so that whoever places one again
 * finds it there, and one that an older version planned is another.
 * @throws HomeError `ScheduleInvalid`, `ScheduleExpressionInvalid`, `PositionMissing`
 */
export const singleSchedules = async (
  schedule: Schedule,
  place: SchedulePlace,
  days: DaysAhead,
): Promise<readonly EventBridgeSchedule[]> =>
  Promise.all(
    singleFirings(schedule, days).map(async (at) => ({
      ...always(schedule, place),
      Name: await singleName(schedule, at),
      ScheduleExpression: `at(${at.slice(0, 19)})`,
      ScheduleExpressionTimezone: "UTC",
      ActionAfterCompletion: "DELETE" as const,
    })),
  );

/** Does the schedule have firings that must be placed singly, be it on one night of the year? */
export const hasSingles = (schedule: Schedule): boolean =>
  schedule.gap === "run_after" || parseWhen(schedule.when).form === "sun";

const singleFirings = (schedule: Schedule, days: DaysAhead): readonly string[] => {
  const when = parseWhen(schedule.when);
  const isSun = when.form === "sun";
  if (!isSun && schedule.gap !== "run_after") return [];
  // Pauses and holidays are decided when it fires: they may change until then.
  const { firings } = nextFirings(when, {
    zone: schedule.zone,
    after: days.fromMs,
    until: days.untilMs,
    position: days.position,
    gap: schedule.gap,
    count: Number.POSITIVE_INFINITY,
  });
  return firings
    .filter(({ instead }) => isSun || instead !== undefined)
    .map(({ at }) => new Date(at).toISOString());
};

const singleName = async (schedule: Schedule, at: string): Promise<string> => {
  const minute = at.slice(0, 16).replaceAll(/[-:]/g, "");
  const end = `.${schedule.version}.${minute}`;
  const readable = `${placeName(schedule)}${end}`;
  if (readable.length <= LONGEST_NAME) return readable;
  const digits = toBase32(await sha256(placeName(schedule)), HASH_DIGITS);
  return `${schedule.home}.${digits}${end}`;
};

const HASH_DIGITS = 12;

const always = (schedule: Schedule, place: SchedulePlace) => ({
  GroupName: place.group,
  FlexibleTimeWindow:
    schedule.spreadMinutes === 0
      ? ({ Mode: "OFF" } as const)
      : ({ Mode: "FLEXIBLE", MaximumWindowInMinutes: schedule.spreadMinutes } as const),
  State: "ENABLED" as const,
  Target: {
    Arn: place.targetArn,
    RoleArn: place.roleArn,
    Input: scheduledCallInput(schedule),
    RetryPolicy: {
      MaximumEventAgeInSeconds: MOST_AGE_SECONDS,
      MaximumRetryAttempts: MOST_RETRIES,
    },
    DeadLetterConfig: { Arn: place.deadLettersArn },
  },
});

/**
 * From when a rate counts. A StartDate of more than five minutes ago is refused, so it is the next moment of the same
 * row that is told.
 */
const startOfRate = ({ startsAt }: Schedule, when: When, nowMs: number): number | undefined => {
  if (when.form !== "expression" || when.expression.kind !== "rate" || startsAt === undefined) {
    return undefined;
  }
  const startMs = Date.parse(startsAt);
  const { everyMs } = when.expression;
  return startMs >= nowMs ? startMs : startMs + Math.ceil((nowMs - startMs) / everyMs) * everyMs;
};
