import { describe, expect, test } from "vitest";
import type { DeviceInRun, Run } from "../../../infra/console/model/answers.ts";
import { claimsOf } from "../../../infra/console/model/claims.ts";
import { daysOf } from "../../../infra/console/model/days.ts";
import {
  answerDots,
  deviceEvents,
  middleAnswerMs,
} from "../../../infra/console/model/device-history.ts";
import { givenUp } from "../../../infra/console/model/firings.ts";
import { durationInWords, momentInWords } from "../../../infra/console/model/moments.ts";
import { reliability } from "../../../infra/console/model/reliability.ts";

describe("days", () => {
  test("are the home's: a run at 23:30 UTC belongs to the next day in Berlin", () => {
    const quarters = [
      { at: "2026-11-26T23:30:00.000Z", done: 2 },
      { at: "2026-11-26T22:45:00.000Z", failed: 1, done: 1 },
    ];

    const days = daysOf(quarters, "Europe/Berlin", Date.parse("2026-11-27T12:00:00Z"), 3);

    expect(days).toEqual([
      { day: "2026-11-25", counts: {}, runs: 0 },
      { day: "2026-11-26", counts: { failed: 1, done: 1 }, runs: 2 },
      { day: "2026-11-27", counts: { done: 2 }, runs: 2 },
    ]);
  });

  test("of a zone at a quarter to the hour are whole too", () => {
    const quarters = [{ at: "2026-11-26T18:15:00.000Z", done: 1 }];

    const days = daysOf(quarters, "Asia/Kathmandu", Date.parse("2026-11-27T12:00:00Z"), 2);

    expect(days.map(({ day, runs }) => [day, runs])).toEqual([
      ["2026-11-26", 0],
      ["2026-11-27", 1],
    ]);
  });
});

describe("a moment", () => {
  const AT = "2026-11-27T22:45:03.000Z";

  test("is told in the reader's zone, with the home's clock beside it where it differs", () => {
    const zones = { reader: "Europe/Berlin", home: "UTC" };

    expect(momentInWords(AT, zones, "en-GB", "second")).toEqual({
      here: "Fri 27 Nov, 23:45:03",
      home: "22:45:03",
    });
  });

  test("names the home's day where that is another one", () => {
    const zones = { reader: "Asia/Tokyo", home: "Europe/Berlin" };

    expect(momentInWords(AT, zones, "en-GB", "minute")).toEqual({
      here: "Sat 28 Nov, 07:45",
      home: "Fri 27 Nov, 23:45",
    });
  });

  test("is told once where both clocks agree, or the home's zone is not known", () => {
    const both = { reader: "Europe/Berlin", home: "Europe/Vienna" };

    expect(momentInWords(AT, both, "de-DE", "minute")).toEqual({ here: "Fr., 27. Nov., 23:45" });
    expect(momentInWords(AT, { reader: "UTC", home: undefined }, "en-GB", "minute")).toEqual({
      here: "Fri 27 Nov, 22:45",
    });
  });
});

test.each([
  [40, "40\u00a0ms"],
  [1_234, "1.23\u00a0s"],
  [62_000, "62\u00a0s"],
  [180_000, "3\u00a0min"],
])("%i ms are read as %s", (ms, text) => {
  expect(durationInWords(ms, "en-GB")).toBe(text);
});

test("reliability puts the worst device first, and rounds no failure away", () => {
  const problem = { run_id: "run_a", outcome: "timed_out", requested_at: "2026-11-27T22:45:00Z" };

  const { worst, always } = reliability([
    { device: "hall_lamp", asked: 1_000, not_confirmed: 1, last_problem: problem },
    { device: "front_door", asked: 10, not_confirmed: 5, last_problem: problem },
    { device: "blind", asked: 3, not_confirmed: 0 },
  ]);

  expect(worst.map(({ device, percent, asAsked }) => [device, percent, asAsked])).toEqual([
    ["front_door", 50, 5],
    ["hall_lamp", 99, 999],
  ]);
  expect(always).toBe(1);
});

describe("a device's history", () => {
  const run = (id: string, more: Partial<Run> = {}): Run => ({
    run_id: id,
    scene: "goodnight",
    result: "done",
    requested_at: "2026-11-27T22:45:00.000Z",
    ...more,
  });
  const part = (id: string, more: Partial<DeviceInRun>): DeviceInRun & { run_id: string } => ({
    run_id: id,
    device: "hall_lamp",
    name: "Hall lamp",
    stage: "dark",
    outcome: "confirmed",
    asked: "off",
    window_seconds: 2,
    asked_at: "2026-11-27T22:45:00.000Z",
    ...more,
  });

  test("tells runs, schedules and hands apart, the newest first", () => {
    const events = deviceEvents({
      runs: [
        run("run_b", { role: "schedules", requested_at: "2026-11-27T22:50:00.000Z" }),
        run("run_a", { role: "resident" }),
      ],
      device_in_runs: [part("run_a", { answered_at: "2026-11-27T22:45:00.500Z" })],
      by_hand: [{ at: "2026-11-27T22:47:00.000Z", before: "off", after: "on" }],
    });

    expect(events.map(({ cause, at, tookMs }) => [cause, at, tookMs])).toEqual([
      ["schedule", "2026-11-27T22:50:00.000Z", undefined],
      ["hand", "2026-11-27T22:47:00.000Z", undefined],
      ["run", "2026-11-27T22:45:00.500Z", 500],
    ]);
  });

  test("draws each answer against its window, and silence at the top", () => {
    const events = deviceEvents({
      runs: [run("run_b"), run("run_a")],
      device_in_runs: [
        part("run_b", { outcome: "timed_out", asked_at: "2026-11-27T22:50:00.000Z" }),
        part("run_a", { answered_at: "2026-11-27T22:45:00.500Z" }),
      ],
    });

    expect(answerDots(events).map(({ across, share }) => [across, share])).toEqual([
      [0, 25],
      [100, 100],
    ]);
    expect(middleAnswerMs(events)).toBe(500);
  });
});

test("a time of a schedule is given up when every attempt broke off, and told once", () => {
  const at = (planned_at: string, outcome: string, run_id?: string) => ({
    planned_at,
    outcome,
    ...(run_id === undefined ? {} : { run_id }),
  });

  const lost = givenUp([
    at("2026-11-27T22:45:00.000Z", "failed"),
    at("2026-11-27T22:45:00.000Z", "failed"),
    at("2026-11-26T22:45:00.000Z", "failed"),
    at("2026-11-26T22:45:00.000Z", "done", "run_a"),
    // A run that failed is a run.
    at("2026-11-25T22:45:00.000Z", "failed", "run_b"),
  ]);

  expect(lost.map(({ planned_at }) => planned_at)).toEqual(["2026-11-27T22:45:00.000Z"]);
});

test("a token that says nothing names nobody", () => {
  const token = `a.${btoa(JSON.stringify({ username: "olga" }))}.c`;

  expect(claimsOf(token)).toEqual({ username: "olga" });
  expect(claimsOf("nonsense")).toEqual({});
});
