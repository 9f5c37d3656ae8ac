import { describe, expect, test } from "vitest";
import { type Firing, firingRecord, parseFiringRecord } from "#domain/audit/firing-record.ts";
import { parseSunRefreshRecord, sunRefreshRecord } from "#domain/audit/sun-refresh-record.ts";
import { parseHomeId } from "#domain/home/home-id.ts";
import { AT_HOME } from "../../support/at-home.ts";
import { codeOf } from "../code-of.ts";

const FIRED: Firing = {
  home: AT_HOME.home,
  schedule: "goodnight_weekdays",
  name: "Goodnight weekdays",
  scene: "goodnight",
  kind: "fired",
  plannedAt: "2026-11-30T21:45:00.000Z",
  startedAt: "2026-11-30T21:45:07.123Z",
  run: "run_0123456789abcdefghjk",
  result: "done",
};

test("a firing that is delivered twice has one place, so that it is recorded once", () => {
  const first = firingRecord(FIRED);
  const again = firingRecord({ ...FIRED, startedAt: "2026-11-30T21:46:00.000Z" });

  expect([first.PK, first.SK]).toEqual([
    "HOME#home#SCHEDULE#goodnight_weekdays",
    "2026-11-30T21:45:00.000Z#fired",
  ]);
  expect(again.SK).toBe(first.SK);
});

test("each attempt that breaks off, and each by hand, has a place of its own", () => {
  expect(firingRecord({ ...FIRED, kind: "failed" }).SK).toBe(
    "2026-11-30T21:45:00.000Z#failed#2026-11-30T21:45:07.123Z",
  );
  expect(firingRecord({ ...FIRED, byHand: true }).SK).toBe(
    "2026-11-30T21:45:00.000Z#fired#2026-11-30T21:45:07.123Z",
  );
});

test.each<[string, Firing]>([
  ["fired", FIRED],
  [
    "refused",
    {
      home: AT_HOME.home,
      schedule: "evening",
      name: "Evening",
      scene: "unlock",
      kind: "refused",
      plannedAt: "2026-11-30T21:45:00.000Z",
      startedAt: "2026-11-30T21:45:07.123Z",
      byHand: true,
      code: "NeedsApproval",
      why: "It unlocks front_door.",
    },
  ],
])("what %s is read as it was written", (_, firing) => {
  expect(parseFiringRecord(firingRecord(firing), AT_HOME.home)).toEqual(firing);
});

describe("a firing's record is refused with", () => {
  test.each([
    ["a kind that nobody knows", { kind: "lost" }],
    ["no schedule", { schedule: "" }],
    ["a planned moment that is none", { plannedAt: "yesterday" }],
    ["a run that is a number", { run: 7 }],
  ])("%s", (_, more) => {
    expect(codeOf(() => parseFiringRecord({ ...firingRecord(FIRED), ...more }, AT_HOME.home))).toBe(
      "RecordInvalid",
    );
  });

  test("another home, or another format", () => {
    expect(codeOf(() => parseFiringRecord(firingRecord(FIRED), parseHomeId("cabin")))).toBe(
      "RecordInvalid",
    );
    expect(codeOf(() => parseFiringRecord({ ...firingRecord(FIRED), v: 2 }, AT_HOME.home))).toBe(
      "FormatUnknown",
    );
  });
});

test("a refresh of the sun's schedules is read as it was written, and nothing else is", () => {
  const refresh = {
    at: "2026-11-30T03:00:00.000Z",
    homes: 2,
    schedules: 3,
    placed: 5,
    failures: ["cabin/evening: it has no position"],
  };

  expect(parseSunRefreshRecord(sunRefreshRecord(refresh))).toEqual(refresh);
  expect(codeOf(() => parseSunRefreshRecord({ ...sunRefreshRecord(refresh), homes: "2" }))).toBe(
    "RecordInvalid",
  );
});
