import { nodeSha256 } from "#adapters/audit/node-sha256.ts";
import { itemToStore } from "#adapters/audit/stored-item.ts";
import { auditItem, withTexts } from "#adapters/audit-item.ts";
import { readHandChanges, readRunEvidence } from "#adapters/audit-table.ts";
import { withdrawCommands } from "#adapters/concluding/withdraw-commands.ts";
import { getShadows } from "#adapters/device-shadows.ts";
import { requiredVariable, thingPrefixOfStage } from "#adapters/environment.ts";
import { publishMeasures } from "#adapters/metrics.ts";
import { observed } from "#adapters/observed.ts";
import { judgedByThatFit } from "#domain/audit/judged-by.ts";
import { outcomeRecord } from "#domain/audit/outcome-record.ts";
import { recordHashOf } from "#domain/log/leaf.ts";
import { acknowledgementOf, isConfirmation } from "#domain/run/acknowledgement.ts";
import { yieldsToHand } from "#domain/run/by-hand.ts";
import { leftOverCommands } from "#domain/run/cut-off/left-over.ts";
import { deviceOutcomes, type ShadowView } from "#domain/run/outcome.ts";
import { type PlannedCommand, plannedCommands } from "#domain/run/plan.ts";
import { runMeasures } from "#domain/run/run-measures.ts";
import { type RunResult, runResult } from "#domain/run/run-result.ts";
import { parseConcludeInput } from "#domain/run/workflow.ts";

const auditTableName = requiredVariable("AUDIT_TABLE_NAME");
const thingPrefix = thingPrefixOfStage();

// Of the state's 20 s (workflows), from the very beginning: what comes later is read by nobody, and the state is tried again.
// The rest is for a cold start and the answer.
const CONCLUDE_MS = 16_000;
// Each step before the last leaves the next one time: whatever stalls, what is known is recorded.
const WITHDRAW_MS = 12_000;
const LOOK_AGAIN_MS = 14_000;

/** What the workflow records (in DynamoDB's own notation) and what the caller is told. */
export interface Conclusion {
  readonly record: Readonly<Record<string, unknown>>;
  readonly result: RunResult & {
    /** The hash of the record: evidence in the caller's hands until it is sealed, a minute later. */
    readonly receipt: { readonly record: string };
  };
}

/**
 * Ends a run: withdraws every command that was not acknowledged or was refused, so that none fires later, and says how each device
 * fared. Called again for the same run it withdraws nothing twice.
 */
export const handler = observed(async (event): Promise<Conclusion> => {
  const { run, plan, planHash, sent } = parseConcludeInput(event, thingPrefix);
  const until = AbortSignal.timeout(CONCLUDE_MS);
  const withdrawUntil = AbortSignal.timeout(WITHDRAW_MS);
  const lookUntil = AbortSignal.timeout(LOOK_AGAIN_MS);
  const evidence = await readRunEvidence(auditTableName, plan.home, run.id, until);
  const { acknowledgements } = evidence;
  const reached = new Set(sent.map((stage) => stage.index));
  const leftOver = leftOverCommands(run.id, plan, reached, acknowledgements);
  const shadows = await withdrawCommands(run.id, leftOver, withdrawUntil);
  const mustHold = (plan.rules?.holdSeconds ?? 0) > 0;
  const held = mustHold
    ? await lookAgainAt(
        plannedCommands(plan)
          .filter(({ stage }) => reached.has(stage.index))
          .filter(({ stage, command }) => {
            const answer = acknowledgementOf(command, run.id, stage.index, acknowledgements);
            return answer !== undefined && isConfirmation(answer, command);
          }),
        lookUntil,
      )
    : {};
  // An acknowledgement may have come in while its command was being withdrawn; it counts, as a late one.
  const final = leftOver.every(({ isAnswered }) => isAnswered)
    ? evidence
    : await readRunEvidence(auditTableName, plan.home, run.id, until);
  const byHand = yieldsToHand(plan.rules?.onConflict)
    ? await readHandChanges(auditTableName, plan.home, run.requestedAt, new Date(), until)
    : [];
  const outcomes = deviceOutcomes({
    run: run.id,
    plan,
    sent,
    acknowledgements: final.acknowledgements,
    shadows,
    held,
    byHand,
  });
  const result = runResult(run, plan, planHash, outcomes, new Date().toISOString());
  const bare = auditItem(outcomeRecord(plan.home, result, outcomes, []));
  const bytes = Buffer.byteLength(JSON.stringify({ record: bare, result }));
  const record = withTexts(bare, "judgedBy", judgedByThatFit(final.judgedBy, bytes));
  publishMeasures(runMeasures({ run: run.id, plan, result: result.result, outcomes, shadows }));
  const receipt = { record: recordHashOf(nodeSha256, itemToStore(record)) };
  return { record, result: { ...result, receipt } };
});

const lookAgainAt = async (
  commands: readonly { readonly command: PlannedCommand }[],
  until: AbortSignal,
): Promise<Readonly<Record<string, ShadowView>>> => {
  const shadows = await getShadows(
    commands.map(({ command }) => command.thing),
    until,
  );
  return Object.fromEntries([...shadows].map(([thing, { view }]) => [thing, view]));
};
