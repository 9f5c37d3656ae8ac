import { describe, expect, test } from "vitest";
import type { DeviceInRun } from "../../../infra/console/model/answers.ts";
import { waterfall } from "../../../infra/console/model/waterfall.ts";

const BEGIN = "2026-11-27T22:45:00.000Z";

const device = (id: string, more: Partial<DeviceInRun>): DeviceInRun => ({
  device: id,
  name: id,
  stage: "all",
  outcome: "confirmed",
  asked: "off",
  window_seconds: 10,
  asked_at: BEGIN,
  ...more,
});

const later = (ms: number): string => new Date(Date.parse(BEGIN) + ms).toISOString();

describe("a run's bars", () => {
  test("go from asked to answered, over the window that the device had", () => {
    const { stages, lengthMs } = waterfall(
      [
        device("lamp", { asked_at: later(1_000), answered_at: later(3_000), window_seconds: 2 }),
        device("cover", { answered_at: later(4_000) }),
      ],
      BEGIN,
      "when",
    );

    expect(lengthMs).toBe(4_000);
    expect(stages[0]?.rows[0]).toMatchObject({
      window: { from: 25, to: 75 },
      bar: { from: 25, to: 75 },
      tookMs: 2_000,
      hasAnswered: true,
    });
    expect(stages[0]?.rows[1]).toMatchObject({
      window: { from: 0, to: 100 },
      bar: { from: 0, to: 100 },
    });
  });

  test("of a device that never answered reach to the end of its window", () => {
    const { stages } = waterfall([device("lamp", { outcome: "timed_out" })], BEGIN, "when");

    expect(stages[0]?.rows[0]).toMatchObject({
      bar: { from: 0, to: 100 },
      hasAnswered: false,
      tone: "bad",
    });
    expect(stages[0]?.rows[0]).not.toHaveProperty("tookMs");
  });

  test("are not drawn for what was never asked", () => {
    const { asked_at: _, ...never } = device("alarm", { outcome: "not_reached" });

    const { stages } = waterfall([never], BEGIN, "when");

    expect(stages[0]?.rows[0]).not.toHaveProperty("bar");
    expect(stages[0]?.rows[0]).not.toHaveProperty("window");
  });

  test("never begin before the run, though a device's clock does", () => {
    const { stages } = waterfall(
      [device("lamp", { asked_at: later(-500), answered_at: later(-400) })],
      BEGIN,
      "when",
    );

    expect(stages[0]?.rows[0]).toMatchObject({ bar: { from: 0, to: 0 }, tookMs: 0 });
  });
});

test("how fast: a lamp of 40 ms is told from one of 400 ms beside a cover of a minute", () => {
  const lamp = device("lamp", {
    asked_at: later(61_000),
    answered_at: later(61_040),
    window_seconds: 2,
  });
  const slow = device("slow", {
    asked_at: later(61_000),
    answered_at: later(61_400),
    window_seconds: 2,
  });
  const cover = device("cover", { answered_at: later(60_000), window_seconds: 60 });

  const { stages, ticks } = waterfall([lamp, slow, cover], BEGIN, "how_fast");

  expect(stages[0]?.rows.map(({ bar }) => bar)).toEqual([
    { from: 0, to: 15.94 },
    { from: 0, to: 42.4 },
    { from: 0, to: 100 },
  ]);
  expect(ticks).toEqual([
    { at: 26.47, ms: 100 },
    { at: 52.94, ms: 1_000 },
    { at: 79.4, ms: 10_000 },
  ]);
});

test("stages keep the plan's order and count what is as asked", () => {
  const { stages } = waterfall(
    [
      device("door", { stage: "close", outcome: "already_there", answered_at: later(10) }),
      device("lamp", { stage: "dark", outcome: "timed_out" }),
      device("blind", { stage: "close", outcome: "confirmed_late", answered_at: later(20) }),
    ],
    BEGIN,
    "when",
  );

  expect(stages.map(({ name, rows, asAsked }) => [name, rows.length, asAsked])).toEqual([
    ["close", 2, 2],
    ["dark", 1, 0],
  ]);
});

test("200 devices are 200 rows with at most seven ticks", () => {
  const devices = Array.from({ length: 200 }, (_, at) =>
    device(`lamp_${String(at)}`, { answered_at: later(10 + at * 25) }),
  );

  const { stages, ticks } = waterfall(devices, BEGIN, "when");

  expect(stages[0]?.rows).toHaveLength(200);
  expect(ticks.map(({ ms }) => ms)).toEqual([0, 1_000, 2_000, 3_000, 4_000]);
});
