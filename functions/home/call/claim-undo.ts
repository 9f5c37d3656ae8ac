import { randomUUID } from "node:crypto";
import { readRun } from "#adapters/audit-table.ts";
import type { Caller } from "#domain/access/caller.ts";
import { type HomeAccess, homeOf } from "#domain/access/home-access.ts";
import type { RunRecords } from "#domain/audit/run-records.ts";
import { isOver } from "#domain/audit/run-view.ts";
import { runIdFor } from "#domain/run/run.ts";
import { runEnd } from "#domain/run/run-result.ts";
import { isUndoneByItself, undoIdOf } from "#domain/run/undone.ts";
import { type ClaimedRun, claimedRun } from "./claim-run.ts";

/** The run that takes another back by itself: its id, and its records once it has begun. */
export interface UndoByItself {
  readonly id: string;
  readonly begun?: RunRecords;
}

/** The run that takes a run back by itself, begun or not; `undefined` where that is not to be. */
export const undoByItself = async (
  auditTableName: string,
  access: HomeAccess,
  { plan, conclusion, request }: RunRecords,
): Promise<UndoByItself | undefined> => {
  if (conclusion === undefined || !isUndoneByItself(plan, runEnd(conclusion.outcomes))) return;
  const id = await undoIdOf(plan.home, request.id);
  const begun = await readRun(auditTableName, access, id);
  return { id, ...(begun === undefined ? {} : { begun }) };
};

/**
 * Finds out which run takes a run back: one that goes on, whoever began it, or a new one. One that is to begin by itself,
 * and has not, is begun by this call under its own id: Lambda may try for hours to begin it, and that id begins once. Two who
 * ask at the same moment are one.
 * @param asked the id that the call's request id stands for
 */
export const claimedUndo = async (
  tables: { readonly homeTableName: string; readonly auditTableName: string },
  caller: Caller,
  access: HomeAccess,
  undoes: string,
  { byItself, asked }: { readonly byItself?: UndoByItself; readonly asked?: string },
): Promise<ClaimedRun> => {
  const begun = byItself?.begun;
  if (begun !== undefined && !isOver(begun, Date.now())) return { running: begun };
  const own = asked ?? (await runIdFor(homeOf(access), caller, undefined, randomUUID()));
  const fresh = byItself === undefined || begun !== undefined ? own : byItself.id;
  return claimedRun(tables, caller, access, { undoes }, fresh);
};
