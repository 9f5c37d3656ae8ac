import type { Caller } from "#domain/access/caller.ts";
import type { HomeAccess } from "#domain/access/home-access.ts";
import { isObject } from "#domain/json.ts";
import { type Plan, plannedCommands } from "#domain/run/plan.ts";
import { callIn } from "#domain/run/run-result.ts";
import type { Deployment } from "./call/deployment.ts";
import { homeNameIn } from "./call/home-name.ts";
import { undoRun } from "./undo-run.ts";

// The function has 310 s (infra/aws), of which an answer needs some.
const ENOUGH_MS = 300_000;

/**
 * The answer of a run, with the undo of what it did where its scene is to be done whole or not at all: at once, if the
 * function has the time for a second run; else the answer says how.
 */
export const undoPartial = async (
  deployment: Deployment,
  caller: Caller,
  access: HomeAccess,
  plan: Plan,
  answer: unknown,
  beganAtMs: number,
): Promise<unknown> => {
  if (plan.rules?.onPartial !== "undo" || !isObject(answer)) return answer;
  const { result, run_id: runId, repeated } = answer;
  // A repeated call is answered by the run that there was, and that one was undone then.
  if (typeof runId !== "string" || repeated !== undefined) return answer;
  if (result !== "partly_done" && result !== "stopped" && result !== "failed") return answer;
  const windows = plannedCommands(plan).map(({ command }) => command.windowSeconds);
  if (Date.now() - beganAtMs + Math.max(...windows) * 1000 > ENOUGH_MS) {
    const call = callIn(homeNameIn(access), plan.home, { run_id: runId });
    return {
      ...answer,
      undone: { next: `There was no time to undo it. Call undo_run with ${call}.` },
    };
  }
  const reason = "not everything was as asked, and the scene is done whole or not at all";
  const undone = await undoRun(deployment, caller, access, { tool: "undo_run", runId, reason });
  return { ...answer, undone };
};
