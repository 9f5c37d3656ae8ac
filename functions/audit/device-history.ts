import { readReports } from "#adapters/run-audit.ts";
import type { HomeAccess } from "#domain/access/home-access.ts";
import type { ListedRun, ListPosition } from "#domain/audit/listed-run.ts";
import type { Period } from "#domain/audit/period.ts";
import { runTimeline } from "#domain/audit/run-timeline.ts";
import { type ByHand, changeByHand } from "#domain/audit/summary/change-by-hand.ts";
import { normalizeName } from "#domain/home/names.ts";
import { shownDevice } from "./explain-run.ts";
import { recordsOf } from "./summarize-runs.ts";

// Two reports for each run of a page, and as many that nobody asked for.
const MOST_REPORTS = 100;

/** What became of one device in the runs of a page, and how it changed meanwhile without a run, the newest first. */
export const deviceHistory = async (
  auditTableName: string,
  access: HomeAccess,
  device: string,
  page: {
    readonly runs: readonly ListedRun[];
    readonly period: Period;
    readonly after: ListPosition | undefined;
  },
): Promise<{
  readonly device_in_runs: readonly unknown[];
  readonly by_hand: readonly ByHand[];
}> => {
  const wanted = normalizeName(device);
  const nowMs = Date.now();
  const records = await recordsOf(auditTableName, access, page.runs);
  const inRuns = records.flatMap((one) =>
    runTimeline(one, nowMs).stages.flatMap(({ name, devices }) =>
      devices
        .filter((each) => normalizeName(each.device) === wanted)
        .map((each) => ({
          run_id: one.request.id,
          // An undo is a run of the scene that it undoes, and says so in its name.
          scene_name: one.plan.sceneName,
          ...shownDevice(name, each),
        })),
    ),
  );
  // Things are named by ids; a run of the page knows the id of what was asked for as people write it.
  const id = inRuns[0]?.device ?? device;
  const reports = await readReports(auditTableName, access, id, {
    since: page.runs.at(-1)?.requestedAt ?? page.period.since,
    until: page.after?.requestedAt ?? page.period.until,
    most: MOST_REPORTS,
  });
  return { device_in_runs: inRuns, by_hand: reports.flatMap(changeByHand) };
};
