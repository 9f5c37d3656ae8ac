import { setTimeout as pause } from "node:timers/promises";
import { readRun } from "#adapters/audit-table.ts";
import type { HomeAccess } from "#domain/access/home-access.ts";
import type { RunRecords } from "#domain/audit/run-records.ts";
import { isOver } from "#domain/audit/run-view.ts";

// Soon after the first look, because most runs are short; then ever more seldom, because each look is paid for.
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 2_000;
const GROWTH = 1.3;
// A run that was only started has its first record within a second or so; one that nobody knows is not waited for.
const UNKNOWN_MS = 3_000;

/** Until when, epoch milliseconds, and for what the records of a run are waited for. */
interface Awaited {
  readonly untilMs: number;
  readonly isEnough: (records: RunRecords, nowMs: number) => boolean;
  /** As they were read a moment ago. */
  readonly known?: RunRecords;
}

/** The records of a run when they are enough, or at `untilMs` as they are then; `undefined` where there is no such run. */
export const awaitRecords = async (
  auditTableName: string,
  access: HomeAccess,
  run: string,
  { untilMs, isEnough, known }: Awaited,
): Promise<RunRecords | undefined> => {
  const unknownUntilMs = Date.now() + UNKNOWN_MS;
  let records = known ?? (await readRun(auditTableName, access, run));
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * GROWTH, LONGEST_PAUSE_MS)) {
    const nowMs = Date.now();
    if (records !== undefined && isEnough(records, nowMs)) return records;
    const lastMs = records === undefined ? Math.min(unknownUntilMs, untilMs) : untilMs;
    if (nowMs >= lastMs) return records;
    await pause(Math.min(pauseMs, lastMs - nowMs));
    records = await readRun(auditTableName, access, run);
  }
};

/** The same of a run that is to be over. */
export const awaitEnd = (
  auditTableName: string,
  access: HomeAccess,
  run: string,
  untilMs: number,
  known?: RunRecords,
): Promise<RunRecords | undefined> =>
  awaitRecords(auditTableName, access, run, {
    untilMs,
    isEnough: isOver,
    ...(known === undefined ? {} : { known }),
  });
