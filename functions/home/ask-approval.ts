import { putFirstRecord } from "#adapters/audit-table.ts";
import { readApproval } from "#adapters/plan-records.ts";
import type { Caller } from "#domain/access/caller.ts";
import { type HomeAccess, homeOf } from "#domain/access/home-access.ts";
import { approvalAskedRecord, approvalUsedRecord } from "#domain/audit/approval-record.ts";
import { HomeError } from "#domain/home-error.ts";
import { APPROVAL_LIFETIME_MS, approvalIdOf, requireApprovable } from "#domain/run/approval.ts";
import type { Approval } from "#domain/run/needs-approval.ts";
import type { Plan } from "#domain/run/plan.ts";
import { callIn, inHome } from "#domain/run/run-result.ts";
import { homeNameIn } from "./call/home-name.ts";
import { planChanged } from "./require-planned.ts";

/** Records that an approval is asked for, and answers what a person must be shown. Sends nothing. */
export const askApproval = async (
  auditTableName: string,
  access: HomeAccess,
  request: {
    readonly plan: Plan;
    readonly hash: string;
    readonly approvals: readonly Approval[];
    readonly caller: Caller;
    readonly reason?: string;
    readonly again: { readonly tool: string; readonly args: Readonly<Record<string, unknown>> };
  },
  random: string,
  nowMs: number,
): Promise<unknown> => {
  const { plan, hash, approvals, caller, reason, again } = request;
  const about = homeNameIn(access);
  const asked = {
    id: await approvalIdOf(random),
    planHash: hash,
    asker: caller,
    askedAtMs: nowMs,
    expiresAtMs: nowMs + APPROVAL_LIFETIME_MS,
  };
  await putFirstRecord(auditTableName, approvalAskedRecord(asked, plan, reason));
  const what = approvals.map((one) => `${one.what} ${one.name}`).join(", ");
  const args = { ...again.args, approval_id: asked.id };
  return {
    ...(about.homeName === undefined ? {} : { home: plan.home }),
    scene: plan.scene,
    result: "needs_approval",
    approval_id: asked.id,
    expires_at: new Date(asked.expiresAtMs).toISOString(),
    plan_hash: hash,
    say: inHome(
      about,
      `${plan.sceneName} would ${what}. A person who lives there must approve that first. Nothing was sent.`,
    ),
    needs_approval: approvals.map((one) => ({
      device: one.device,
      name: one.name,
      what: one.what,
    })),
    next: `Show the user what would be done. Only after they have said yes, call ${again.tool} with ${callIn(about, plan.home, args)}; it works once, for this plan, until expires_at.`,
  };
};

/**
 * Uses an approval for a run. Told again for the same run, it is the same use.
 * @throws HomeError `ApprovalUnknown`, `ApprovalUsed`, `PlanChanged`, or of `requireApprovable`
 */
export const approveRun = async (
  auditTableName: string,
  access: HomeAccess,
  request: {
    readonly id: string;
    readonly plan: Plan;
    readonly hash: string;
    readonly caller: Caller;
    readonly run: string;
    readonly approvesOwn: boolean;
  },
  nowMs: number,
): Promise<void> => {
  const { id, plan, hash, caller, run, approvesOwn } = request;
  const approval = await readApproval(auditTableName, access, id);
  if (approval === undefined) {
    throw new HomeError(
      "ApprovalUnknown",
      `This home was not asked for the approval ${id}. Call again without "approval_id" to ask. Nothing was changed.`,
    );
  }
  if (approval.usedFor === run) return;
  const used = (): HomeError =>
    new HomeError(
      "ApprovalUsed",
      `The approval ${id} was used already; each is for one run. Call again without "approval_id" to ask again. Nothing was changed.`,
    );
  if (approval.usedFor !== undefined) throw used();
  if (approval.asked.planHash !== hash) throw planChanged(approval.plan, plan);
  const isResident = access.about.role === "resident" && !access.about.isVisit;
  requireApprovable(approval.asked, { caller, isResident }, nowMs, approvesOwn);
  const use = { planHash: hash, run, approver: caller };
  const isFirst = await putFirstRecord(
    auditTableName,
    approvalUsedRecord(homeOf(access), id, use, new Date(nowMs)),
  );
  if (!isFirst) throw used();
};
