import { readShard } from "#adapters/fleet-tables.ts";
import {
  type FleetPosition,
  type FleetResult,
  type FleetRun,
  fleetRuns,
  newestFirst,
  settledItems,
} from "#domain/audit/fleet-runs.ts";
import { dayShards } from "#domain/home/keys.ts";

/** Which of all homes' runs are asked for. */
export interface WantedRuns {
  readonly day: string;
  readonly result?: FleetResult;
  /** Only what comes after it in the list. */
  readonly after?: FleetPosition;
  readonly most: number;
}

/** Some runs of the list, and whether it goes on after them. */
export interface FleetPage {
  readonly runs: readonly FleetRun[];
  readonly hasMore: boolean;
}

/** Reads the sixteen partitions of a day at once and merges them, newest first. */
export const readFleetRuns = async (
  auditTableName: string,
  wanted: WantedRuns,
): Promise<FleetPage> => {
  const newestOfEach = await Promise.all(
    dayShards(wanted.day).map((dayShard) => newestIn(auditTableName, dayShard, wanted)),
  );
  const runs = newestOfEach.flat().sort(newestFirst);
  return { runs: runs.slice(0, wanted.most), hasMore: runs.length > wanted.most };
};

// One more than is wanted, which tells that the list goes on.
const newestIn = async (
  auditTableName: string,
  dayShard: string,
  { day, result, after, most }: WantedRuns,
): Promise<readonly FleetRun[]> => {
  const items: Readonly<Record<string, unknown>>[] = [];
  let runs: readonly FleetRun[] = [];
  const pages = readShard(auditTableName, {
    dayShard,
    ...(after === undefined ? {} : { upTo: after.requestedAt }),
    // A run has a request and an outcome. Of what a result leaves out, whole pages are read: few calls, and cheap ones.
    ...(result === undefined ? { limit: 2 * (most + 2) } : {}),
  });
  for await (const page of pages) {
    items.push(...page.items);
    runs = fleetRuns(settledItems(items, page.isLast), day, Date.now()).filter(
      (run) =>
        (after === undefined || newestFirst(after, run) < 0) &&
        (result === undefined || run.result === result),
    );
    if (runs.length > most) break;
  }
  return runs;
};
