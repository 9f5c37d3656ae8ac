import { isDay } from "#domain/home/home-meta.ts";
import { HomeError } from "#domain/home-error.ts";
import { shown } from "#domain/printable.ts";
import { Zone } from "./expressions/zone.ts";

const HOUR_MS = 3_600_000;

/**
 * Reads from when on a schedule may run again: a day, whose beginning is meant, or a moment on the zone's clocks or with
 * an offset of its own. As ISO 8601, UTC.
 * @throws HomeError `ScheduleInvalid` for what is none, or is over
 */
export const parseUntil = (text: string, zone: string, nowMs: number): string => {
  const at = momentOf(text, zone);
  if (at === undefined || !(at > nowMs)) {
    throw new HomeError(
      "ScheduleInvalid",
      `${shown(text)} is ${at === undefined ? "no day and no moment" : "over"}; say from when on it is to run again, such as 2026-12-27 or 2026-12-27T18:00. Nothing was changed.`,
    );
  }
  return new Date(at).toISOString();
};

const momentOf = (text: string, zone: string): number | undefined => {
  const [, day, time = "00:00", offset] =
    /^(\d{4}-\d\d-\d\d)(?:[T ]([01]\d:[0-5]\d|2[0-3]:[0-5]\d)(?::00(?:\.0+)?)?(Z|[+-]\d\d:\d\d)?)?$/.exec(
      text,
    ) ?? [];
  if (day === undefined || !isDay(day)) return undefined;
  if (offset !== undefined) {
    const at = Date.parse(`${day}T${time}:00${offset}`);
    return Number.isNaN(at) ? undefined : at;
  }
  const wallMs = Date.parse(`${day}T${time}:00Z`);
  const clocks = Zone.named(zone);
  // A moment that the clocks leap over: the same time of day an hour later is there.
  return clocks.instantOf(wallMs) ?? clocks.instantOf(wallMs + HOUR_MS);
};
