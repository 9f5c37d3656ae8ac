import { nodeSha256 } from "#adapters/audit/node-sha256.ts";
import { itemToStore } from "#adapters/audit/stored-item.ts";
import { auditItem } from "#adapters/audit-item.ts";
import { readHandChanges, readRunEvidence } from "#adapters/audit-table.ts";
import { getShadows } from "#adapters/device-shadows.ts";
import { requiredVariable, thingPrefixOfStage } from "#adapters/environment.ts";
import { publishMeasures } from "#adapters/metrics.ts";
import { logger, observed } from "#adapters/observed.ts";
import { judgedByThatFit } from "#domain/audit/judged-by.ts";
import { outcomeRecord } from "#domain/audit/outcome-record.ts";
import { recordHashOf } from "#domain/log/leaf.ts";
import { acknowledgementOf, isConfirmation } from "#domain/run/acknowledgement.ts";
import { yieldsToHand } from "#domain/run/by-hand.ts";
import { leavesDelta } from "#domain/run/command.ts";
import { deviceOutcomes, type ShadowView, SUPERSEDED } from "#domain/run/outcome.ts";
import { type PlannedCommand, plannedCommands } from "#domain/run/plan.ts";
import { runMeasures } from "#domain/run/run-measures.ts";
import { type RunResult, runResult } from "#domain/run/run-result.ts";
import { parseConcludeInput } from "#domain/run/workflow.ts";
import { withdrawCommand } from "./withdraw-command.ts";

const auditTableName = requiredVariable("AUDIT_TABLE_NAME");
const thingPrefix = thingPrefixOfStage();

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
  const evidence = await readRunEvidence(auditTableName, plan.home, run.id);
  const { acknowledgements } = evidence;
  const reached = new Set(sent.map((stage) => stage.index));
  const commands = plannedCommands(plan)
    .filter(({ stage }) => reached.has(stage.index))
    .map(({ stage, command }) => ({
      stage,
      command,
      answer: acknowledgementOf(command, run.id, stage.index, acknowledgements),
    }));
  const unanswered = commands.filter(({ answer }) => answer === undefined);
  // What a device refused, or did only as exactly as it can, must not stand there as a delta for ever. The shadow of one
  // that left a command for another says for which.
  const leftOver = commands.filter(
    ({ answer, command }) =>
      answer !== undefined &&
      (answer.echo.reason === SUPERSEDED || leavesDelta(command.want, answer.after)),
  );
  const shadows = Object.fromEntries(
    await Promise.all(
      [...unanswered, ...leftOver].map(async ({ stage, command, answer }) => {
        const shadow = await withdrawQuietly(run.id, stage.index, command, answer !== undefined);
        return [command.thing, shadow] as const;
      }),
    ),
  );
  const mustHold = (plan.rules?.holdSeconds ?? 0) > 0;
  const held = mustHold
    ? await lookAgainAt(
        commands.filter(
          ({ answer, command }) => answer !== undefined && isConfirmation(answer, command),
        ),
      )
    : {};
  // An acknowledgement may have come in while its command was being withdrawn; it counts, as a late one.
  const final =
    unanswered.length === 0 ? evidence : await readRunEvidence(auditTableName, plan.home, run.id);
  const byHand = yieldsToHand(plan.rules?.onConflict)
    ? await readHandChanges(auditTableName, plan.home, run.requestedAt, new Date())
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
  const bytes = jsonBytes({
    record: auditItem(outcomeRecord(plan.home, result, outcomes, [])),
    result,
  });
  const judgedBy = judgedByThatFit(final.judgedBy, bytes);
  const record = auditItem(outcomeRecord(plan.home, result, outcomes, judgedBy));
  publishMeasures(runMeasures({ run: run.id, plan, result: result.result, outcomes, shadows }));
  const receipt = { record: recordHashOf(nodeSha256, itemToStore(record)) };
  return { record, result: { ...result, receipt } };
});

const jsonBytes = (value: unknown): number =>
  new TextEncoder().encode(JSON.stringify(value)).length;

const lookAgainAt = async (
  commands: readonly { readonly command: PlannedCommand }[],
): Promise<Readonly<Record<string, ShadowView>>> => {
  const shadows = await getShadows(commands.map(({ command }) => command.thing));
  return Object.fromEntries([...shadows].map(([thing, { view }]) => [thing, view]));
};

// One shadow that cannot be read or written must not keep the others' outcomes from being recorded. Its command still
// expires by itself, and the log says why it was not withdrawn.
const withdrawQuietly = async (
  run: string,
  stage: number,
  command: PlannedCommand,
  isAnswered: boolean,
): Promise<ShadowView> => {
  try {
    return await withdrawCommand(run, stage, command, isAnswered);
  } catch (error) {
    logger.error("A command was not withdrawn; it expires by itself", {
      thing: command.thing,
      error,
    });
    return { isNotWithdrawn: true };
  }
};
