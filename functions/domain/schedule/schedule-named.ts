import { resolveName } from "#domain/home/names.ts";
import type { Schedule } from "./schedule.ts";

/**
 * The schedule that a name or an id means.
 * @param next what one can do about a name that means none or several, as a sentence
 * @throws HomeError `ScheduleUnknown` with the closest, `NameAmbiguous`
 */
export const scheduleNamed = (
  name: string,
  schedules: readonly Schedule[],
  next: string,
): Schedule =>
  resolveName(
    name,
    schedules.map((schedule) => ({
      id: schedule.schedule,
      name: schedule.name,
      aliases: [],
      schedule,
    })),
    { noun: "schedule", unknown: "ScheduleUnknown", next },
  ).schedule;
