import { setTimeout as pause } from "node:timers/promises";
import { readAcknowledgements } from "#adapters/audit-table.ts";
import { requiredVariable, thingPrefixOfStage } from "#adapters/environment.ts";
import { observed } from "#adapters/observed.ts";
import { stageProgress } from "#domain/run/acknowledgement.ts";
import { isWorthPolling, pollPauseMs, WAIT_SECONDS } from "#domain/run/pace.ts";
import { type AwaitOutput, parseAwaitInput } from "#domain/run/workflow.ts";

const auditTableName = requiredVariable("AUDIT_TABLE_NAME");
const thingPrefix = thingPrefixOfStage();

/**
 * Looks for a stage's acknowledgements until all are there, all windows have closed, or the stage has lasted so long
 * that the workflow's Wait state is the cheaper way to wait.
 */
export const handler = observed(async (event): Promise<AwaitOutput> => {
  const { home, run, stage, sent } = parseAwaitInput(event, thingPrefix);
  for (;;) {
    const acknowledgements = await readAcknowledgements(auditTableName, home, run);
    const nowMs = timeSince(sent.sentAtMs);
    const progress = stageProgress(run, stage.commands, sent, acknowledgements, nowMs);
    const waitedMs = nowMs - sent.sentAtMs;
    if (progress.isOver || !isWorthPolling(waitedMs)) {
      return {
        isOver: progress.isOver,
        isGateOpen: progress.isGateOpen,
        waitSeconds: WAIT_SECONDS,
      };
    }
    await pause(pollPauseMs(waitedMs, progress.remainingMs));
  }
});

// Far more than the clocks of two environments differ.
const SET_BACK_MS = 5_000;

// Was the clock set back since the commands went out, nobody can say when the windows close: they are closed, and what
// has not answered is withdrawn. Waiting for the old time to come again could take hours.
const timeSince = (sentAtMs: number): number => {
  const nowMs = Date.now();
  return nowMs < sentAtMs - SET_BACK_MS ? Number.POSITIVE_INFINITY : nowMs;
};
