import { setTimeout as pause } from "node:timers/promises";
import { auditItem } from "#adapters/audit-item.ts";
import { readAcknowledgements } from "#adapters/audit-table.ts";
import { requiredVariable, thingPrefixOfStage } from "#adapters/environment.ts";
import { observed } from "#adapters/observed.ts";
import { againRecord } from "#domain/audit/again-record.ts";
import { stageProgress } from "#domain/run/acknowledgement.ts";
import { firstLookMs, isWorthPolling, pollPauseMs, WAIT_SECONDS } from "#domain/run/pace.ts";
import { dueAgain, nextAgainMs } from "#domain/run/tries.ts";
import { type AwaitOutput, parseAwaitInput } from "#domain/run/workflow.ts";

const auditTableName = requiredVariable("AUDIT_TABLE_NAME");
const thingPrefix = thingPrefixOfStage();

// Of the state's 12 s (workflows): whatever stalls, the answer is there in time.
const ANSWER_WITHIN_MS = 10_000;

/**
 * Looks for a stage's acknowledgements until all are there, all windows have closed, some silent devices are to be sent
 * their commands again, or the stage has lasted so long that the workflow's Wait state is the cheaper way to wait.
 *
 * Most looks find nothing new and only say when to look again: those may be stale, which costs half. That a device has not
 * answered is believed of a strongly consistent look alone, so that a stale one delays by one look and gives nobody up. (Of a
 * device that answered twice it may miss the first answer; so may any look, as the rule may write them in either order.)
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.ReadConsistency.html
 */
export const handler = observed(async (event): Promise<AwaitOutput> => {
  const { home, run, stage, sent } = parseAwaitInput(event, thingPrefix);
  const until = AbortSignal.timeout(ANSWER_WITHIN_MS);
  // Whoever comes late looks once, and comes again only after a second.
  let mayBeStale = isWorthPolling(timeSince(sent.sentAtMs) - sent.sentAtMs);
  const firstMs = firstLookMs(stage.commands.length - sent.notSent.length);
  const earlyMs = firstMs - (timeSince(sent.sentAtMs) - sent.sentAtMs);
  // The clock that the commands went out by may be ahead of this one.
  if (earlyMs > 0) await pause(Math.min(earlyMs, firstMs));
  for (;;) {
    const look = { mayBeStale, until };
    const acknowledgements = await readAcknowledgements(auditTableName, home, run, look);
    const nowMs = timeSince(sent.sentAtMs);
    const progress = stageProgress(run, stage.commands, sent, acknowledgements, nowMs);
    const waitedMs = nowMs - sent.sentAtMs;
    const { isOver, isGateOpen, pending } = progress;
    const due = isOver ? [] : dueAgain(stage.commands, pending, sent, nowMs);
    const isLast = isOver || due.length > 0 || !isWorthPolling(waitedMs);
    if (mayBeStale && isLast && (pending.length > 0 || !isGateOpen)) {
      mayBeStale = false;
      continue;
    }
    if (due.length > 0) {
      const devices = due.map(({ device }) => device);
      return {
        isOver,
        isGateOpen,
        waitSeconds: WAIT_SECONDS,
        again: {
          commands: due,
          record: auditItem(againRecord(home, run, sent, devices, new Date(nowMs))),
          sent: { ...sent, again: [...(sent.again ?? []), ...devices] },
        },
      };
    }
    if (isLast) {
      return { isOver, isGateOpen, waitSeconds: WAIT_SECONDS };
    }
    mayBeStale = true;
    const nextMs = nextAgainMs(stage.commands, pending, sent, nowMs);
    const untilMs = Math.min(progress.remainingMs, nextMs);
    await pause(pollPauseMs(waitedMs, untilMs, pending.length));
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
