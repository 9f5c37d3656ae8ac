import { Body, Observer, SearchRiseSet } from "astronomy-engine";
import type { Position } from "#domain/home/home-meta.ts";

export type SunEvent = "sunrise" | "sunset";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** How long an event is looked for: beyond the longest polar night, which is half a year, and the year at a pole. */
const MOST_DAYS = 400;

/**
 * The sunrises or sunsets of a place from an instant on, in order, whole seconds: the upper edge of the sun on a level
 * horizon, with the usual refraction. Days without one have none; it ends at `until`, or after 400 days without any.
 *
 * Each is looked for within its solar day, whose bounds lie where no such event is, and never from the instant that was
 * asked about: the same sunset is the same second, whoever asks and when.
 */
export function* sunEvents(
  event: SunEvent,
  position: Position,
  from: number,
  until = Number.POSITIVE_INFINITY,
): Generator<number> {
  const observer = new Observer(position.latitude, position.longitude, 0);
  // A sunrise lies between solar midnight and noon, so its day begins at 18:00; a sunset's at 06:00.
  const begin = (event === "sunrise" ? -6 : 6) * HOUR_MS - (position.longitude / 360) * DAY_MS;
  const first = Math.floor((from - begin) / DAY_MS);
  let last = Number.NEGATIVE_INFINITY;
  for (
    let day = first, without = 0;
    without < MOST_DAYS && begin + day * DAY_MS <= until;
    day += 1, without += 1
  ) {
    for (const at of eventsOfDay(event, observer, begin + day * DAY_MS)) {
      without = 0;
      if (at > until) return;
      if (at < from || at <= last) continue;
      last = at;
      yield at;
    }
  }
}

// Where the sun hardly leaves the horizon a solar day may have two.
const eventsOfDay = (event: SunEvent, observer: Observer, begin: number): readonly number[] => {
  const found: number[] = [];
  let from = begin;
  while (from < begin + DAY_MS) {
    const left = (begin + DAY_MS - from) / DAY_MS;
    const at = SearchRiseSet(
      Body.Sun,
      observer,
      event === "sunrise" ? 1 : -1,
      new Date(from),
      left,
    );
    if (at === null) break;
    found.push(Math.round(at.date.getTime() / 1000) * 1000);
    from = at.date.getTime() + HOUR_MS;
  }
  return found;
};
