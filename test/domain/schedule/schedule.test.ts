import { describe, expect, test } from "vitest";
import { parseHomeId } from "#domain/home/home-id.ts";
import {
  isPausedAt,
  parseSchedule,
  type Schedule,
  scheduleRecord,
} from "#domain/schedule/schedule.ts";
import { AT_HOME } from "../../support/at-home.ts";
import { codeOf, messageOf } from "../code-of.ts";
import { UNKNOWN_FORMATS } from "../unknown-formats.ts";
import { GOODNIGHT_WEEKDAYS } from "./goodnight-weekdays.ts";

const full: Schedule = {
  ...GOODNIGHT_WEEKDAYS,
  except: ["hall_lamp"],
  missed: { policy: "run_once_if_within", minutes: 30 },
  pausedUntil: "2026-12-24T00:00:00.000Z",
  startsAt: "2026-11-27T20:00:00.000Z",
  changedBy: { sub: "sub-bo", clientId: "client-web", username: "bo", scopes: ["read", "write"] },
  changedAt: "2026-11-28T20:00:00.000Z",
};

test("a schedule lies in its home's own partition", () => {
  expect(scheduleRecord(GOODNIGHT_WEEKDAYS)).toMatchObject({
    PK: "HOME#home#SCHEDULES",
    SK: "goodnight_weekdays",
    v: 1,
  });
});

test.each([
  ["a plain one", GOODNIGHT_WEEKDAYS],
  ["one with all there is", full],
  ["one that waits to be resumed", { ...GOODNIGHT_WEEKDAYS, pausedUntil: "resumed" }],
])("%s is read as it was written", (_, schedule) => {
  expect(parseSchedule(scheduleRecord(schedule), AT_HOME.home)).toEqual(schedule);
});

// Report 8 of ../shared/reference/scheduler/reports.md: an update changed what an empty field meant. This text is what
// this version stores; whatever reads it later must find the same schedule in it.
test("a record that lacks what may be absent means what it meant when it was written", () => {
  const stored: unknown = JSON.parse(
    '{"PK":"HOME#home#SCHEDULES","SK":"evening","v":1,"schedule":"evening","home":"home","name":"Evening","scene":"movie_night","when":"sunset -30m on fri,sat","zone":"Europe/Berlin","gap":"skip","missed":{"policy":"skip"},"spreadMinutes":0,"skipHolidays":false,"version":1,"standing":"placed","createdBy":{"sub":"sub-anna","clientId":"client-web","username":"anna","scopes":["write"]},"createdAt":"2026-11-27T20:00:00.000Z"}',
  );

  expect(parseSchedule(stored, AT_HOME.home)).toEqual({
    schedule: "evening",
    home: "home",
    name: "Evening",
    scene: "movie_night",
    except: [],
    when: "sunset -30m on fri,sat",
    zone: "Europe/Berlin",
    gap: "skip",
    missed: { policy: "skip" },
    spreadMinutes: 0,
    skipHolidays: false,
    version: 1,
    standing: "placed",
    createdBy: { sub: "sub-anna", clientId: "client-web", username: "anna", scopes: ["write"] },
    createdAt: "2026-11-27T20:00:00.000Z",
  });
});

test.each(UNKNOWN_FORMATS)("a record of the format %j is refused by name", (v, shown) => {
  const parse = () => parseSchedule({ ...scheduleRecord(full), v }, AT_HOME.home);

  expect(codeOf(parse)).toBe("FormatUnknown");
  expect(messageOf(parse)).toBe(
    `Schedule "goodnight_weekdays" has the format ${shown}; this version reads format 1. Use the version that wrote it. Nothing was changed.`,
  );
});

describe("a record is refused with", () => {
  test.each([
    ["an id that is none", { schedule: "Goodnight" }],
    ["an id that is too long for AWS", { schedule: "a".repeat(40) }],
    ["another home", { home: "cabin" }],
    ["a name that turns the writing", { name: "a\u202eb" }],
    ["no scene", { scene: "" }],
    ["devices to leave out that are no texts", { except: [1] }],
    ["no time", { when: "" }],
    ["a time that is too long", { when: "a".repeat(257) }],
    ["a zone that nobody knows", { zone: "Mars/Olympus" }],
    ["a gap policy that nobody knows", { gap: "run_before" }],
    ["no policy for missed ones", { missed: undefined }],
    ["missed ones without minutes", { missed: { policy: "run_once_if_within" } }],
    ["missed ones within no time", { missed: { policy: "run_once_if_within", minutes: 0 } }],
    [
      "missed ones within more than a day",
      { missed: { policy: "run_once_if_within", minutes: 1441 } },
    ],
    ["a spread of more than an hour", { spreadMinutes: 61 }],
    ["a spread of half a minute", { spreadMinutes: 0.5 }],
    ["holidays that are a text", { skipHolidays: "yes" }],
    ["version 0", { version: 0 }],
    ["a standing that nobody knows", { standing: "lost" }],
    ["a pause until nobody knows when", { pausedUntil: "soon" }],
    ["a start that is no time", { startsAt: "soon" }],
    ["nobody who made it", { createdBy: undefined }],
    ["no time when it was made", { createdAt: undefined }],
    ["somebody who changed it that is nobody", { changedBy: "anna" }],
    ["a change at no time", { changedAt: "yesterday" }],
  ])("%s", (_, more) => {
    expect(codeOf(() => parseSchedule({ ...scheduleRecord(full), ...more }, AT_HOME.home))).toBe(
      "RecordInvalid",
    );
  });

  test("nothing in it, or another home's key", () => {
    expect(codeOf(() => parseSchedule(undefined, AT_HOME.home))).toBe("RecordInvalid");
    expect(codeOf(() => parseSchedule(scheduleRecord(full), parseHomeId("cabin")))).toBe(
      "RecordInvalid",
    );
  });
});

test("a pause lasts until its moment, or until somebody ends it", () => {
  const until = { ...GOODNIGHT_WEEKDAYS, pausedUntil: "2026-12-24T00:00:00.000Z" };
  const resumed = { ...GOODNIGHT_WEEKDAYS, pausedUntil: "resumed" };
  const before = Date.parse("2026-12-23T23:59:59.999Z");

  expect(isPausedAt(until, before)).toBe(true);
  expect(isPausedAt(until, before + 1)).toBe(false);
  expect(isPausedAt(resumed, before + 1)).toBe(true);
  expect(isPausedAt(GOODNIGHT_WEEKDAYS, before)).toBe(false);
});
