import type { Holidays } from "#domain/home/home-meta.ts";
import type { Occurrence } from "#domain/schedule/expressions/occurrences.ts";
import { holidayOf, noListOf } from "./holidays.ts";
import { dayOfWall, inWordsOf, localDay, timeOfWall } from "./moment.ts";
import { type PlannedSpan, planned } from "./planned.ts";
import type { Skipped } from "./skipped.ts";
import { sunlessDays } from "./sunless-days.ts";
import type { When } from "./when.ts";

/** What is asked about a schedule's future. */
export interface FiringsQuery extends PlannedSpan {
  /** How many firings at most, from 1 on. */
  readonly count: number;
  /** What becomes of a time that the clocks leap over: nothing, or a run at the first moment after the leap. */
  readonly gap?: "skip" | "run_after" | undefined;
  readonly skipHolidays?: boolean | undefined;
  readonly holidays?: Holidays | undefined;
  /** ISO 8601, or `resumed`: until somebody resumes it. */
  readonly pausedUntil?: string | undefined;
}

export interface Firing {
  /** The planned instant. */
  readonly at: number;
  /** The same as people in the zone read it: `Tuesday 2026-12-01 22:45 Europe/Berlin`. */
  readonly local: string;
  /** Why it runs now and not at the time that was meant. */
  readonly instead?: string;
}

export interface Firings {
  readonly firings: readonly Firing[];
  /** What falls away before the last of the firings, in order. */
  readonly skipped: readonly Skipped[];
  /** What somebody should know: a year without a list of holidays, a time that never comes. */
  readonly warnings: readonly string[];
}

/**
 * The next firings of a schedule, and what is left out between them and why.
 * @throws HomeError `ZoneUnknown`, `PositionMissing`
 */
export const nextFirings = (when: When, query: FiringsQuery): Firings => {
  const pause = pauseOf(query);
  if (pause.until === undefined) return { firings: [], skipped: pause.skipped, warnings: [] };
  const span = { ...query, after: Math.max(query.after, pause.until - 1) };
  const firings: Firing[] = [];
  const skipped = new Map<string, Skipped>();
  const warnings = new Set<string>();
  const skip = (one: Skipped): void => {
    // The times of one day that fall away for one reason are told once.
    const key = `${one.why} ${one.day}`;
    if (!skipped.has(key)) skipped.set(key, one);
  };
  for (const time of planned(when, span)) {
    const day = localDay(time.at, query.zone);
    if (query.skipHolidays === true) {
      const isHoliday = holidayOf(day, query.holidays ?? {});
      if (isHoliday === "unknown") warnings.add(noListOf(day));
      if (isHoliday === "yes") {
        skip({ day, why: "holiday", text: `${day} is a holiday` });
        continue;
      }
    }
    if (time.isInGap && query.gap !== "run_after") {
      skip({ day: dayOfWall(time.wallMs), why: "gap", text: gapText(time) });
    } else if (time.at !== firings.at(-1)?.at) {
      // All times in one gap, and the one right after it, are one run.
      firings.push({
        at: time.at,
        local: inWordsOf(time.at, query.zone),
        ...(time.isInGap ? { instead: gapText(time) } : {}),
      });
      if (firings.length >= query.count) break;
    }
  }
  const { until = Number.POSITIVE_INFINITY, end = Number.POSITIVE_INFINITY } = query;
  const told = firings.at(-1)?.at ?? Math.min(until, end, span.after + MOST_TOLD_MS);
  const sunless = when.form === "sun" ? sunlessDays(when, span, told) : [];
  if (firings.length === 0 && sunless.length === 0 && query.until === undefined) {
    warnings.add(`No time comes after ${inWordsOf(span.after, query.zone)}`);
  }
  return {
    firings,
    skipped: [
      ...pause.skipped,
      ...[...sunless, ...skipped.values()].toSorted((a, b) => (a.day < b.day ? -1 : 1)),
    ],
    warnings: [...warnings],
  };
};

// Longer than the sun can stay away; a schedule that has ended has no firing to end the days that are told.
const MOST_TOLD_MS = 400 * 86_400_000;

// From when on it may run again; `until` is absent when nobody knows.
const pauseOf = ({
  pausedUntil,
  after,
  zone,
}: FiringsQuery): { readonly until?: number; readonly skipped: readonly Skipped[] } => {
  if (pausedUntil === undefined) return { until: after, skipped: [] };
  const day = localDay(after, zone);
  const until = pausedUntil === "resumed" ? undefined : Date.parse(pausedUntil);
  if (until === undefined) {
    return { skipped: [{ day, why: "paused", text: "paused until somebody resumes it" }] };
  }
  const text = `paused until ${inWordsOf(until, zone)}`;
  return { until, skipped: until <= after ? [] : [{ day, why: "paused", text }] };
};

const gapText = ({ wallMs }: Occurrence): string => {
  const time = timeOfWall(wallMs);
  return `${time} did not exist that ${time < "06:00" || time >= "22:00" ? "night" : "day"}`;
};
