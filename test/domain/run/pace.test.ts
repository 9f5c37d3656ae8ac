import fc from "fast-check";
import { expect, test } from "vitest";
import { firstLookMs, isWorthPolling, pollPauseMs, WAIT_SECONDS } from "#domain/run/pace.ts";

test.each([
  [1, 0, 10_000, 5],
  [1, 24, 10_000, 5],
  [1, 25, 10_000, 15],
  [1, 240, 10_000, 15],
  [1, 320, 10_000, 20],
  [1, 1600, 10_000, 100],
  [1, 60_000, 10_000, 100],
  [1, 30, 7, 7],
  [1, 30, 6.2, 7],
  [1, 1600, 40, 40],
  [1, 1600, 0, 1],
  [1, 1600, -5, 1],
  [50, 10, 10_000, 20],
  [50, 320, 10_000, 20],
  [50, 480, 10_000, 30],
  [200, 60, 10_000, 50],
  [200, 60, 30, 30],
])(
  "with %d devices to come after %d ms, with %d ms to go, it pauses %d ms",
  (pending, waitedMs, remainingMs, pauseMs) => {
    expect(pollPauseMs(waitedMs, remainingMs, pending)).toBe(pauseMs);
  },
);

test("a pause is never below 1 ms nor above 100 ms, and never much beyond the window", () => {
  fc.assert(
    fc.property(fc.nat(300_000), fc.nat(300_000), fc.nat(500), (waitedMs, remainingMs, pending) => {
      const pauseMs = pollPauseMs(waitedMs, remainingMs, pending);

      expect(pauseMs).toBeGreaterThanOrEqual(1);
      expect(pauseMs).toBeLessThanOrEqual(Math.max(1, Math.min(100, remainingMs)));
    }),
  );
});

test.each([
  [0, 0],
  [1, 3.4],
  [10, 7],
  [50, 23],
  [200, 53],
])("answers of %d devices are first looked for %d ms after they were asked", (devices, ms) => {
  expect(firstLookMs(devices)).toBeCloseTo(ms);
});

test.each([
  [0, true],
  [7999, true],
  [8000, false],
  [60_000, false],
])("after %d ms looking densely is worth it: %s", (waitedMs, worth) => {
  expect(isWorthPolling(waitedMs)).toBe(worth);
});

test("the workflow waits one second, the finest that Step Functions has", () => {
  expect(WAIT_SECONDS).toBe(1);
});
