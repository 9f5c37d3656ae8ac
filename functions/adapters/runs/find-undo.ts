import type { RunRecords } from "#domain/audit/run-records.ts";
import { runEnd } from "#domain/run/run-result.ts";
import { leftAloneBy } from "#domain/run/undo-plan.ts";
import { isUndoneByItself, undoIdOf } from "#domain/run/undone.ts";

/** The run that takes another back by itself: its id, and its records once it has begun. */
export interface UndoByItself {
  readonly id: string;
  readonly begun?: RunRecords;
}

/** Reads a run of the same home. */
type ReadRun = (run: string) => Promise<RunRecords | undefined>;

/** The run that takes a run back by itself, begun or not. */
export const undoByItself = async (
  { plan, request }: Pick<RunRecords, "plan" | "request">,
  read: ReadRun,
): Promise<UndoByItself> => {
  const id = await undoIdOf(plan.home, request.id);
  const begun = await read(id);
  return { id, ...(begun === undefined ? {} : { begun }) };
};

/** The same; `undefined` where the run is not to be taken back by itself. */
export const findUndo = async (
  records: RunRecords,
  read: ReadRun,
): Promise<UndoByItself | undefined> => {
  const { plan, conclusion } = records;
  return conclusion !== undefined && isUndoneByItself(plan, runEnd(conclusion.outcomes))
    ? undoByItself(records, read)
    : undefined;
};

/**
 * The records of a run, with the run that takes it back where that is not what they tell: the function that records it may
 * have died or been refused, and somebody else began that run.
 */
export const withFoundUndo = async (records: RunRecords, read: ReadRun): Promise<RunRecords> => {
  const { undone, plan } = records;
  if (undone !== undefined && "by" in undone) return records;
  const undo = await findUndo(records, read);
  if (undo?.begun === undefined) return records;
  const leftAlone = leftAloneBy(undo.begun.plan, plan);
  return { ...records, undone: { by: undo.id, leftAlone } };
};
