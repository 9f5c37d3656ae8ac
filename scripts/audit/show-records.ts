import { isDay, type Period, periodOf } from "#domain/audit/period.ts";
import type { HomeId } from "#domain/home/home-id.ts";
import { spelt, speltJson } from "#domain/printable.ts";
import { Problem } from "../command/problem.ts";
import type { AuditReader } from "./audit-reader.ts";
import { csvLine } from "./csv.ts";
import {
  lastChange,
  REPORT_COLUMNS,
  reportCells,
  reportLine,
  runOfReport,
  whoChangedIt,
} from "./device-lines.ts";
import { listRuns } from "./list-runs.ts";
import { type AuditOptions, filterOf, limitOf } from "./options.ts";
import { RUN_COLUMNS, runCells, runJson, runListLines } from "./run-lines.ts";
import { timelineLines } from "./timeline-lines.ts";
import { VISIT_COLUMNS, visitCells, visitLine } from "./visit-lines.ts";

/** A question about a home's records. */
export interface Question {
  readonly audit: AuditReader;
  readonly home: HomeId;
  readonly options: AuditOptions;
  readonly nowMs: number;
}

const askedPeriod = ({ day, since, until }: AuditOptions, nowMs: number): Period => {
  if (day === undefined) return periodOf({ since, until }, nowMs);
  if (since !== undefined || until !== undefined) {
    throw new Problem("--day goes without --since and --until.");
  }
  if (!isDay(day)) throw new Problem(`--day must be a day such as 2026-11-23, not "${day}".`);
  return periodOf({ since: day, until: day }, nowMs);
};

/** The runs of a period, in the order of time, and how to ask for the older ones. */
export const showRuns = async (question: Question): Promise<readonly string[]> => {
  const { audit, home, options, nowMs } = question;
  const period = askedPeriod(options, nowMs);
  const most = limitOf(options);
  const { runs, older } = await listRuns(audit, {
    home,
    period,
    filter: filterOf(options),
    ...(options.page === undefined ? {} : { page: options.page }),
    ...(most === undefined ? {} : { most }),
  });
  if (options.json) return runs.map((run) => speltJson(runJson(run)));
  if (options.csv) return [csvLine(RUN_COLUMNS), ...runs.map((run) => csvLine(runCells(run)))];
  const list = runs.length === 0 ? [noRuns(options, period)] : runListLines(runs);
  return older === undefined ? list : [...list, `There are older ones: --page ${older}`];
};

const noRuns = (options: AuditOptions, period: Period): string => {
  const { day, since, until } = options;
  const which = Object.keys(filterOf(options)).length === 0 ? "No runs" : "No such runs";
  return since === undefined && until === undefined
    ? `${which} on ${day ?? period.since.slice(0, 10)}.`
    : `${which} from ${period.since} to ${period.until}.`;
};

/** One run as a timeline. */
export const showRun = async (
  { audit, options, nowMs }: Question,
  run: string,
): Promise<readonly string[]> => {
  const records = await audit.run(run);
  if (records.length === 0) {
    throw new Problem(spelt(`There is no run "${run}". List them with: npm run audit -- runs`));
  }
  return options.json ? records.map(speltJson) : timelineLines(records, nowMs);
};

// About 20 reports are 20 kB: few units, and a screen.
const REPORTS = 20;

/** What a device reported last, and in one sentence who made it so. */
export const showDevice = async (
  { audit, options, nowMs }: Question,
  device: string,
): Promise<readonly string[]> => {
  const { day, since, until } = options;
  const hasPeriod = day !== undefined || since !== undefined || until !== undefined;
  const reports = await audit.reportsOf(device, {
    most: limitOf(options) ?? (hasPeriod ? Number.POSITIVE_INFINITY : REPORTS),
    ...(hasPeriod ? { period: askedPeriod(options, nowMs) } : {}),
  });
  if (options.json) return reports.map(speltJson);
  if (options.csv)
    return [csvLine(REPORT_COLUMNS), ...reports.map((one) => csvLine(reportCells(one)))];
  if (reports.length === 0) return [spelt(`No acknowledgement of "${device}" is recorded.`)];
  const change = lastChange(reports);
  const run = change === undefined ? undefined : runOfReport(change);
  const request = run === undefined ? undefined : await audit.requestOf(run);
  return [whoChangedIt(device, reports, request), "", ...reports.map(reportLine)];
};

/** Who looked at the home and does not live there, in a day's month. */
export const showAccess = async ({
  audit,
  options,
  nowMs,
}: Question): Promise<readonly string[]> => {
  const month = askedPeriod(options, nowMs).since.slice(0, 7);
  const visits = await audit.visitsOf(month);
  if (options.json) return visits.map(speltJson);
  if (options.csv)
    return [csvLine(VISIT_COLUMNS), ...visits.map((one) => csvLine(visitCells(one)))];
  return visits.length === 0
    ? [`Nobody who does not live there looked at the home in ${month}.`]
    : visits.map(visitLine);
};
