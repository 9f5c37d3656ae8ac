import { putFirstRecord, readRunOf } from "#adapters/audit-table.ts";
import { requiredVariable } from "#adapters/environment.ts";
import { readMemberships } from "#adapters/home-table.ts";
import { logger, observed } from "#adapters/observed.ts";
import { recordRefusal } from "#adapters/record-refusal.ts";
import { runWorkflow } from "#adapters/run-scene-workflow.ts";
import { type UndoByItself, undoByItself } from "#adapters/runs/find-undo.ts";
import { lookUntilFound, UNTIL_RECORDED_MS } from "#adapters/runs/look-until-found.ts";
import { readUndo } from "#adapters/runs/read-undo.ts";
import { workflowInput } from "#adapters/runs/workflow-input.ts";
import { accessTo, requireRight } from "#domain/access/home-access.ts";
import { type RunRecords, undoRecord } from "#domain/audit/run-records.ts";
import { HomeError } from "#domain/home-error.ts";
import { planHash, plannedCommands } from "#domain/run/plan.ts";
import { requireRunnable } from "#domain/run/plan-limits.ts";
import { runEnd } from "#domain/run/run-result.ts";
import { leftAloneBy } from "#domain/run/undo-plan.ts";
import { isUndoneByItself, type Undone, WHOLE_OR_NOT } from "#domain/run/undone.ts";
import { parseUndoInput } from "#domain/run/workflow.ts";

const homeTableName = requiredVariable("HOME_TABLE_NAME");
const auditTableName = requiredVariable("AUDIT_TABLE_NAME");
const stateMachineArn = requiredVariable("RUN_SCENE_STATE_MACHINE_ARN");

/**
 * Handed a run by its workflow, when that was to be done whole or not at all and was not: takes it back as who ran it,
 * by what they may do in the home now, and records what became of that. Told twice it undoes once. What breaks is thrown,
 * so that Lambda tries again and in the end keeps the event.
 */
export const handler = observed(async (event): Promise<Undone | undefined> => {
  const { home, run } = parseUndoInput(event);
  const records = await readRunOf(auditTableName, home, run);
  if (records?.conclusion === undefined) {
    throw new HomeError("RunUnknown", `No outcome of the run ${run} is recorded.`);
  }
  const end = runEnd(records.conclusion.outcomes);
  if (records.undone !== undefined || !isUndoneByItself(records.plan, end)) return records.undone;
  const undone = await undoneOrRefused(records);
  await putFirstRecord(auditTableName, undoRecord(home, run, undone, new Date()));
  logger.info("A run that was not done whole", { run, ...undone });
  return undone;
});

const undoOfRun = (records: RunRecords): Promise<UndoByItself> =>
  undoByItself(records, (run) => readRunOf(auditTableName, records.plan.home, run));

const undoneOrRefused = async (records: RunRecords): Promise<Undone> => {
  const { request, plan } = records;
  try {
    return await undo(records);
  } catch (error) {
    // What a device reports can be read the next time.
    if (!(error instanceof HomeError) || error.code === "StateUnknown") throw error;
    // Somebody who may has begun that very run.
    const { id, begun } = await undoOfRun(records);
    if (begun !== undefined) return { by: id, leftAlone: leftAloneBy(begun.plan, plan) };
    const { code, message } = error;
    await recordRefusal(auditTableName, request.caller, {
      tool: "undo_run",
      code,
      home: plan.home,
      at: new Date().toISOString(),
    });
    return { refused: code, why: message };
  }
};

/** @throws HomeError where the caller may not, or the home is not as it must be, or `StateUnknown`; Error where the start is not known */
const undo = async (records: RunRecords): Promise<Undone> => {
  const { request, plan: ran } = records;
  const memberships = await readMemberships(homeTableName, request.caller.sub);
  const access = accessTo(memberships, ran.home);
  requireRight(access, request.caller, "write", "undo_run");
  const nowMs = Date.now();
  const { plan, leftAlone } = await readUndo(homeTableName, access, records, nowMs);
  // Afterwards: a run is recorded before it sends anything, so that of one that is not yet the shadows showed nothing.
  const { id, begun } = await undoOfRun(records);
  if (begun !== undefined) {
    // Told again, or somebody was faster: what that run has put back looks as if somebody had changed it since.
    const takenBack = new Set(plannedCommands(begun.plan).map(({ command }) => command.device));
    return { by: id, leftAlone: leftAlone.filter(({ device }) => !takenBack.has(device)) };
  }
  if (plan === undefined) return { leftAlone };
  requireRunnable(plan);
  const { request: asked, input } = workflowInput(request.caller, access, {
    id,
    plan,
    hash: await planHash(plan),
    requestedAtMs: Date.now(),
    reason: WHOLE_OR_NOT,
  });
  const start = await runWorkflow(stateMachineArn, id, input, 0);
  // A run whose workflow broke before its first record has not begun. One that an earlier try started and that begins only
  // now may be too late, which its end says at once.
  const look = async (): Promise<RunRecords | undefined> => {
    const found = await readRunOf(auditTableName, ran.home, id);
    const isThisStart = found?.request.requestedAt === asked.requestedAt;
    return isThisStart || found?.conclusion !== undefined ? found : undefined;
  };
  if (start.is === "running") {
    await lookUntilFound(look, UNTIL_RECORDED_MS);
    const now = await undoOfRun(records);
    if (now.begun !== undefined) return { by: now.id, leftAlone };
  }
  throw new Error(`Whether the undo ${id} of ${request.id} has begun is not known.`);
};
