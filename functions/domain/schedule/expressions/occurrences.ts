import type { CronFields } from "./cron-fields.ts";
import { daysOfMonth } from "./day-rule.ts";
import type { ScheduleExpression } from "./schedule-expression.ts";
import { Zone } from "./zone.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** What bounds the occurrences of an expression. */
export interface Span {
  /** The IANA zone whose clocks the expression means. */
  readonly zone: string;
  /** Occurrences lie strictly after this instant. */
  readonly after: number;
  /** EventBridge's StartDate: none earlier, and a rate counts from it, or from `after` without one. An `at` ignores it. */
  readonly start?: number | undefined;
  /** EventBridge's EndDate: none later. An `at` ignores it. */
  readonly end?: number | undefined;
}

/** A time that an expression means. */
export interface Occurrence {
  /** The planned instant; where the clocks leapt over the time, the first moment after the leap. */
  readonly at: number;
  /** The wall time that was meant, as if the zone were UTC. */
  readonly wallMs: number;
  /** True where that wall time does not exist: EventBridge does not fire. */
  readonly isInGap: boolean;
}

/**
 * Every time that an expression means, in order, those in a gap of the clocks too. A time that comes twice is meant once:
 * the first. (docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html, "Daylight savings time")
 * @throws HomeError `ZoneUnknown`
 */
export function* occurrences(expression: ScheduleExpression, span: Span): Generator<Occurrence> {
  const zone = Zone.named(span.zone);
  switch (expression.kind) {
    case "at": {
      const occurrence = occurrenceOf(expression.wallMs, zone);
      if (occurrence.at > span.after) yield occurrence;
      return;
    }
    case "rate":
      for (const at of instantsOfRate(expression.everyMs, span)) {
        yield { at, wallMs: zone.wallAt(at), isInGap: false };
      }
      return;
    case "cron":
      yield* occurrencesOfCron(expression.fields, zone, span);
  }
}

function* occurrencesOfCron(fields: CronFields, zone: Zone, span: Span): Generator<Occurrence> {
  const { start = FIRST_MS, end = LAST_MS } = span;
  const after = Math.max(span.after, start - 1, FIRST_MS);
  if (after > LAST_MS) return;
  for (const wallMs of wallTimesAfter(fields, zone.wallAt(after))) {
    const occurrence = occurrenceOf(wallMs, zone);
    if (occurrence.at > end) return;
    // In the second pass of a repeated hour the wall times ahead were met in the first.
    if (occurrence.at > after) yield occurrence;
  }
}

// The years of a cron expression, and a day for the zones.
const FIRST_MS = Date.UTC(1969, 11, 31);
const LAST_MS = Date.UTC(2200, 0, 2);

const occurrenceOf = (wallMs: number, zone: Zone): Occurrence => {
  const instant = zone.instantOf(wallMs);
  return instant === undefined
    ? { at: zone.endOfGap(wallMs), wallMs, isInGap: true }
    : { at: instant, wallMs, isInGap: false };
};

// Days and hours that lie behind are passed over whole, and a month without the day costs nothing: 230 years of an
// expression that never fires are 2760 months.
function* wallTimesAfter(fields: CronFields, afterMs: number): Generator<number> {
  const fromMs = (Math.floor(afterMs / MINUTE_MS) + 1) * MINUTE_MS;
  for (const year of fields.years) {
    if (Date.UTC(year + 1, 0) <= fromMs) continue;
    for (const month of fields.months) {
      if (Date.UTC(year, month) <= fromMs) continue;
      for (const day of daysOfMonth(fields.days, year, month)) {
        const midnight = Date.UTC(year, month - 1, day);
        if (midnight + DAY_MS <= fromMs) continue;
        for (const hour of fields.hours) {
          const onTheHour = midnight + hour * HOUR_MS;
          if (onTheHour + HOUR_MS <= fromMs) continue;
          for (const minute of fields.minutes) {
            const wallMs = onTheHour + minute * MINUTE_MS;
            if (wallMs >= fromMs) yield wallMs;
          }
        }
      }
    }
  }
}

// The first is at the start itself, then every interval; nothing is adjusted to the clocks.
function* instantsOfRate(
  everyMs: number,
  { after, start, end = LAST_MS }: Span,
): Generator<number> {
  const first = start ?? after;
  const passed = Math.max(0, Math.floor((after - first) / everyMs) + 1);
  for (let at = first + passed * everyMs; at <= end && at <= LAST_MS; at += everyMs) yield at;
}
