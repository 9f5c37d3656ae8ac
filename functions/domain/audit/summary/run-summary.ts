import type { ListedEnd, ListedRun } from "#domain/audit/listed-run.ts";
import type { RunRecords } from "#domain/audit/run-records.ts";
import { runView } from "#domain/audit/run-view.ts";
import { isAsAsked } from "#domain/run/run-result.ts";

/** How a device did over some runs. */
export interface DeviceSummary {
  readonly device: string;
  /** In how many runs it was asked. */
  readonly asked: number;
  /** In how many of them it did not do as asked, as far as they were looked into. */
  readonly not_confirmed: number;
  /** The newest of those. */
  readonly last_problem?: {
    readonly run_id: string;
    readonly outcome: string;
    readonly requested_at: string;
  };
}

/** Many runs in a few numbers. */
export interface RunSummary {
  readonly runs: number;
  /**
   * How many runs ended how, by the quarter of an hour (UTC) in which they were asked for: every time zone's days are made
   * of those.
   */
  readonly quarters: readonly ({ readonly at: string } & {
    readonly [End in ListedEnd]?: number;
  })[];
  readonly devices: readonly DeviceSummary[];
}

/**
 * Sums up runs, which come the newest first. `problems` are the records of those that did not end well; a device is
 * counted as not confirmed where they say so.
 */
export const runSummary = (
  runs: readonly ListedRun[],
  problems: readonly RunRecords[],
  nowMs: number,
): RunSummary => ({
  runs: runs.length,
  quarters: quartersOf(runs),
  devices: devicesOf(runs, problems, nowMs),
});

const QUARTER_MS = 15 * 60 * 1000;

const quartersOf = (runs: readonly ListedRun[]): RunSummary["quarters"] => {
  const quarters = new Map<number, Partial<Record<ListedEnd, number>>>();
  for (const { requestedAt, end } of runs) {
    const at = Math.floor(Date.parse(requestedAt) / QUARTER_MS) * QUARTER_MS;
    const counts = quarters.get(at) ?? {};
    counts[end] = (counts[end] ?? 0) + 1;
    quarters.set(at, counts);
  }
  return [...quarters].map(([at, counts]) => ({ at: new Date(at).toISOString(), ...counts }));
};

const devicesOf = (
  runs: readonly ListedRun[],
  problems: readonly RunRecords[],
  nowMs: number,
): readonly DeviceSummary[] => {
  const devices = new Map<string, DeviceSummary>();
  const known = (device: string): DeviceSummary =>
    devices.get(device) ?? { device, asked: 0, not_confirmed: 0 };
  for (const { request } of runs) {
    for (const device of askedIn(request)) {
      const one = known(device);
      devices.set(device, { ...one, asked: one.asked + 1 });
    }
  }
  const newestFirst = problems.toSorted((one, other) =>
    other.request.requestedAt.localeCompare(one.request.requestedAt),
  );
  for (const records of newestFirst) {
    const { id, requestedAt } = records.request;
    for (const { device, outcome } of runView(records, nowMs).outcomes) {
      if (outcome === undefined || isAsAsked(outcome)) continue;
      const one = known(device);
      devices.set(device, {
        ...one,
        not_confirmed: one.not_confirmed + 1,
        last_problem: one.last_problem ?? { run_id: id, outcome, requested_at: requestedAt },
      });
    }
  }
  return [...devices.values()].toSorted(
    (one, other) =>
      other.not_confirmed - one.not_confirmed || one.device.localeCompare(other.device),
  );
};

const askedIn = (request: ListedRun["request"]): readonly string[] => {
  const asked: unknown = request?.askedDevices;
  return Array.isArray(asked) ? asked.filter((one) => typeof one === "string") : [];
};
