import { Zone } from "#domain/schedule/expressions/zone.ts";
import { weekdayName, weekdayOf } from "./weekdays.ts";

/** The day of a wall time: `2026-12-01`. */
export const dayOfWall = (wallMs: number): string => new Date(wallMs).toISOString().slice(0, 10);

/** The time of day of a wall time: `22:45`. */
export const timeOfWall = (wallMs: number): string => new Date(wallMs).toISOString().slice(11, 16);

/** The day that the clocks of a zone show: `2026-12-01`. */
export const localDay = (instant: number, zone: string): string =>
  dayOfWall(Zone.named(zone).wallAt(instant));

/** A moment as people in a zone read it: `Tuesday 2026-12-01 22:45 Europe/Berlin`. */
export const inWordsOf = (instant: number, zone: string): string => {
  const wallMs = Zone.named(zone).wallAt(instant);
  return `${weekdayName(weekdayOf(wallMs))} ${dayOfWall(wallMs)} ${timeOfWall(wallMs)} ${zone}`;
};
