import { expect, test } from "vitest";
import { gapFirings } from "#domain/schedule/gap-firings.ts";
import type { Schedule } from "#domain/schedule/schedule.ts";
import { SCHEDULE } from "./a-schedule.ts";

const NIGHT: Schedule = { ...SCHEDULE, when: "at 02:30 daily" };
// Berlin leapt from 02:00 to 03:00 on 29 March 2026.
const AROUND_THE_LEAP = {
  fromMs: Date.parse("2026-03-28T02:20:00Z"),
  untilMs: Date.parse("2026-03-30T02:20:00Z"),
};

test("a time that the clocks leapt over is told in the history", () => {
  expect(gapFirings(NIGHT, AROUND_THE_LEAP)).toEqual([
    {
      home: "home",
      schedule: "goodnight_weekdays",
      name: "Goodnight weekdays",
      scene: "goodnight",
      kind: "skipped",
      plannedAt: "2026-03-29T01:00:00.000Z",
      startedAt: "2026-03-29T01:00:00.000Z",
      code: "TimeDoesNotExist",
      why: "02:30 did not exist that night.",
    },
  ]);
});

test("several times in one leap are told once", () => {
  const often = { ...NIGHT, when: "cron(0/15 * * * ? *)" };

  const told = gapFirings(often, AROUND_THE_LEAP);

  expect(told.map(({ plannedAt, why }) => [plannedAt, why])).toEqual([
    ["2026-03-29T01:00:00.000Z", "02:00 did not exist that night."],
  ]);
});

test.for<readonly [string, Partial<Schedule>]>([
  ["ran right after it", { gap: "run_after" }],
  ["goes by the sun", { when: "sunset" }],
  ["goes by the hour", { when: "rate(30 minutes)" }],
  ["was changed after it", { changedAt: "2026-03-29T08:00:00.000Z" }],
  ["was made after it", { createdAt: "2026-03-29T08:00:00.000Z" }],
  ["means another time", { when: "at 03:30 daily" }],
])("nothing is told of a schedule that %s", ([, change]) => {
  expect(gapFirings({ ...NIGHT, ...change }, AROUND_THE_LEAP)).toEqual([]);
});
