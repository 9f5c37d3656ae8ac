import type { HomeMeta } from "#domain/home/home-meta.ts";
import type { Schedule } from "#domain/schedule/schedule.ts";
import type { ScheduledCall } from "#domain/schedule/scheduled-call.ts";
import { GOODNIGHT_WEEKDAYS } from "./goodnight-weekdays.ts";

/** Goodnight at a quarter to eleven from Monday to Friday, since New Year, in its third version. */
export const SCHEDULE: Schedule = {
  ...GOODNIGHT_WEEKDAYS,
  version: 3,
  createdAt: "2026-01-01T00:00:00.000Z",
};

export const META: HomeMeta = {
  home: GOODNIGHT_WEEKDAYS.home,
  name: "Home",
  timeZone: "Europe/Berlin",
  state: "active",
  createdAt: "2026-01-01T00:00:00.000Z",
};

/** Tuesday 2026-12-01 22:45 in Berlin. */
export const PLANNED_AT = "2026-12-01T21:45:00.000Z";

export const CALL: ScheduledCall = {
  home: GOODNIGHT_WEEKDAYS.home,
  schedule: "goodnight_weekdays",
  version: 3,
  plannedAt: PLANNED_AT,
  attempt: 1,
};
