import { randomUUID } from "node:crypto";
import { auditItem } from "#adapters/audit-item.ts";
import { logger } from "#adapters/observed.ts";
import { runWorkflow } from "#adapters/run-scene-workflow.ts";
import type { Caller } from "#domain/access/caller.ts";
import { type HomeAccess, homeOf } from "#domain/access/home-access.ts";
import { requestRecord } from "#domain/audit/request-record.ts";
import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { isUnattended, needsApproval, requireUnattended } from "#domain/run/needs-approval.ts";
import { devicesOf, planText } from "#domain/run/plan.ts";
import { type RunRequest, runIdFor } from "#domain/run/run.ts";
import { callIn } from "#domain/run/run-result.ts";
import type { ToolCall } from "#domain/tools/tools.ts";
import { approveRun, askApproval } from "./ask-approval.ts";
import { findEarlierRun } from "./find-earlier-run.ts";
import { homeNameIn } from "./home-name.ts";
import { preparePlan } from "./prepare-plan.ts";
import { requirePlanned } from "./require-planned.ts";

/** Names of what the stack deployed. */
export interface Deployment {
  readonly homeTableName: string;
  readonly auditTableName: string;
  readonly runSceneStateMachineArn: string;
}

/**
 * Runs a scene to its end and answers what each device reported. A request id that was used before finds that run.
 * What lets somebody in runs for a person only, when a resident has approved that very plan. With a plan's hash exactly
 * that plan runs, or nothing.
 * @throws HomeError of the plan; `NeedsApproval`, `SceneNotForSchedules`; of `requirePlanned`, `approveRun`; `RequestIdReused`; `RunFailed` when the workflow
 * itself broke
 */
export const runScene = async (
  deployment: Deployment,
  caller: Caller,
  access: HomeAccess,
  call: ToolCall<"run_scene">,
): Promise<unknown> => {
  const home = homeOf(access);
  const about = homeNameIn(access);
  const { role, reason: visitReason } = access.about;
  const { plan, hash, scene, devices, approvesOwn } = await preparePlan(
    deployment.homeTableName,
    access,
    call,
  );
  if (isUnattended(caller)) requireUnattended(scene, plan, devices);
  const id = await runIdFor(home, caller, call.requestId, randomUUID());
  const nowMs = Date.now();
  if (call.planHash !== undefined) {
    const now = { plan, hash };
    await requirePlanned(deployment.auditTableName, access, call.planHash, now, nowMs);
  }
  const approvals = needsApproval(plan, devices, scene);
  if (approvals.length > 0) {
    const asked = { plan, hash, caller };
    if (call.approvalId === undefined) {
      const { reason } = call;
      return askApproval(
        deployment.auditTableName,
        access,
        { ...asked, approvals, ...(reason === undefined ? {} : { reason }) },
        randomUUID(),
        nowMs,
      );
    }
    const approval = { ...asked, id: call.approvalId, run: id, approvesOwn };
    await approveRun(deployment.auditTableName, access, approval, nowMs);
  }
  const run: RunRequest = {
    id,
    scene: plan.scene,
    caller,
    role,
    ...(visitReason === undefined ? {} : { visitReason }),
    ...(call.reason === undefined ? {} : { reason: call.reason }),
    ...(call.requestId === undefined ? {} : { requestId: call.requestId }),
    ...(approvals.length === 0 || call.approvalId === undefined
      ? {}
      : { approval: call.approvalId }),
    requestedAt: new Date(nowMs).toISOString(),
  };
  const end = await runWorkflow(deployment.runSceneStateMachineArn, run.id, {
    home,
    run: { id: run.id, requestedAt: run.requestedAt, ...about },
    record: auditItem(requestRecord(home, run, hash, devicesOf(plan))),
    plan: planText(plan),
    planHash: hash,
  });
  if (!end.succeeded) {
    logger.error("The workflow of a run failed", {
      run: run.id,
      failure: end.error,
      because: end.cause,
    });
    throw new HomeError(
      "RunFailed",
      `The run ${run.id} of "${plan.scene}" broke off (${nameFailure(end)}). Call get_run with ${callIn(about, home, { run_id: run.id })} for what is known; do not assume that anything changed.`,
    );
  }
  if (isObject(end.output) && end.output.isAlreadyRequested === true) {
    return findEarlierRun(deployment.auditTableName, access, run.id, plan, call.requestId ?? "");
  }
  return end.output;
};

// Integrations put what a service answered into the cause, e.g. "… (Service: AmazonDynamoDBv2; Status Code: 400; Error
// Code: AccessDeniedException; …)". The code may leave the house; the rest of the cause names roles and resources.
const nameFailure = (end: { readonly error: string; readonly cause: string }): string => {
  const code = /Error Code: (\w+)/.exec(end.cause)?.[1];
  return code === undefined ? end.error : `${end.error}, ${code}`;
};
