import { randomUUID } from "node:crypto";
import type { UndoByItself } from "#adapters/runs/find-undo.ts";
import type { Caller } from "#domain/access/caller.ts";
import { type HomeAccess, homeOf } from "#domain/access/home-access.ts";
import { isOver } from "#domain/audit/run-view.ts";
import { runIdFor } from "#domain/run/run.ts";
import { type ClaimedRun, claimedRun } from "./claim-run.ts";

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
