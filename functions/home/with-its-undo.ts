import { setTimeout as pause } from "node:timers/promises";
import { readRun } from "#adapters/audit-table.ts";
import type { HomeAccess } from "#domain/access/home-access.ts";
import { runView } from "#domain/audit/run-view.ts";
import { isObject } from "#domain/json.ts";
import type { Plan } from "#domain/run/plan.ts";
import { isRunEnd } from "#domain/run/run-result.ts";
import { isUndoneByItself } from "#domain/run/undone.ts";
import { awaitEnd } from "./call/await-end.ts";
import { homeNameIn } from "./call/home-name.ts";

// The workflow has handed the run on before its answer came; the record of what became of it is a matter of a second. Then
// ever more seldom, because each look is paid for.
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 2_000;
const GROWTH = 1.3;

/**
 * The answer of a run, with the undo of what it did where its scene is to be done whole or not at all: its result, if
 * the caller waits so long; else how to hear of it. Nobody undoes anything here: the workflow sees to that.
 */
export const withItsUndo = async (
  auditTableName: string,
  access: HomeAccess,
  plan: Plan,
  answer: unknown,
  waitUntilMs: number,
): Promise<unknown> => {
  if (!isObject(answer) || !isRunEnd(answer.result)) return answer;
  const { result, run_id: run, say } = answer;
  if (typeof run !== "string" || !isUndoneByItself(plan, result)) return answer;
  let records = await readRun(auditTableName, access, run);
  for (
    let pauseMs = FIRST_PAUSE_MS;
    records?.undone === undefined && Date.now() < waitUntilMs;
    pauseMs = Math.min(pauseMs * GROWTH, LONGEST_PAUSE_MS)
  ) {
    await pause(Math.min(pauseMs, waitUntilMs - Date.now()));
    records = await readRun(auditTableName, access, run);
  }
  if (records === undefined) return answer;
  const { view } = runView(records, Date.now(), homeNameIn(access));
  const { undone } = records;
  if (undone === undefined || "refused" in undone || undone.by === undefined) {
    return { ...answer, ...view };
  }
  const undo = await awaitEnd(auditTableName, access, undone.by, waitUntilMs);
  if (undo === undefined) return { ...answer, ...view };
  const { view: taken } = runView(undo, Date.now(), homeNameIn(access));
  const told = { ...taken, undoes: run, left_alone: undone.leftAlone };
  return { ...answer, say: `${String(say)} ${taken.say}`, undone: told };
};
