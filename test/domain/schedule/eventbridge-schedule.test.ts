import { describe, expect, test } from "vitest";
import { parseHomeId } from "#domain/home/home-id.ts";
import {
  daysAhead,
  lastingSchedule,
  type SchedulePlace,
  singleSchedules,
} from "#domain/schedule/eventbridge-schedule.ts";
import type { Schedule } from "#domain/schedule/schedule.ts";
import { SCHEDULE } from "./a-schedule.ts";

const PLACE: SchedulePlace = {
  group: "smarthome-schedules",
  roleArn: "arn:aws:iam::000000000000:role/schedules",
  targetArn: "arn:aws:lambda:us-east-1:000000000000:function:smarthome-start-scheduled-scene",
  deadLettersArn: "arn:aws:sqs:us-east-1:000000000000:dead-letters",
};
const NOW = Date.parse("2026-12-01T12:00:00Z");
const BERLIN = { latitude: 52.52, longitude: 13.405 };

describe("a schedule of the clock", () => {
  test("is one schedule at the scheduler, which hands over home, schedule, version and the planned moment", () => {
    expect(lastingSchedule(SCHEDULE, PLACE, NOW)).toEqual({
      GroupName: "smarthome-schedules",
      Name: "home.goodnight_weekdays",
      ScheduleExpression: "cron(45 22 ? * MON,TUE,WED,THU,FRI *)",
      ScheduleExpressionTimezone: "Europe/Berlin",
      FlexibleTimeWindow: { Mode: "OFF" },
      ActionAfterCompletion: "NONE",
      State: "ENABLED",
      Target: {
        Arn: "arn:aws:lambda:us-east-1:000000000000:function:smarthome-start-scheduled-scene",
        RoleArn: "arn:aws:iam::000000000000:role/schedules",
        Input:
          '{"home":"home","schedule":"goodnight_weekdays","version":3,"plannedAt":"<aws.scheduler.scheduled-time>","attempt":"<aws.scheduler.attempt-number>"}',
        RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
        DeadLetterConfig: { Arn: "arn:aws:sqs:us-east-1:000000000000:dead-letters" },
      },
    });
  });

  test("has no single firings, however the clocks leap", async () => {
    const days = daysAhead(Date.parse("2027-03-27T12:00:00Z"));
    const atHalfPastTwo = { ...SCHEDULE, when: "at 02:30 daily" };

    expect(await singleSchedules(atHalfPastTwo, PLACE, days)).toEqual([]);
  });

  test("with a spread comes within that window", () => {
    const placed = lastingSchedule({ ...SCHEDULE, spreadMinutes: 15 }, PLACE, NOW);

    expect(placed?.FlexibleTimeWindow).toEqual({ Mode: "FLEXIBLE", MaximumWindowInMinutes: 15 });
  });
});

describe("an expression of the scheduler's own", () => {
  test("stays as it was written; what comes once takes itself away", () => {
    const once = { ...SCHEDULE, when: "at(2026-12-24T18:00:00)" };
    const weekly = { ...SCHEDULE, when: "cron(0 8 ? * 2#1 *)" };

    expect(lastingSchedule(once, PLACE, NOW)).toMatchObject({
      ScheduleExpression: "at(2026-12-24T18:00:00)",
      ActionAfterCompletion: "DELETE",
    });
    expect(lastingSchedule(weekly, PLACE, NOW)).toMatchObject({
      ScheduleExpression: "cron(0 8 ? * 2#1 *)",
      ActionAfterCompletion: "NONE",
    });
  });

  test.for([
    ["2026-12-01T13:00:00.000Z", "2026-12-01T13:00:00.000Z"],
    // Two hours and three and a half rows ago.
    ["2026-11-30T10:00:00.000Z", "2026-12-01T16:00:00.000Z"],
    ["2026-12-01T12:00:00.000Z", "2026-12-01T12:00:00.000Z"],
  ] as const)(
    "a rate that began at %s goes on from %s, since a start that is past is refused",
    ([startsAt, start]) => {
      const schedule = { ...SCHEDULE, when: "rate(6 hours)", startsAt };

      expect(lastingSchedule(schedule, PLACE, NOW)?.StartDate).toEqual(new Date(start));
    },
  );
});

describe("a schedule of the sun", () => {
  const evening: Schedule = { ...SCHEDULE, schedule: "evening", when: "sunset +30m" };
  const days = { ...daysAhead(NOW), position: BERLIN };

  // REQ: schedule-sun-refreshed
  test("has nothing lasting, and each firing of the coming two days by itself, once", async () => {
    const singles = await singleSchedules(evening, PLACE, days);

    expect(lastingSchedule(evening, PLACE, NOW)).toBeUndefined();
    // Berlin's almanac has sunset at 15:56 on 1 December 2026, and at 15:55 on the next day.
    expect(singles.map(({ Name }) => Name)).toEqual([
      "home.evening.3.20261201T1526",
      "home.evening.3.20261202T1525",
    ]);
    expect(singles.map(({ ActionAfterCompletion }) => ActionAfterCompletion)).toEqual([
      "DELETE",
      "DELETE",
    ]);
    expect(singles.map((one) => one.ScheduleExpression.slice(0, 19))).toEqual([
      "at(2026-12-01T15:26",
      "at(2026-12-02T15:25",
    ]);
    expect(new Set(singles.map((one) => one.ScheduleExpressionTimezone))).toEqual(new Set(["UTC"]));
  });

  test("is placed under the same names whenever it is computed, so that nothing is placed twice", async () => {
    const names = async (hours: number) =>
      (
        await singleSchedules(evening, PLACE, {
          ...days,
          fromMs: NOW + hours * 3_600_000,
        })
      ).map(({ Name, ScheduleExpression }) => `${Name} ${ScheduleExpression}`);

    const first = await names(0);

    expect(await names(1.5)).toEqual(first);
    expect(await names(4)).toEqual(first.slice(1));
  });

  test("in another version has other names, and hands over that version", async () => {
    const [single] = await singleSchedules({ ...evening, version: 4 }, PLACE, days);

    expect(single?.Name).toBe("home.evening.4.20261201T1526");
    expect(single?.Target.Input).toContain('"version":4');
  });

  test("without a position is refused", async () => {
    await expect(singleSchedules(evening, PLACE, daysAhead(NOW))).rejects.toMatchObject({
      code: "PositionMissing",
    });
  });

  test("with the longest names has one of at most 64 characters, and no other schedule has the same", async () => {
    const longest = {
      ...evening,
      home: parseHomeId("a_home_with_the_longest1"),
      schedule: "a_schedule_whose_id_has_39_characters_x",
      version: 1234,
    };
    const other = { ...longest, schedule: "a_schedule_whose_id_has_39_characters_y" };

    const [single] = await singleSchedules(longest, PLACE, days);
    const [ofOther] = await singleSchedules(other, PLACE, days);

    expect(single?.Name).toMatch(/^a_home_with_the_longest1\.[0-9a-z]{12}\.1234\.20261201T1526$/);
    expect(single?.Name.length).toBeLessThanOrEqual(64);
    expect(ofOther?.Name).not.toBe(single?.Name);
  });
});

test("a run after a leap of the clocks is placed for that one night, at the first moment after it", async () => {
  const schedule: Schedule = { ...SCHEDULE, when: "at 02:30 daily", gap: "run_after" };
  // Berlin leaps from 02:00 to 03:00 on 28 March 2027.
  const days = daysAhead(Date.parse("2027-03-27T02:20:00Z"));

  const singles = await singleSchedules(schedule, PLACE, days);

  expect(singles.map((one) => [one.Name, one.ScheduleExpression])).toEqual([
    ["home.goodnight_weekdays.3.20270328T0100", "at(2027-03-28T01:00:00)"],
  ]);
  expect(lastingSchedule(schedule, PLACE, NOW)?.ScheduleExpression).toBe("cron(30 2 * * ? *)");
});
