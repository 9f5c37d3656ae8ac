import { readRun } from "#adapters/audit-table.ts";
import { logger } from "#adapters/observed.ts";
import { type ExecutionEnd, runWorkflow } from "#adapters/run-scene-workflow.ts";
import { lookUntilFound } from "#adapters/runs/look-until-found.ts";
import { type NewRun, workflowInput } from "#adapters/runs/workflow-input.ts";
import type { Caller } from "#domain/access/caller.ts";
import { type HomeAccess, homeOf } from "#domain/access/home-access.ts";
import type { RunRecords } from "#domain/audit/run-records.ts";
import { runView } from "#domain/audit/run-view.ts";
import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { callIn } from "#domain/run/run-result.ts";
import { noteEnd } from "./call/claim-run.ts";
import type { Deployment } from "./call/deployment.ts";
import { findEarlierRun, isSameRequest } from "./call/find-earlier-run.ts";
import { homeNameIn } from "./call/home-name.ts";

/**
 * Carries a plan out and answers what each device reported; at `waitUntilMs`, what is known by then of the run, which
 * goes on. A run of that id that exists is found instead.
 * @throws HomeError `RequestIdReused`; `RunFailed` when the workflow itself broke, or whether it began is not known
 */
export const startRun = async (
  deployment: Deployment,
  caller: Caller,
  access: HomeAccess,
  run: NewRun,
  waitUntilMs: number,
): Promise<unknown> => {
  const { id, plan, hash, requestId } = run;
  const { auditTableName } = deployment;
  const { request, input } = workflowInput(caller, access, run);
  const waitMs = Math.max(0, waitUntilMs - Date.now());
  const end = await runWorkflow(deployment.runSceneStateMachineArn, id, input, waitMs);
  const about = homeNameIn(access);
  const viewOf = (records: RunRecords): unknown => runView(records, Date.now(), about).view;
  if (end.is === "over") {
    if (!isObject(end.output) || end.output.isAlreadyRequested !== true) {
      noteEnd(caller, { planHash: hash }, id);
      return end.output;
    }
    const isSame = (earlier: RunRecords["plan"]): boolean => isSameRequest(plan, earlier);
    const repeated = { run: id, isSame, ...(requestId === undefined ? {} : { requestId }) };
    const earlier = await findEarlierRun(auditTableName, access, repeated, waitUntilMs);
    if (earlier !== undefined) return earlier;
    throw new HomeError("RunUnknown", `The run ${id} is recorded, but cannot be found.`);
  }
  const begun = { request, plan, planHash: hash, acknowledgements: [] };
  // A moment after its start there is nothing to read yet.
  if (end.is === "running" && waitMs === 0) return viewOf(begun);
  const look = (): Promise<RunRecords | undefined> => readRun(auditTableName, access, id);
  const first = await look();
  const records =
    end.is === "running" ? (first ?? (await lookUntilFound(look, LOOK_AGAIN_MS))) : first;
  if (end.is === "running" && records !== undefined) return viewOf(records);
  const isKnown = end.is === "not known" || records?.conclusion !== undefined;
  log(id, end);
  if (records !== undefined && isKnown) return viewOf(records);
  const next = callIn(about, homeOf(access), { run_id: id });
  throw new HomeError(
    "RunFailed",
    end.is !== "broken off"
      ? `Whether the run ${id} of "${plan.scene}" began is not known; nothing of it is recorded yet. Call get_run with ${next} in a few seconds; do not assume that anything changed.`
      : `The run ${id} of "${plan.scene}" broke off (${nameFailure(end)}). Call get_run with ${next} for what is known; do not assume that anything changed.`,
  );
};

// A start that was on its way when the caller's time was over is recorded within a second, or has not arrived.
const LOOK_AGAIN_MS = [100, 300, 600];

const log = (run: string, end: Exclude<ExecutionEnd, { readonly is: "over" }>): void => {
  if (end.is === "running") {
    logger.warn("Nothing is recorded of a run whose start was waited for no longer", { run });
    return;
  }
  if (end.is === "not known") {
    logger.error("The call that started a run broke off", { run, error: end.error });
    return;
  }
  logger.error("The workflow of a run failed", { run, failure: end.error, because: end.cause });
};

// Integrations put what a service answered into the cause, e.g. "… (Service: AmazonDynamoDBv2; Status Code: 400; Error
// Code: AccessDeniedException; …)". The code may leave the house; the rest of the cause names roles and resources.
const nameFailure = (end: { readonly error: string; readonly cause: string }): string => {
  const code = /Error Code: (\w+)/.exec(end.cause)?.[1];
  return code === undefined ? end.error : `${end.error}, ${code}`;
};
