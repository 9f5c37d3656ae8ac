import { type HomeId, isHomeId } from "#domain/home/home-id.ts";
import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { isScheduleId, type Schedule, type ScheduleId } from "./schedule.ts";

/** What the scheduler, or `npm run schedule -- run-now`, hands to start-scheduled-scene. */
export interface ScheduledCall {
  readonly home: HomeId;
  readonly schedule: ScheduleId;
  /** Of the record by which it was placed. */
  readonly version: number;
  /** The planned moment, ISO 8601, UTC. */
  readonly plannedAt: string;
  /** Of the scheduler, from 1. */
  readonly attempt: number;
  /**
   * Somebody asks for this firing by hand: neither a pause nor a holiday nor its being late nor a newer version of the
   * schedule is in its way. What the scene may do is asked all the same.
   */
  readonly byHand?: boolean;
}

/**
 * The `Input` of a schedule of EventBridge. The names in angle brackets are replaced, as text, before the call:
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
export const scheduledCallInput = ({
  home,
  schedule,
  version,
}: Pick<Schedule, "home" | "schedule" | "version">): string =>
  JSON.stringify({
    home,
    schedule,
    version,
    plannedAt: "<aws.scheduler.scheduled-time>",
    attempt: "<aws.scheduler.attempt-number>",
  });

/** The same for one firing that somebody asks for by hand. */
export const callByHand = (
  { home, schedule, version }: Pick<Schedule, "home" | "schedule" | "version">,
  plannedAt: string,
): Readonly<Record<string, unknown>> => ({
  home,
  schedule,
  version,
  plannedAt,
  attempt: "1",
  byHand: true,
});

/**
 * Reads what start-scheduled-scene is called with.
 * @throws HomeError `ScheduleInvalid`, naming the member
 */
export const parseScheduledCall = (event: unknown): ScheduledCall => {
  const wrong = (what: string): HomeError =>
    new HomeError("ScheduleInvalid", `A scheduled call: ${what}`);
  if (!isObject(event)) throw wrong("it must be an object.");
  const { home, schedule, version, plannedAt, byHand } = event;
  if (!isHomeId(home)) throw wrong("home must be a home's id.");
  if (!isScheduleId(schedule)) throw wrong("schedule must be a schedule's id.");
  if (typeof version !== "number" || !Number.isInteger(version) || version < 1) {
    throw wrong("version must be a whole number from 1.");
  }
  if (typeof plannedAt !== "string" || Number.isNaN(Date.parse(plannedAt))) {
    throw wrong("plannedAt must be a time.");
  }
  // A text, since the scheduler replaces the attribute inside one.
  const attempt = Number(event.attempt);
  if (!Number.isInteger(attempt) || attempt < 1) {
    throw wrong("attempt must be a whole number from 1.");
  }
  if (byHand !== undefined && byHand !== true) throw wrong("byHand must be true, or absent.");
  return {
    home,
    schedule,
    version,
    plannedAt: new Date(plannedAt).toISOString(),
    attempt,
    ...(byHand === undefined ? {} : { byHand }),
  };
};
