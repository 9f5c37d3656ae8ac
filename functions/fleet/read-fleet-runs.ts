import { readDay, type ShardPage } from "#adapters/fleet-tables.ts";
import {
  type FleetPosition,
  type FleetResult,
  type FleetRun,
  fleetRuns,
  newestFirst,
  settledItems,
} from "#domain/audit/fleet-runs.ts";

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
  const { day, result, after, most } = wanted;
  const shards = readDay(auditTableName, {
    day,
    ...(after === undefined ? {} : { upTo: after.requestedAt }),
    // A run has a request and an outcome. Of what a result leaves out, whole pages are read: few calls, and cheap ones.
    ...(result === undefined ? { limit: 2 * (most + 2) } : {}),
  });
  const newestOfEach = await Promise.all(shards.map((pages) => newestIn(pages, wanted)));
  const runs = newestOfEach.flat().sort(newestFirst);
  return { runs: runs.slice(0, most), hasMore: runs.length > most };
};

// One more than is wanted, which tells that the list goes on.
const newestIn = async (
  pages: AsyncIterable<ShardPage>,
  { day, result, after, most }: WantedRuns,
): Promise<readonly FleetRun[]> => {
  const items: Readonly<Record<string, unknown>>[] = [];
  let runs: readonly FleetRun[] = [];
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
