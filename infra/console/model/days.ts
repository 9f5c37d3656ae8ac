import type { Summary } from "./answers.ts";
import { dayIn } from "./moments.ts";

/** How the runs of one day ended. */
export interface Day {
  /** As the calendar of the zone has it, `2026-11-27`. */
  readonly day: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly runs: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** The last days up to a moment, those without runs too, the oldest first; days as the zone has them. */
export const daysOf = (
  quarters: Summary["quarters"],
  zone: string,
  nowMs: number,
  count: number,
): readonly Day[] => {
  const byDay = new Map<string, Record<string, number>>();
  for (let back = count - 1; back >= 0; back -= 1) {
    byDay.set(dayIn(zone, nowMs - back * DAY_MS), {});
  }
  for (const { at, ...ends } of quarters) {
    const counts = byDay.get(dayIn(zone, Date.parse(at)));
    if (counts === undefined) continue;
    for (const [end, runs = 0] of Object.entries(ends)) counts[end] = (counts[end] ?? 0) + runs;
  }
  return [...byDay].map(([day, counts]) => ({
    day,
    counts,
    runs: Object.values(counts).reduce((sum, one) => sum + one, 0),
  }));
};

/** The order in which ends are stacked, what needs attention on top. */
export const END_ORDER = [
  "done",
  "running",
  "partly_done",
  "stopped",
  "failed",
  "cut_off",
] as const;
