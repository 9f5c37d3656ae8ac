import { listRuns as readRuns } from "#adapters/run-audit.ts";
import { type HomeAccess, homeOf } from "#domain/access/home-access.ts";
import type { ListedRun } from "#domain/audit/listed-run.ts";
import { pageCursor, parsePageCursor } from "#domain/audit/page-cursor.ts";
import { type Period, periodOf } from "#domain/audit/period.ts";
import { counted } from "#domain/counted.ts";
import { HomeError } from "#domain/home-error.ts";
import type { ListRunsCall } from "#domain/tools/list-runs.ts";
import { deviceHistory } from "./device-history.ts";
import { type PeriodSummary, summarizeRuns } from "./summarize-runs.ts";

const MOST = 25;
// Each day is a query.
const MOST_DAYS = 31;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * One page of the home's runs, newest first.
 * @throws HomeError `ArgumentsInvalid`, `CursorInvalid`
 */
export const listRuns = async (
  auditTableName: string,
  access: HomeAccess,
  sub: string,
  call: ListRunsCall,
): Promise<unknown> => {
  const { page, filter } = call;
  const asked = { ...(call.since === undefined ? {} : { since: call.since }), ...until(call) };
  const question = [
    ...["runs", sub, homeOf(access), JSON.stringify(asked)],
    JSON.stringify(Object.entries(filter).toSorted()),
  ];
  const after = page === undefined ? undefined : await parsePageCursor(question, page);
  const period = askedPeriod(call, Date.now());
  const { runs, hasMore } = await readRuns(auditTableName, access, {
    ...period,
    filter,
    most: MOST,
    ...(after === undefined ? {} : { after }),
  });
  const last = runs.at(-1);
  const { end, device, ...rest } = filter;
  const others = { ...rest, ...(device === undefined ? {} : { device }) };
  const isFull = call.detail === "full";
  const again = {
    ...asked,
    ...others,
    ...(end === undefined ? {} : { result: end }),
    ...(isFull ? { detail: call.detail } : {}),
  };
  return {
    say: sayPage(access, period, runs, hasMore),
    ...period,
    runs: runs.map(shownRun),
    ...(isFull && device !== undefined
      ? await deviceHistory(auditTableName, access, device, { runs, period, after })
      : {}),
    ...(isFull && device === undefined && page === undefined
      ? { summary: shownSummary(await summarizeRuns(auditTableName, access, period, filter)) }
      : {}),
    ...(hasMore && last !== undefined
      ? {
          next: `Call list_runs with ${JSON.stringify({ ...again, page: await pageCursor(question, last) })} for older ones.`,
        }
      : {}),
  };
};

const until = (call: ListRunsCall): { readonly until?: string } =>
  call.until === undefined ? {} : { until: call.until };

const askedPeriod = ({ since = "1d", until: last = "0m" }: ListRunsCall, nowMs: number): Period => {
  const period = periodOf({ since, until: last }, nowMs);
  if (Date.parse(period.until) - Date.parse(period.since) <= MOST_DAYS * DAY_MS) return period;
  throw new HomeError(
    "ArgumentsInvalid",
    `list_runs: since and until are more than ${MOST_DAYS} days apart. Nothing was changed.`,
  );
};

const shownSummary = ({ not_well, ...summary }: PeriodSummary) => ({
  ...summary,
  not_well: not_well.map(shownRun),
});

const shownRun = (run: ListedRun) => ({
  run_id: run.run,
  scene: run.scene,
  result: run.end,
  requested_at: run.requestedAt,
  ...(run.request === undefined
    ? {}
    : { requested_by: run.caller?.username ?? run.caller?.clientId }),
  ...(run.caller?.clientId === undefined ? {} : { client: run.caller.clientId }),
  ...(run.role === undefined ? {} : { role: run.role }),
  ...(run.reason === undefined ? {} : { reason: run.reason }),
  ...(run.devices === undefined ? {} : { devices: run.devices }),
  ...(run.confirmed === undefined ? {} : { confirmed: run.confirmed }),
});

const sayPage = (
  { about }: HomeAccess,
  { since, until: last }: Period,
  runs: readonly ListedRun[],
  hasOlder: boolean,
): string => {
  const where = `in ${about.name} from ${since} to ${last}`;
  if (runs.length === 0) return `No such runs ${where}.`;
  const older = hasOlder ? "There are older ones" : "There are no older ones";
  return `${counted(runs.length, "run")} ${where}, newest first. ${older}.`;
};
