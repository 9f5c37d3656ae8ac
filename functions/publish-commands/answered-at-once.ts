import { setTimeout as pause } from "node:timers/promises";
import { type RunEvidence, readAcknowledgements, readRunEvidence } from "#adapters/audit-table.ts";
import { conclusionOf } from "#adapters/concluding/conclusion.ts";
import { logger } from "#adapters/observed.ts";
import { type SentStage, stageProgress } from "#domain/run/acknowledgement.ts";
import { yieldsToHand } from "#domain/run/by-hand.ts";
import { leftOverCommands } from "#domain/run/cut-off/left-over.ts";
import { firstLookMs, isAtOnce, pollPauseMs, WAIT_SECONDS } from "#domain/run/pace.ts";
import type { AnsweredAtOnce, ConcludeInput, Conclusion } from "#domain/run/workflow.ts";

/**
 * Looks whether all devices of a stage answer at once, as near ones do, and each required one as it was asked: then the workflow
 * asks nobody else about it. After the last stage the run is concluded, too, where conclude-run would touch no shadow.
 * `undefined` where anything is otherwise, or cannot be read until then: await-acknowledgements and conclude-run see to that.
 * @param input the run, with what went out before this stage
 */
export const answeredAtOnce = async (
  auditTableName: string,
  input: ConcludeInput,
  stage: SentStage,
  until: AbortSignal,
): Promise<AnsweredAtOnce | undefined> => {
  const { plan, run } = input;
  const commands = plan.stages[stage.index]?.commands ?? [];
  const isConcluding = stage.index + 1 === plan.stages.length && needsNoFurtherLook(input);
  const readEvidence = (): Promise<RunEvidence> =>
    readRunEvidence(auditTableName, plan.home, run.id, until);
  try {
    await pause(firstLookMs(commands.length));
    // Most near devices have answered by now, and what a run is concluded from tells that, too.
    let evidence = isConcluding ? await readEvidence() : undefined;
    for (;;) {
      const acknowledgements =
        evidence?.acknowledgements ??
        (await readAcknowledgements(auditTableName, plan.home, run.id, {
          // What a stale look does tell is so.
          mayBeStale: true,
          until,
        }));
      const nowMs = Date.now();
      const progress = stageProgress(run.id, commands, stage, acknowledgements, nowMs);
      if (progress.pending.length === 0) {
        if (!progress.isGateOpen) return undefined;
        break;
      }
      evidence = undefined;
      const waitedMs = nowMs - stage.sentAtMs;
      if (!isAtOnce(waitedMs)) return undefined;
      await pause(pollPauseMs(waitedMs, progress.remainingMs, progress.pending.length));
    }
    const answered = { isOver: true, isGateOpen: true, waitSeconds: WAIT_SECONDS };
    const concluded = isConcluding
      ? concludedFrom(
          { ...input, sent: [...input.sent, stage] },
          evidence ?? (await readEvidence()),
        )
      : undefined;
    return concluded === undefined ? answered : { ...answered, concluded };
  } catch (error) {
    logger.warn("Whether the devices answered at once cannot be read", { error });
    return undefined;
  }
};

const needsNoFurtherLook = ({ plan }: ConcludeInput): boolean =>
  (plan.rules?.holdSeconds ?? 0) === 0 && !yieldsToHand(plan.rules?.onConflict);

/** The conclusion of a run of which nothing is to be taken back. */
const concludedFrom = (input: ConcludeInput, evidence: RunEvidence): Conclusion | undefined => {
  const { run, plan, sent } = input;
  const reached = new Set(sent.map(({ index }) => index));
  const leftOver = leftOverCommands(run.id, plan, reached, evidence.acknowledgements);
  return leftOver.length > 0
    ? undefined
    : conclusionOf(input, evidence, { shadows: {}, held: {}, byHand: [] });
};
