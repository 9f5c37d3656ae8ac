import type { RunFilter } from "#domain/audit/listed-run.ts";
import { pageCursor, parsePageCursor } from "#domain/audit/page-cursor.ts";
import type { Period } from "#domain/audit/period.ts";
import type { HomeId } from "#domain/home/home-id.ts";
import { ACKNOWLEDGEMENT_PREFIX, OUTCOME_KEY } from "#domain/home/keys.ts";
import { isRunEnd } from "#domain/run/run-result.ts";
import type { AuditReader } from "./audit-reader.ts";
import type { SettledRun } from "./run-lines.ts";

/** Which runs a person asks for. */
export interface ListQuery {
  readonly home: HomeId;
  readonly period: Period;
  readonly filter: RunFilter;
  /** What the page before printed. */
  readonly page?: string;
  /** All of the period without it. */
  readonly most?: number;
}

/** A page, in the order of time, and the token of the one before it. */
export interface ListedPage {
  readonly runs: readonly SettledRun[];
  readonly older?: string;
}

/**
 * Lists runs: of a period the newest `most`, or those before a page.
 * @throws HomeError `CursorInvalid`
 */
export const listRuns = async (audit: AuditReader, query: ListQuery): Promise<ListedPage> => {
  const { period, filter, page, most = Number.POSITIVE_INFINITY } = query;
  const question = [query.home, period.since, JSON.stringify(Object.entries(filter).toSorted())];
  const after = page === undefined ? undefined : await parsePageCursor(question, page);
  const found = await audit.runs({
    ...period,
    filter,
    most,
    ...(after === undefined ? {} : { after }),
  });
  const settled: SettledRun[] = [];
  for (const run of found.runs) {
    const one = await settle(audit, run);
    if (filter.end === undefined || one.end === filter.end) settled.push(one);
  }
  const last = found.runs.at(-1);
  return {
    runs: settled.toReversed(),
    ...(found.hasMore && last !== undefined ? { older: await pageCursor(question, last) } : {}),
  };
};

// The index may be behind, and of a run without an outcome the acknowledgements are all that there is: one query more.
const settle = async (audit: AuditReader, run: SettledRun): Promise<SettledRun> => {
  if (isRunEnd(run.end)) return run;
  const records = await audit.run(run.run);
  const outcome = records.find(({ SK }) => SK === OUTCOME_KEY);
  if (outcome === undefined || !isRunEnd(outcome.result)) {
    const acknowledgements = records.filter(({ SK }) =>
      String(SK).startsWith(ACKNOWLEDGEMENT_PREFIX),
    );
    return { ...run, acknowledged: acknowledgements.length };
  }
  const devices: readonly unknown[] = Array.isArray(outcome.devices) ? outcome.devices : [];
  return {
    ...run,
    end: outcome.result,
    devices: devices.length,
    confirmed: devices.filter(isConfirmed).length,
    ...(typeof outcome.finishedAt === "string" ? { finishedAt: outcome.finishedAt } : {}),
  };
};

const isConfirmed = (device: unknown): boolean =>
  typeof device === "object" &&
  device !== null &&
  "outcome" in device &&
  (device.outcome === "confirmed" || device.outcome === "already_there");
