import type { Schedule } from "#domain/schedule/schedule.ts";
import { AT_HOME } from "../../support/at-home.ts";

/** Goodnight at 22:45 from Monday to Friday, as Anna made it. */
export const GOODNIGHT_WEEKDAYS: Schedule = {
  schedule: "goodnight_weekdays",
  home: AT_HOME.home,
  name: "Goodnight weekdays",
  scene: "goodnight",
  except: [],
  when: "at 22:45 on mon..fri",
  zone: "Europe/Berlin",
  gap: "skip",
  missed: { policy: "skip" },
  spreadMinutes: 0,
  skipHolidays: false,
  version: 1,
  standing: "placed",
  createdBy: { sub: "sub-anna", clientId: "client-web", username: "anna", scopes: ["write"] },
  createdAt: "2026-11-27T20:00:00.000Z",
};
