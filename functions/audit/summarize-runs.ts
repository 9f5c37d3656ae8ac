import { readRun } from "#adapters/audit-table.ts";
import { listRuns as readRuns } from "#adapters/run-audit.ts";
import type { HomeAccess } from "#domain/access/home-access.ts";
import type { ListedRun, RunFilter } from "#domain/audit/listed-run.ts";
import type { Period } from "#domain/audit/period.ts";
import { type RunSummary, runSummary } from "#domain/audit/summary/run-summary.ts";

// A home that runs thirty scenes a day has as many in a month; of more, the newest are summed up, and it is said.
const MOST_RUNS = 1_000;
// Each is a query of its own.
const MOST_PROBLEMS = 24;

// What a person looks at first.
const MOST_SHOWN = 8;

/** A summary, and how far it reaches. */
export interface PeriodSummary extends RunSummary {
  /** There are older runs, which were not counted. */
  readonly counted_since?: string;
  /** Of how many runs that did not end well the records were read, so that nobody takes a bound for a count. */
  readonly looked_into: number;
  /** The newest of those runs. */
  readonly not_well: readonly ListedRun[];
}

/** The period's runs in a few numbers, as far as they were read. */
export const summarizeRuns = async (
  auditTableName: string,
  access: HomeAccess,
  period: Period,
  filter: RunFilter,
): Promise<PeriodSummary> => {
  const { runs, hasMore } = await readRuns(auditTableName, access, {
    ...period,
    filter,
    most: MOST_RUNS,
  });
  const failed = runs.filter(({ end }) => end !== "done" && end !== "running");
  const problems = await recordsOf(auditTableName, access, failed.slice(0, MOST_PROBLEMS));
  const oldest = runs.at(-1);
  return {
    ...runSummary(runs, problems, Date.now()),
    ...(hasMore && oldest !== undefined ? { counted_since: oldest.requestedAt } : {}),
    looked_into: problems.length,
    not_well: failed.slice(0, MOST_SHOWN),
  };
};

/** The records of some runs; what is no more is left out. */
export const recordsOf = async (
  auditTableName: string,
  access: HomeAccess,
  runs: readonly ListedRun[],
) => {
  const found = await Promise.all(runs.map(({ run }) => readRun(auditTableName, access, run)));
  return found.filter((one) => one !== undefined);
};
