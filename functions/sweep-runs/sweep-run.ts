import { putFirstRecord, readHandChanges, readRunEvidence } from "#adapters/audit-table.ts";
import { withdrawCommands } from "#adapters/concluding/withdraw-commands.ts";
import type { OpenRun } from "#domain/audit/open-run.ts";
import { outcomeRecord } from "#domain/audit/outcome-record.ts";
import type { ThingPrefix } from "#domain/home/home-place.ts";
import { yieldsToHand } from "#domain/run/by-hand.ts";
import { commandId } from "#domain/run/command.ts";
import { cutOffOutcomes, cutOffResult } from "#domain/run/cut-off/cut-off.ts";
import { leftOverCommands } from "#domain/run/cut-off/left-over.ts";
import { devicesOf } from "#domain/run/plan.ts";
import { requireOwnThings } from "#domain/run/workflow.ts";

/** What became of a run that was found open. */
export interface SweptRun {
  /** `ended` by somebody else meanwhile, `swept` by this call, `standing` where a command could not be taken back yet. */
  readonly is: "ended" | "swept" | "standing";
  /** The devices whose commands this call took back. */
  readonly withdrawn: readonly string[];
  readonly notWithdrawn: number;
  /** Why it is `standing` though nothing of it stands: it could not be recorded. */
  readonly failure?: unknown;
}

/** What a call goes by. */
export interface SweepOf {
  readonly now: Date;
  /** When to give up, and before that when to take no more back: what is known is recorded then. */
  readonly until: AbortSignal;
  readonly withdrawUntil: AbortSignal;
  /** What passes before took back of this run, while something else of it stood. */
  readonly takenBefore: readonly string[];
}

// The longest window and the allowance for clocks are 270 s, and nothing is sent after the run's own time: a quarter of an
// hour after it was asked for every command of it has expired.
const EXPIRED_MS = 15 * 60 * 1000;

/**
 * Ends a run whose workflow is gone: takes back what still stands in shadows, and records what is known. Nothing is recorded
 * while a command cannot be taken back and has not expired: the next pass tries again.
 * @throws HomeError `RecordInvalid` for a plan that names a thing of another home; nothing of it is touched
 */
export const sweepRun = async (
  auditTable: string,
  thingPrefix: ThingPrefix,
  { home, run }: OpenRun,
  { now, until, withdrawUntil, takenBefore }: SweepOf,
): Promise<SweptRun> => {
  const found = await readRunEvidence(auditTable, home, run, until);
  const records = found.records();
  if (records === undefined || records.conclusion !== undefined) return ENDED;
  const { plan, planHash, request } = records;
  requireOwnThings(plan, thingPrefix);
  // Of every stage: a look costs little, and no command may be left whatever broke.
  const everyStage = new Set(plan.stages.map(({ index }) => index));
  const leftOver = leftOverCommands(run, plan, everyStage, found.acknowledgements);
  const shadows = await withdrawCommands(run, leftOver, withdrawUntil);
  const notWithdrawn = leftOver.filter(
    ({ command }) => shadows[command.thing]?.isNotWithdrawn === true,
  ).length;
  const withdrawn = leftOver
    .filter(({ stage, command, isAnswered }) => {
      const shadow = shadows[command.thing];
      const id = commandId(run, stage);
      return shadow?.desiredCommandId === id && (isAnswered || shadow.reportedCommandId !== id);
    })
    .map(({ command }) => command.device);
  const requestedAtMs = Date.parse(request.requestedAt);
  if (notWithdrawn > 0 && now.getTime() < requestedAtMs + EXPIRED_MS) {
    return { is: "standing", withdrawn, notWithdrawn };
  }
  const recordEnd = async (): Promise<boolean> => {
    // An acknowledgement may have come in while its command was being withdrawn.
    const final = leftOver.every(({ isAnswered }) => isAnswered)
      ? found
      : await readRunEvidence(auditTable, home, run, until);
    const byHand = yieldsToHand(plan.rules?.onConflict)
      ? await readHandChanges(auditTable, home, request.requestedAt, now, until)
      : [];
    const { acknowledgements, judgedBy } = final;
    const outcomes = cutOffOutcomes({
      run,
      plan,
      requestedAtMs,
      acknowledgements,
      shadows,
      byHand,
    });
    const taken = new Set([...takenBefore, ...withdrawn]);
    const result = cutOffResult(request, plan, planHash, outcomes, now.toISOString(), {
      withdrawn: devicesOf(plan).filter((device) => taken.has(device)),
    });
    return putFirstRecord(auditTable, outcomeRecord(home, result, outcomes, judgedBy));
  };
  try {
    const isFirst = await recordEnd();
    return { is: isFirst ? "swept" : "ended", withdrawn, notWithdrawn };
  } catch (failure) {
    // What was taken back is told by the pass that records it.
    return { is: "standing", withdrawn, notWithdrawn, failure };
  }
};

const ENDED: SweptRun = { is: "ended", withdrawn: [], notWithdrawn: 0 };
