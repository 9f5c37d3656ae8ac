import type { HomeAccess } from "#domain/access/home-access.ts";
import { runView } from "#domain/audit/run-view.ts";
import { isObject } from "#domain/json.ts";
import type { Plan } from "#domain/run/plan.ts";
import { isRunEnd } from "#domain/run/run-result.ts";
import { isUndoneByItself } from "#domain/run/undone.ts";
import { awaitEnd, awaitRecords } from "./call/await-end.ts";
import { homeNameIn } from "./call/home-name.ts";

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
  // The workflow has handed the run on before its answer came; what became of it is recorded within a second or so.
  const records = await awaitRecords(auditTableName, access, run, {
    untilMs: waitUntilMs,
    isEnough: ({ undone }) => undone !== undefined,
  });
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
