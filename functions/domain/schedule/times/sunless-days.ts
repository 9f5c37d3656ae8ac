import { Zone } from "#domain/schedule/expressions/zone.ts";
import { dayOfWall } from "./moment.ts";
import { type PlannedSpan, positionOf } from "./planned.ts";
import type { Skipped } from "./skipped.ts";
import { sunEvents } from "./sun.ts";
import type { SunWhen } from "./when.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** The local days between `after` and `until` on which the sun does not rise, or not set: nothing runs by it. */
export const sunlessDays = (
  { event, offsetMinutes }: SunWhen,
  span: PlannedSpan,
  until: number,
): readonly Skipped[] => {
  const zone = Zone.named(span.zone);
  const dayOf = (instant: number): number => Math.floor(zone.wallAt(instant) / DAY_MS);
  const from = span.after - offsetMinutes * MINUTE_MS;
  const found: Skipped[] = [];
  const tell = (first: number, last?: number): void => {
    const day = dayOfWall(first * DAY_MS);
    const to = last === undefined ? " on" : first === last ? "" : ` to ${dayOfWall(last * DAY_MS)}`;
    found.push({
      day,
      why: "no_sun",
      text: `no ${event} ${first === last ? "on" : "from"} ${day}${to}`,
    });
  };
  let next = dayOf(from);
  // Two days earlier, since the first of the days may have had its event already.
  for (const at of sunEvents(event, positionOf(span), from - 2 * DAY_MS)) {
    const day = dayOf(at);
    if (day > next) tell(next, day - 1);
    next = Math.max(next, day + 1);
    if (at + offsetMinutes * MINUTE_MS >= until) return found;
  }
  tell(next);
  return found;
};
