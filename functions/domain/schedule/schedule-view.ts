import type { Firing } from "#domain/audit/firing-record.ts";
import type { HomeMeta } from "#domain/home/home-meta.ts";
import type { Schedule } from "./schedule.ts";
import { isPausedAt, UNTIL_RESUMED } from "./schedule.ts";
import { scheduleNotes } from "./schedule-notes.ts";
import { describeWhen } from "./times/describe-when.ts";
import { inWordsOf } from "./times/moment.ts";
import { type Firings, nextFirings } from "./times/next-firings.ts";
import { parseWhen } from "./times/parse-when.ts";

/** What a schedule's future is computed from, beside itself. */
export type ScheduleHome = Pick<HomeMeta, "position" | "holidays">;

/** How many firings are shown of one schedule. */
export const FIRINGS_SHOWN = 5;

/**
 * The next firings of a schedule after a moment.
 * @throws HomeError `ScheduleInvalid`, `ScheduleExpressionInvalid`, `ZoneUnknown`, `PositionMissing`
 */
export const firingsAfter = (
  schedule: Schedule,
  { position, holidays }: ScheduleHome,
  afterMs: number,
  count: number,
): Firings =>
  nextFirings(parseWhen(schedule.when), {
    zone: schedule.zone,
    position,
    holidays,
    after: afterMs,
    count,
    gap: schedule.gap,
    skipHolidays: schedule.skipHolidays,
    pausedUntil: schedule.pausedUntil,
    // A rate counts from its beginning, which is its first time.
    start: schedule.startsAt === undefined ? undefined : Date.parse(schedule.startsAt),
  });

/** One line about a schedule's last firing. */
export interface LastFiring {
  /** Absolute, in the schedule's zone. */
  readonly planned: string;
  readonly started: string;
  /** The planned moment, ISO 8601. */
  readonly planned_at: string;
  /** How its run ended, or what became of it instead, e.g. `missed`. */
  readonly outcome: string;
  readonly run_id?: string;
  readonly why?: string;
}

/** What became of a firing, as people of the schedule's zone read it. */
export const lastFiring = (firing: Firing, zone: string): LastFiring => ({
  planned: inWordsOf(Date.parse(firing.plannedAt), zone),
  started: inWordsOf(Date.parse(firing.startedAt), zone),
  planned_at: firing.plannedAt,
  outcome: firing.kind === "fired" ? (firing.result ?? "fired") : firing.kind,
  ...(firing.run === undefined ? {} : { run_id: firing.run }),
  ...(firing.why === undefined ? {} : { why: firing.why }),
});

/** A schedule as an answer tells it. */
export interface ScheduleView {
  readonly schedule: string;
  readonly name: string;
  readonly scene: string;
  readonly when: string;
  readonly in_words: string;
  readonly zone: string;
  /** `runs`, `paused until …`, `over`, or what the scheduler still has to be told. */
  readonly state: string;
  readonly next: readonly string[];
  /** The same moments, ISO 8601: for whoever reads them in a zone of their own. */
  readonly next_at: readonly string[];
  readonly left_out: readonly string[];
  readonly except?: readonly string[];
  readonly notes: readonly string[];
  readonly last?: LastFiring;
}

/** Everything that is told of one schedule at a moment. */
export const scheduleView = (
  schedule: Schedule,
  home: ScheduleHome,
  nowMs: number,
  count: number,
  last: Firing | undefined,
): ScheduleView => {
  const when = parseWhen(schedule.when);
  const { firings, skipped } = firingsAfter(schedule, home, nowMs, count);
  return {
    schedule: schedule.schedule,
    name: schedule.name,
    scene: schedule.scene,
    when: schedule.when,
    in_words: describeWhen(when),
    zone: schedule.zone,
    state: stateOf(schedule, firings.length, nowMs),
    next: firings.map(({ local, instead }) =>
      instead === undefined ? local : `${local}, because ${instead}`,
    ),
    next_at: firings.map(({ at }) => new Date(at).toISOString()),
    left_out: skipped.filter(({ why }) => why !== "paused").map(({ text }) => text),
    ...(schedule.except.length === 0 ? {} : { except: schedule.except }),
    notes: scheduleNotes(schedule, when, home, nowMs),
    ...(last === undefined ? {} : { last: lastFiring(last, schedule.zone) }),
  };
};

const stateOf = (schedule: Schedule, firings: number, nowMs: number): string => {
  const { standing, pausedUntil, zone } = schedule;
  if (standing === "to_remove") return "being removed";
  const waits = standing === "to_place" ? ", and the scheduler has still to be told" : "";
  if (isPausedAt(schedule, nowMs) && pausedUntil !== undefined) {
    const until =
      pausedUntil === UNTIL_RESUMED
        ? "somebody resumes it"
        : inWordsOf(Date.parse(pausedUntil), zone);
    return `paused until ${until}${waits}`;
  }
  return `${firings === 0 ? "over" : "runs"}${waits}`;
};

/** A schedule's next times in one sentence: `Next: Monday 2026-11-30 22:45 Europe/Berlin, then Tuesday …`. */
export const nextInWords = ({ next, state }: ScheduleView): string => {
  const [first, second] = next;
  if (state.startsWith("paused")) {
    return `It is ${state}${first === undefined ? "" : `; next: ${first}`}.`;
  }
  if (first === undefined) return "It does not run again.";
  return `Next: ${first}${second === undefined ? "" : `, then ${second}`}.`;
};
