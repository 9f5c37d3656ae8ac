import { logger } from "#adapters/observed.ts";
import type { Caller } from "#domain/access/caller.ts";
import type { HomeAccess } from "#domain/access/home-access.ts";
import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { type Plan, plannedCommands } from "#domain/run/plan.ts";
import { callIn } from "#domain/run/run-result.ts";
import { toToolError } from "#domain/tools/tool-error.ts";
import type { Deployment } from "./call/deployment.ts";
import { homeNameIn } from "./call/home-name.ts";
import { undoRun } from "./undo-run.ts";

// The function has 310 s (infra/aws), of which an answer needs some.
const ENOUGH_MS = 300_000;

/**
 * The answer of a run, with the undo of what it did where its scene is to be done whole or not at all: at once, if the
 * function has the time for a second run; else the answer says how. A refused undo takes nothing from the answer.
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
    const next = `There was no time to undo it. Call undo_run with ${call}.`;
    return { ...answer, ...sayBoth(answer, "There was no time to undo it."), undone: { next } };
  }
  const reason = "not everything was as asked, and the scene is done whole or not at all";
  const undone = await undoneOrRefused(() =>
    undoRun(deployment, caller, access, { tool: "undo_run", runId, reason }),
  );
  return { ...answer, ...(isObject(undone) ? sayBoth(answer, undone.say) : {}), undone };
};

// The run is over, whatever becomes of its undo: its result must be told.
const undoneOrRefused = async (undo: () => Promise<unknown>): Promise<unknown> => {
  try {
    return await undo();
  } catch (error) {
    if (!(error instanceof HomeError)) throw error;
    logger.warn("A run could not be undone", { code: error.code });
    return { ...toToolError(error), say: `It could not be undone: ${error.message}` };
  }
};

// `say` is what is read out: who hears that a scene is partly done must hear that it was taken back.
const sayBoth = ({ say }: Readonly<Record<string, unknown>>, undo: unknown): object =>
  typeof say === "string" && typeof undo === "string" ? { say: `${say} ${undo}` } : {};
