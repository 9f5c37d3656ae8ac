import { describe, expect, test } from "vitest";
import type { Firing } from "#domain/audit/firing-record.ts";
import { type Delivery, decideFiring, mostLateMs } from "#domain/schedule/decide-firing.ts";
import type { Schedule } from "#domain/schedule/schedule.ts";
import { CALL, META, PLANNED_AT, SCHEDULE } from "./a-schedule.ts";

const minutesAfter = (minutes: number): number => Date.parse(PLANNED_AT) + minutes * 60_000;

const delivery = (change: Partial<Delivery> = {}): Delivery => ({
  call: CALL,
  schedule: SCHEDULE,
  meta: META,
  earlier: [],
  nowMs: minutesAfter(0.1),
  ...change,
});

const firing = (change: Partial<Firing>): Firing => ({
  home: SCHEDULE.home,
  schedule: "goodnight_weekdays",
  name: "Goodnight weekdays",
  scene: "goodnight",
  kind: "fired",
  plannedAt: PLANNED_AT,
  startedAt: PLANNED_AT,
  ...change,
});

test("a firing in its time is run", () => {
  expect(decideFiring(delivery())).toEqual({ kind: "run" });
});

describe("nothing is done", () => {
  test.for<readonly [string, Partial<Delivery>, string]>([
    ["of a home that is not there", { meta: undefined }, "The home is not there."],
    [
      "of a home that was deleted",
      { meta: { ...META, state: "deleted" } },
      "The home is not there.",
    ],
    ["of a schedule that was removed", { schedule: undefined }, "The schedule was removed."],
    [
      "of a schedule that is about to be removed",
      { schedule: { ...SCHEDULE, standing: "to_remove" } },
      "The schedule was removed.",
    ],
    ["of a firing that was done before", { earlier: [firing({})] }, "It was fired already."],
    [
      "of a firing that was refused before",
      { earlier: [firing({ kind: "refused", code: "NeedsApproval" })] },
      "It was refused already.",
    ],
  ])("%s", ([, change, why]) => {
    expect(decideFiring(delivery(change))).toEqual({ kind: "nothing", why });
  });
});

test.for<readonly [string, Partial<Firing>]>([
  ["an attempt that broke off", { kind: "failed", code: "GatewayFailed" }],
  ["what an older version was told", { kind: "skipped", code: "ScheduleChanged" }],
  ["a run that somebody asked for by hand", { kind: "fired", byHand: true }],
])("%s does not stand in its way", ([, change]) => {
  expect(decideFiring(delivery({ earlier: [firing(change)] }))).toEqual({ kind: "run" });
});

test("what an older version of the schedule planned is skipped", () => {
  const verdict = decideFiring(delivery({ call: { ...CALL, version: 2 } }));

  expect(verdict).toEqual({
    kind: "skipped",
    code: "ScheduleChanged",
    why: "The schedule was changed after this had been planned.",
  });
});

test.for([
  ["2026-12-01T21:45:00.001Z", "The schedule was paused until 2026-12-01T21:45:00.001Z."],
  ["resumed", "The schedule was paused."],
] as const)("a firing of a schedule that is paused until %s is skipped", ([pausedUntil, why]) => {
  const verdict = decideFiring(delivery({ schedule: { ...SCHEDULE, pausedUntil } }));

  expect(verdict).toEqual({ kind: "skipped", code: "Paused", why });
});

test("a pause that ends with the planned moment is over", () => {
  const schedule = { ...SCHEDULE, pausedUntil: PLANNED_AT };

  expect(decideFiring(delivery({ schedule }))).toEqual({ kind: "run" });
});

describe("on a holiday", () => {
  // Just after midnight in Berlin, and the day before in UTC.
  const call = { ...CALL, plannedAt: "2026-12-24T23:05:00.000Z" };
  const nowMs = Date.parse("2026-12-24T23:05:20Z");
  const meta = { ...META, holidays: { "2026": ["2026-12-25"] } };

  test("of the schedule's own calendar it is skipped", () => {
    const schedule = { ...SCHEDULE, skipHolidays: true };

    expect(decideFiring(delivery({ call, nowMs, meta, schedule }))).toEqual({
      kind: "skipped",
      code: "Holiday",
      why: "2026-12-25 is a holiday.",
    });
  });

  test("it is run where the schedule does not ask for holidays, or nobody knows of the year's", () => {
    const schedule = { ...SCHEDULE, skipHolidays: true };

    expect(decideFiring(delivery({ call, nowMs, meta }))).toEqual({ kind: "run" });
    expect(decideFiring(delivery({ call, nowMs, schedule }))).toEqual({ kind: "run" });
  });
});

describe("late", () => {
  test("by what the scheduler and two more attempts take it is still run", () => {
    expect(decideFiring(delivery({ nowMs: minutesAfter(5) }))).toEqual({ kind: "run" });
  });

  test("by more it is missed, and left out", () => {
    expect(decideFiring(delivery({ nowMs: minutesAfter(5.1) }))).toEqual({
      kind: "missed",
      code: "TooLate",
      why: "It came 5 minutes late; what is missed is left out.",
    });
  });

  test("it is run once within the time that the schedule gives, and its spread", () => {
    const schedule = {
      ...SCHEDULE,
      missed: { policy: "run_once_if_within", minutes: 30 },
      spreadMinutes: 10,
    } as const;

    expect(decideFiring(delivery({ schedule, nowMs: minutesAfter(40) }))).toEqual({ kind: "run" });
    expect(decideFiring(delivery({ schedule, nowMs: minutesAfter(41) }))).toEqual({
      kind: "missed",
      code: "TooLate",
      why: "It came 41 minutes late; it is run once within 30 minutes.",
    });
  });

  test.for<readonly [string, Partial<Schedule>, number, string]>([
    ["a later one had come due", { when: "rate(2 minutes)" }, 3, "missed"],
    ["the scheduler itself was late", { when: "rate(1 minutes)" }, 1, "run"],
    ["no later one had come due", { when: "rate(10 minutes)" }, 3, "run"],
    ["it goes by a sun of which nobody knows where", { when: "sunset" }, 3, "run"],
  ])("of several that an outage held up the last is enough: %s", ([, change, minutes, kind]) => {
    const verdict = decideFiring(
      delivery({ schedule: { ...SCHEDULE, ...change }, nowMs: minutesAfter(minutes) }),
    );

    expect(verdict.kind).toBe(kind);
  });

  test("one that a holiday leaves out overtakes none", () => {
    const lastMinute = { ...CALL, plannedAt: "2026-12-24T22:59:00.000Z" };
    const change = {
      call: lastMinute,
      meta: { ...META, holidays: { "2026": ["2026-12-25"] } },
      nowMs: Date.parse("2026-12-24T23:02:00Z"),
    };
    const schedule = { ...SCHEDULE, when: "at 00:01 daily" };

    expect(decideFiring(delivery({ ...change, schedule }))).toMatchObject({ code: "Overtaken" });
    expect(
      decideFiring(delivery({ ...change, schedule: { ...schedule, skipHolidays: true } })),
    ).toEqual({ kind: "run" });
  });

  test("a time that is shorter than the scheduler's own lateness is not held against it", () => {
    expect(mostLateMs({ policy: "run_once_if_within", minutes: 1 })).toBe(300_000);
  });
});

test("who asks by hand means it: no pause, holiday, lateness, version or earlier firing is in the way", () => {
  const verdict = decideFiring(
    delivery({
      call: { ...CALL, byHand: true, version: 1 },
      schedule: { ...SCHEDULE, pausedUntil: "resumed" },
      earlier: [firing({ kind: "missed" })],
      nowMs: minutesAfter(600),
    }),
  );

  expect(verdict).toEqual({ kind: "run" });
});
