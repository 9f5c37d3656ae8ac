import { hasOutcome, readRun } from "#adapters/audit-table.ts";
import { claimRun, type TakenOver } from "#adapters/runs/run-claims.ts";
import type { Caller } from "#domain/access/caller.ts";
import { type HomeAccess, homeOf } from "#domain/access/home-access.ts";
import type { RunRecords } from "#domain/audit/run-records.ts";
import { isOver } from "#domain/audit/run-view.ts";
import { type Asked, claimKeyOf } from "#domain/run/run-claim.ts";

/** The run of what is asked for: one that goes on and is the same, or the id of one that may begin. */
export type ClaimedRun =
  | { readonly running: RunRecords; readonly id?: never }
  | { readonly id: string; readonly running?: never };

interface Tables {
  readonly homeTableName: string;
  readonly auditTableName: string;
}

/**
 * Finds out which run a call is: the one that goes on for the same caller and the same plan, or a new one. Of equal calls
 * at the same moment the first claims a run, and the others are given its id, so that whichever of them records it first
 * begins it, and it begins once. A claim names a run and keeps nothing from running: when the run has ended, the next call
 * takes it over; while it goes on nobody does.
 * @param fresh the id of the run where there is none
 */
export const claimedRun = async (
  tables: Tables,
  caller: Caller,
  access: HomeAccess,
  asked: Asked,
  fresh: string,
): Promise<ClaimedRun> => {
  const claim = await claiming(tables.homeTableName, caller, access, asked);
  let id = await claim(fresh);
  while (id !== fresh) {
    const stands = await lookAt(tables.auditTableName, access, id);
    if (stands.running !== undefined) return { running: stands.running };
    if (stands.isRecorded) {
      id = await claim(fresh, { run: id });
    } else {
      // By whoever claimed it, or by this call; from now on, so that the claim is not over while the run goes on.
      const again = await claim(id, { run: id });
      if (again === id) return { id };
      id = again;
    }
  }
  return { id };
};

// Who has claimed a run records it within four seconds, has been refused, or died. Only one that waits for a conflict to
// be over takes longer; both run then anyway, and the later calls join the one that has the claim.
const UNRECORDED_MS = 5_000;

/**
 * Claims a run that begins whatever goes on, so that a later call without an id joins it: not where one goes on that has the
 * claim already, or is about to.
 */
export const claimBeside = async (
  tables: Tables,
  caller: Caller,
  access: HomeAccess,
  asked: Asked,
  run: string,
): Promise<void> => {
  const claim = await claiming(tables.homeTableName, caller, access, asked);
  let claimed = await claim(run);
  while (claimed !== run) {
    const stands = await lookAt(tables.auditTableName, access, claimed);
    if (stands.running !== undefined) return;
    const before = stands.isRecorded ? {} : { beforeMs: Date.now() - UNRECORDED_MS };
    const next = await claim(run, { run: claimed, ...before });
    if (next === claimed) return;
    claimed = next;
  }
};

// By who asks for what: the run whose end this process was told last.
const ENDED = new Map<string, TakenOver>();
const MOST_ENDED = 100;

/**
 * Keeps in mind that a run has ended, as its record tells by now: the next claim in this process for the same begins with
 * taking that run's over, and need not be refused first. Where another has claimed meanwhile it is refused as ever.
 */
export const noteEnd = (caller: Caller, asked: Asked, run: string): void => {
  if (ENDED.size >= MOST_ENDED) ENDED.clear();
  ENDED.set(nameOf(caller, asked), { run });
};

// Without the home, of which a plan's hash and a run's id are anyway; and whose claim stands is for the write to find out.
const nameOf = ({ sub }: Caller, asked: Asked): string => JSON.stringify([sub, asked]);

/** Claims a run for what is asked; answers the run that has the claim. */
const claiming = async (
  homeTableName: string,
  caller: Caller,
  access: HomeAccess,
  asked: Asked,
): Promise<(run: string, after?: TakenOver) => Promise<string>> => {
  const key = await claimKeyOf(homeOf(access), caller, asked);
  const ended = ENDED.get(nameOf(caller, asked));
  return (run, after = ended) =>
    claimRun(homeTableName, access, { key, run, claimedAtMs: Date.now() }, after);
};

/** Whether a run that is claimed has been recorded, and its records while it goes on. */
const lookAt = async (
  auditTableName: string,
  access: HomeAccess,
  id: string,
): Promise<{ readonly isRecorded: boolean; readonly running?: RunRecords }> => {
  if (await hasOutcome(auditTableName, access, id)) return { isRecorded: true };
  const records = await readRun(auditTableName, access, id);
  if (records === undefined) return { isRecorded: false };
  return isOver(records, Date.now())
    ? { isRecorded: true }
    : { isRecorded: true, running: records };
};
