import { readHandChanges, readRunEvidence } from "#adapters/audit-table.ts";
import { conclusionOf } from "#adapters/concluding/conclusion.ts";
import { withdrawCommands } from "#adapters/concluding/withdraw-commands.ts";
import { getShadows } from "#adapters/device-shadows.ts";
import { requiredVariable, thingPrefixOfStage } from "#adapters/environment.ts";
import { observed } from "#adapters/observed.ts";
import { acknowledgementOf, isConfirmation } from "#domain/run/acknowledgement.ts";
import { yieldsToHand } from "#domain/run/by-hand.ts";
import { leftOverCommands } from "#domain/run/cut-off/left-over.ts";
import type { ShadowView } from "#domain/run/outcome.ts";
import { type PlannedCommand, plannedCommands } from "#domain/run/plan.ts";
import { type Conclusion, parseConcludeInput } from "#domain/run/workflow.ts";

const auditTableName = requiredVariable("AUDIT_TABLE_NAME");
const thingPrefix = thingPrefixOfStage();

// Of the state's 20 s (workflows), from the very beginning: what comes later is read by nobody, and the state is tried again.
// The rest is for a cold start and the answer.
const CONCLUDE_MS = 16_000;
// Each step before the last leaves the next one time: whatever stalls, what is known is recorded.
const WITHDRAW_MS = 12_000;
const LOOK_AGAIN_MS = 14_000;

/**
 * Ends a run: withdraws every command that was not acknowledged or was refused, so that none fires later, and says how each device
 * fared. Called again for the same run it withdraws nothing twice.
 */
export const handler = observed(async (event): Promise<Conclusion> => {
  const input = parseConcludeInput(event, thingPrefix);
  const { run, plan, sent } = input;
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
  return conclusionOf(input, final, { shadows, held, byHand });
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
