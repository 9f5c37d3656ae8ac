import type { FleetResult } from "#domain/audit/fleet-runs.ts";
import { isDay } from "#domain/home/home-meta.ts";
import { RUN_ENDS } from "#domain/run/run-result.ts";
import { LOOKS, type Tool } from "./tool.ts";

/** A call of list_fleet_runs. */
export interface ListFleetRunsCall {
  /** UTC, e.g. `2026-11-27`; today where there is none. */
  readonly day?: string;
  readonly result?: FleetResult;
  /** The token of the answer before. */
  readonly page?: string;
}

const RESULTS: readonly FleetResult[] = [...RUN_ENDS, "running"];

export const listFleetRunsTool: Tool<"list_fleet_runs", ListFleetRunsCall> = {
  name: "list_fleet_runs",
  scope: "read",
  shownTo: "operators",
  description:
    'Only for whoever looks after every home: the runs of all homes on a day, newest first, with home, scene, result and time, without names. Each page is recorded. For more call get_run with its home and run_id. Example: {"day":"2026-11-27","result":"failed"}',
  properties: {
    day: { type: "string", description: "YYYY-MM-DD in UTC; today without it." },
    result: {
      type: "string",
      description: 'Only these: "done", "partly_done", "stopped", "failed" or "running".',
    },
    page: {
      type: "string",
      description: 'What the answer before says in "next", with the same day and result.',
      longest: 128,
    },
  },
  required: [],
  annotations: { title: "List all homes' runs", ...LOOKS },
  parse: (given) => {
    const day = given.text("day");
    const word = given.text("result");
    const page = given.text("page");
    if (day !== undefined && !isDay(day)) {
      throw given.wrong('"day" must be a day such as 2026-11-27.');
    }
    const result = RESULTS.find((one) => one === word);
    if (word !== undefined && result === undefined) {
      throw given.wrong(`"result" must be one of ${RESULTS.join(", ")}.`);
    }
    return {
      ...(day === undefined ? {} : { day }),
      ...(result === undefined ? {} : { result }),
      ...(page === undefined ? {} : { page }),
    };
  },
};
