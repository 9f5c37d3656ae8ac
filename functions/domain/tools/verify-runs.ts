import { type Detail, MORE, readDetail } from "./detail.ts";
import { LOOKS, type Tool } from "./tool.ts";

/** A call of verify_runs. */
export interface VerifyRunsCall {
  readonly tool: "verify_runs";
  readonly runIds: readonly string[];
  /** Full: with the proof of each record, for whoever verifies it themselves. */
  readonly detail: Detail;
}

/** Each record of a run is a read of its entry and of the tree above it. */
const MOST_RUNS = 5;

export const verifyRunsTool: Tool<"verify_runs", VerifyRunsCall> = {
  name: "verify_runs",
  scope: "read",
  shownTo: "operators",
  description:
    'Only for operators: recomputes whether up to 5 runs\' records stand as they were sealed, under the log\'s signed head. The look is recorded. Example: {"run_ids":["run_0123456789abcdefghjk"]}',
  properties: {
    run_ids: {
      type: "array",
      items: { type: "string" },
      description: "1 to 5 run_id.",
    },
    detail: MORE,
  },
  required: ["run_ids"],
  annotations: { title: "Verify runs", ...LOOKS },
  parse: (given) => {
    const runIds = [...new Set(given.texts("run_ids"))];
    if (runIds.length === 0 || runIds.length > MOST_RUNS) {
      throw given.wrong(`"run_ids" must be a list of 1 to ${MOST_RUNS} run ids.`);
    }
    return { tool: "verify_runs", runIds, detail: readDetail(given) };
  },
};
