import { describe, expect, test } from "vitest";
import { seededLatencyMs } from "#house/simulated/latency.ts";

describe("seeded latencies", () => {
  test("the same seed gives the same latency, on every machine", () => {
    expect(seededLatencyMs(1, { id: "front_door", kind: "lock" })).toBe(216);
    expect(seededLatencyMs(1, { id: "hall_lamp", kind: "light" })).toBe(244);
    expect(seededLatencyMs(1, { id: "garage_door", kind: "cover" })).toBe(952);
  });

  test("another seed gives another house", () => {
    expect(seededLatencyMs(2, { id: "front_door", kind: "lock" })).toBe(238);
    expect(seededLatencyMs(2, { id: "hall_lamp", kind: "light" })).toBe(62);
  });

  test("a thousand lights take 30 to 400 ms, and a thousand covers 600 to 1200 ms, spread evenly", () => {
    const sorted = (kind: "light" | "cover") =>
      Array.from({ length: 1000 }, (_, i) => seededLatencyMs(1, { id: `${kind}_${i}`, kind })).sort(
        (a, b) => a - b,
      );

    const lights = sorted("light");
    const covers = sorted("cover");

    expect(lights[0]).toBeGreaterThanOrEqual(30);
    expect(lights[999]).toBeLessThanOrEqual(400);
    expect(Math.abs((lights[500] ?? 0) - 215)).toBeLessThan(30);
    expect(covers[0]).toBeGreaterThanOrEqual(600);
    expect(covers[999]).toBeLessThanOrEqual(1200);
    expect(Math.abs((covers[500] ?? 0) - 900)).toBeLessThan(50);
  });
});
