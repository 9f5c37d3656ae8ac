import { type FleetQuery, fleetCursor } from "#domain/audit/fleet-cursor.ts";
import type { FleetPosition, FleetRun } from "#domain/audit/fleet-runs.ts";
import { counted } from "#domain/counted.ts";
import { readFleetRuns } from "./read-fleet-runs.ts";

const MOST = 50;

/** One page of all homes' runs of a day. Nothing of a person, a room or a device is in it. */
export const listFleetRuns = async (
  auditTableName: string,
  query: FleetQuery,
  after: FleetPosition | undefined,
) => {
  const { day, result } = query;
  const { runs, hasMore } = await readFleetRuns(auditTableName, {
    day,
    ...(result === undefined ? {} : { result }),
    ...(after === undefined ? {} : { after }),
    most: MOST,
  });
  const last = runs.at(-1);
  const page = hasMore && last !== undefined ? await fleetCursor(query, last) : undefined;
  return {
    say: sayPage(query, runs, page !== undefined),
    day,
    runs: runs.map(({ home, run, scene, result: end, requestedAt }) => ({
      home,
      run_id: run,
      scene,
      result: end,
      requested_at: requestedAt,
    })),
    ...(page === undefined
      ? {}
      : {
          next: `Call list_fleet_runs with ${JSON.stringify({ day, ...(result === undefined ? {} : { result }), page })} for older ones.`,
        }),
  };
};

const sayPage = (
  { day, result }: FleetQuery,
  runs: readonly FleetRun[],
  hasOlder: boolean,
): string => {
  const which = result === undefined ? "" : ` with the result ${result}`;
  const where = `on ${day} (UTC)`;
  if (runs.length === 0) return `No runs${which} ${where}.`;
  const homes = counted(new Set(runs.map(({ home }) => home)).size, "home");
  const older = hasOlder ? "There are older ones" : "There are no older ones";
  return `${counted(runs.length, "run")}${which} in ${homes} ${where}, newest first. ${older}.`;
};
