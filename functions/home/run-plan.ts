import { randomUUID } from "node:crypto";
import type { Caller } from "#domain/access/caller.ts";
import { type HomeAccess, homeOf } from "#domain/access/home-access.ts";
import { isUnattended, needsApproval, requireUnattended } from "#domain/run/needs-approval.ts";
import type { Plan } from "#domain/run/plan.ts";
import { runIdFor } from "#domain/run/run.ts";
import { DEFAULT_WAIT_SECONDS } from "#domain/run/waiting.ts";
import { approveRun, askApproval } from "./ask-approval.ts";
import { claimBeside, claimedRun } from "./call/claim-run.ts";
import type { Deployment } from "./call/deployment.ts";
import { findEarlierRun, isSameRequest, joinRun } from "./call/find-earlier-run.ts";
import type { PreparedPlan } from "./prepare-plan.ts";
import { requirePlanned } from "./require-planned.ts";
import { settleConflicts } from "./settle-conflicts.ts";
import { startRun } from "./start-run.ts";
import { withItsUndo } from "./with-its-undo.ts";

/** How a plan is asked to be run. */
export interface AskedRun {
  readonly requestId?: string;
  readonly reason?: string;
  /** How long the caller waits for the end. */
  readonly waitSeconds?: number;
  readonly planHash?: string;
  readonly approvalId?: string;
  /** The call that asked, without its approval: what is called again once a person has approved. */
  readonly again: { readonly tool: string; readonly args: Readonly<Record<string, unknown>> };
}

/**
 * Runs a plan and answers what each device reported, or that it goes on when the caller waits no longer. A request id
 * that was used before finds that run. What lets somebody in runs for a person only, when a resident has approved that
 * very plan.
 * @throws HomeError `NeedsApproval`, `SceneNotForSchedules`; of `requirePlanned`, `settleConflicts`, `approveRun`;
 * `RequestIdReused`; `RunFailed` when the workflow itself broke
 */
export const runPlan = async (
  deployment: Deployment,
  caller: Caller,
  access: HomeAccess,
  { plan, hash, scene, devices, approvesOwn }: PreparedPlan,
  call: AskedRun,
): Promise<unknown> => {
  const { requestId } = call;
  const fresh = await runIdFor(homeOf(access), caller, requestId, randomUUID());
  const nowMs = Date.now();
  const waitUntilMs = nowMs + (call.waitSeconds ?? DEFAULT_WAIT_SECONDS) * 1000;
  if (requestId !== undefined) {
    // Before anything is judged anew: by now the run's own commands stand at the devices, or its plan has expired.
    const repeated = { run: fresh, requestId, isSame: (one: Plan) => isSameRequest(plan, one) };
    const { auditTableName } = deployment;
    const earlier = await findEarlierRun(auditTableName, access, repeated, waitUntilMs);
    if (earlier !== undefined) return earlier;
  }
  if (isUnattended(caller)) requireUnattended(scene, plan, devices);
  if (call.planHash !== undefined) {
    const now = { plan, hash };
    await requirePlanned(deployment.auditTableName, access, call.planHash, now, nowMs);
  }
  const approvals = needsApproval(plan, devices, scene);
  // An approval is for one run already; a request id says itself which run is meant.
  const { id = fresh, running } =
    requestId === undefined && approvals.length === 0
      ? await claimedRun(deployment, caller, access, { planHash: hash }, fresh)
      : {};
  if (running !== undefined) {
    return joinRun(deployment.auditTableName, access, running, waitUntilMs);
  }
  await settleConflicts(plan, id);
  if (approvals.length > 0) {
    const asked = { plan, hash, caller };
    if (call.approvalId === undefined) {
      const { reason, again } = call;
      return askApproval(
        deployment.auditTableName,
        access,
        { ...asked, approvals, again, ...(reason === undefined ? {} : { reason }) },
        randomUUID(),
        nowMs,
      );
    }
    const approval = { ...asked, id: call.approvalId, run: id, approvesOwn };
    await approveRun(deployment.auditTableName, access, approval, nowMs);
  }
  if (requestId !== undefined && approvals.length === 0) {
    // It runs whatever goes on; without an id it is joined, unless an earlier run that goes on has the claim.
    await claimBeside(deployment, caller, access, { planHash: hash }, id);
  }
  const answer = await startRun(
    deployment,
    caller,
    access,
    {
      id,
      plan,
      hash,
      // It may have waited for another run; a run that begins long after it was asked for sends nothing.
      requestedAtMs: Date.now(),
      ...(call.reason === undefined ? {} : { reason: call.reason }),
      ...(requestId === undefined ? {} : { requestId }),
      ...(approvals.length === 0 || call.approvalId === undefined
        ? {}
        : { approval: call.approvalId }),
    },
    waitUntilMs,
  );
  return withItsUndo(deployment.auditTableName, access, plan, answer, waitUntilMs);
};
