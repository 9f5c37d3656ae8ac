import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { collectAtRest } from "../../../scripts/start/collect-at-rest.ts";

const MB = 1024 * 1024;
const collect = vi.fn();
let cpuMs = 0;
let rss = 0;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("gc", collect);
  // What was used since the last look.
  vi.spyOn(process, "cpuUsage").mockImplementation((since) => ({
    user: since === undefined ? 0 : cpuMs * 1000,
    system: 0,
  }));
  vi.spyOn(process.memoryUsage, "rss").mockImplementation(() => rss);
  collect.mockImplementation(() => {
    rss = 140 * MB;
  });
  cpuMs = 20;
  rss = 180 * MB;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  collect.mockReset();
});

test("a house that has something to do is left alone, and collects as soon as it has not", () => {
  const stop = collectAtRest();
  cpuMs = 600;
  vi.advanceTimersByTime(60_000);
  const busy = collect.mock.calls.length;

  cpuMs = 20;
  vi.advanceTimersByTime(10_000);

  expect(busy).toBe(0);
  expect(collect).toHaveBeenCalledTimes(1);
  stop();
});

test("it collects again when it has grown and a minute is over, and never when it is stopped", () => {
  const stop = collectAtRest();
  const calls: number[] = [];
  const after = (ms: number, grownMb: number) => {
    rss += grownMb * MB;
    vi.advanceTimersByTime(ms);
    calls.push(collect.mock.calls.length);
  };

  after(10_000, 0);
  after(120_000, 15);
  after(10_000, 1);
  after(50_000, 40);
  after(10_000, 0);
  stop();
  after(120_000, 40);

  expect(calls).toEqual([1, 1, 2, 2, 3, 3]);
});

test("without the flag there is nothing to call", () => {
  vi.stubGlobal("gc", undefined);

  collectAtRest()();

  expect(vi.getTimerCount()).toBe(0);
});
