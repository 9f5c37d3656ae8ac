import type { RunRecords } from "#domain/audit/run-records.ts";
import { hasBegunLate } from "#domain/run/outcome.ts";
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

/**
 * The run that takes a run back by itself, begun or not. One that began too late has sent nothing, and its id is used up:
 * in its place is the next.
 */
export const undoByItself = async (
  { plan, request }: Pick<RunRecords, "plan" | "request">,
  read: ReadRun,
): Promise<UndoByItself> => {
  for (let late = 0; ; late += 1) {
    const id = await undoIdOf(plan.home, request.id, late);
    const begun = await read(id);
    if (begun === undefined) return { id };
    if (!isLate(begun)) return { id, begun };
  }
};

const isLate = ({ conclusion }: RunRecords): boolean => hasBegunLate(conclusion?.outcomes ?? []);

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
 * have died or been refused, and somebody else began that run; or the one that it recorded began too late.
 */
export const withFoundUndo = async (records: RunRecords, read: ReadRun): Promise<RunRecords> => {
  const { undone, plan } = records;
  const by = undone !== undefined && "by" in undone ? undone.by : undefined;
  const recorded = by === undefined ? undefined : await read(by);
  if (recorded !== undefined && !isLate(recorded)) return records;
  const undo = await findUndo(records, read);
  if (undo?.begun !== undefined) {
    return { ...records, undone: { by: undo.id, leftAlone: leftAloneBy(undo.begun.plan, plan) } };
  }
  if (recorded === undefined) return records;
  const why = `${recorded.request.id} began too late and sent nothing.`;
  return { ...records, undone: { refused: "RunFailed", why } };
};
