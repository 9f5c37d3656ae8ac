import { hasOutcome, readRun } from "#adapters/audit-table.ts";
import { claimRun } from "#adapters/runs/run-claims.ts";
import type { Caller } from "#domain/access/caller.ts";
import { type HomeAccess, homeOf } from "#domain/access/home-access.ts";
import type { RunRecords } from "#domain/audit/run-records.ts";
import { isOver } from "#domain/audit/run-view.ts";
import { type Asked, claimKeyOf } from "#domain/run/run-claim.ts";

/** The run of what is asked for: one that goes on and is the same, or the id of one that may begin. */
export type ClaimedRun =
  | { readonly running: RunRecords; readonly id?: never }
  | { readonly id: string; readonly running?: never };

/**
 * Finds out which run a call is: the one that goes on for the same caller and the same plan, or a new one. Of equal calls
 * at the same moment the first claims a run, and the others are given its id, so that whichever of them records it first
 * begins it, and it begins once. A claim names a run and keeps nothing from running: when the run has ended, the next call
 * takes it over; while it goes on nobody does.
 * @param fresh the id of the run where there is none
 */
export const claimedRun = async (
  tables: { readonly homeTableName: string; readonly auditTableName: string },
  caller: Caller,
  access: HomeAccess,
  asked: Asked,
  fresh: string,
): Promise<ClaimedRun> => {
  const { homeTableName, auditTableName } = tables;
  const key = await claimKeyOf(homeOf(access), caller, asked);
  const claim = (after?: string): Promise<string> =>
    claimRun(homeTableName, access, { key, run: fresh, claimedAtMs: Date.now() }, after);
  let id = await claim();
  while (id !== fresh) {
    if (!(await hasOutcome(auditTableName, access, id))) {
      const records = await readRun(auditTableName, access, id);
      // Claimed and not recorded yet: by whoever claimed it, or by this call.
      if (records === undefined) return { id };
      if (!isOver(records, Date.now())) return { running: records };
    }
    id = await claim(id);
  }
  return { id };
};
