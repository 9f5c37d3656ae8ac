import { describe, expect, test } from "vitest";
import {
  callByHand,
  parseScheduledCall,
  scheduledCallInput,
} from "#domain/schedule/scheduled-call.ts";
import { codeOf } from "../code-of.ts";
import { GOODNIGHT_WEEKDAYS } from "./goodnight-weekdays.ts";

const CALL = {
  home: "home",
  schedule: "goodnight_weekdays",
  version: 1,
  plannedAt: "2026-11-30T21:45:00Z",
  attempt: "1",
};

test("the scheduler's input holds the attributes that the scheduler replaces, as they are written", () => {
  expect(scheduledCallInput(GOODNIGHT_WEEKDAYS)).toBe(
    '{"home":"home","schedule":"goodnight_weekdays","version":1,"plannedAt":"<aws.scheduler.scheduled-time>","attempt":"<aws.scheduler.attempt-number>"}',
  );
});

test("a call is read with its planned moment in the one form that records have", () => {
  expect(parseScheduledCall(CALL)).toEqual({
    home: "home",
    schedule: "goodnight_weekdays",
    version: 1,
    plannedAt: "2026-11-30T21:45:00.000Z",
    attempt: 1,
  });
});

test("what is asked for by hand says so", () => {
  expect(
    parseScheduledCall(callByHand(GOODNIGHT_WEEKDAYS, "2026-11-30T21:45:00.000Z")),
  ).toMatchObject({ byHand: true, attempt: 1 });
});

describe("a call is refused with", () => {
  test.each([
    ["no home", { home: undefined }],
    ["a home that is none", { home: "a#b" }],
    ["a schedule that is none", { schedule: "../x" }],
    ["a version that is a text", { version: "1" }],
    ["a moment that nobody replaced", { plannedAt: "<aws.scheduler.scheduled-time>" }],
    ["an attempt that nobody replaced", { attempt: "<aws.scheduler.attempt-number>" }],
    ["a hand that is no yes", { byHand: "true" }],
  ])("%s", (_, more) => {
    expect(codeOf(() => parseScheduledCall({ ...CALL, ...more }))).toBe("ScheduleInvalid");
  });

  test("nothing in it", () => {
    expect(codeOf(() => parseScheduledCall(null))).toBe("ScheduleInvalid");
  });
});
