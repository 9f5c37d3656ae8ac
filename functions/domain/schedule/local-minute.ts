import { Zone } from "./expressions/zone.ts";

/** What the clocks of a zone show at an instant, to the minute: `2026-11-27 22:45`. */
export const localMinute = (zone: string, instant: number): string =>
  new Date(Zone.named(zone).wallAt(instant)).toISOString().slice(0, 16).replace("T", " ");
