import type { Position } from "#domain/home/home-meta.ts";
import { HomeError } from "#domain/home-error.ts";
import {
  type Occurrence,
  occurrences,
  type Span,
} from "#domain/schedule/expressions/occurrences.ts";
import { Zone } from "#domain/schedule/expressions/zone.ts";
import { sunEvents } from "./sun.ts";
import { weekdayOf } from "./weekdays.ts";
import type { SunWhen, When } from "./when.ts";

const MINUTE_MS = 60_000;

/** What bounds the planned times, and where the home is. */
export interface PlannedSpan extends Span {
  /** Nothing later than this instant, an `at` neither. */
  readonly until?: number | undefined;
  readonly position?: Position | undefined;
}

/**
 * Every time that is meant, in order, those that the clocks leap over too.
 * @throws HomeError `ZoneUnknown`; `PositionMissing` for the sun of a home of which nobody knows where it is
 */
export function* planned(when: When, span: PlannedSpan): Generator<Occurrence> {
  const until = span.until ?? Number.POSITIVE_INFINITY;
  const times =
    when.form === "sun" ? plannedBySun(when, span, until) : occurrences(when.expression, span);
  for (const time of times) {
    if (time.at > until) return;
    yield time;
  }
}

function* plannedBySun(when: SunWhen, span: PlannedSpan, until: number): Generator<Occurrence> {
  const { start = Number.NEGATIVE_INFINITY, end = until } = span;
  const zone = Zone.named(span.zone);
  const offsetMs = when.offsetMinutes * MINUTE_MS;
  const after = Math.max(span.after, start - 1);
  const last = Math.min(end, until) - offsetMs;
  for (const eventAt of sunEvents(when.event, positionOf(span), after - offsetMs, last)) {
    const at = eventAt + offsetMs;
    if (at <= after || !when.weekdays.includes(weekdayOf(zone.wallAt(eventAt)))) continue;
    yield { at, wallMs: zone.wallAt(at), isInGap: false };
  }
}

/** @throws HomeError `PositionMissing` */
export const positionOf = ({ position }: Pick<PlannedSpan, "position">): Position => {
  if (position !== undefined) return position;
  throw new HomeError(
    "PositionMissing",
    "Sunrise and sunset need the home's position, which nobody has told. Say its latitude and longitude, such as 52.52,13.405.",
  );
};
