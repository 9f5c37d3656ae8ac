import type { Caller } from "#domain/access/caller.ts";
import { FORMAT, requireFormat } from "#domain/format.ts";
import type { HomeId } from "#domain/home/home-id.ts";
import { APPROVAL_ASKED_KEY, APPROVAL_USED_KEY, approvalKey } from "#domain/home/keys.ts";
import { HomeError } from "#domain/home-error.ts";
import type { AskedApproval } from "#domain/run/approval.ts";
import { parsePlan } from "#domain/run/parse-plan.ts";
import { type Plan, planText } from "#domain/run/plan.ts";
import type { AuditRecord } from "./audit-record.ts";
import { parseRecordedCaller } from "./recorded-caller.ts";

/** The record that somebody asked for a plan which lets somebody in. */
export const approvalAskedRecord = (
  asked: AskedApproval,
  plan: Plan,
  reason: string | undefined,
): AuditRecord => ({
  PK: approvalKey(plan.home, asked.id),
  SK: APPROVAL_ASKED_KEY,
  v: FORMAT,
  home: plan.home,
  approval: asked.id,
  planHash: asked.planHash,
  plan: planText(plan),
  caller: asked.asker,
  ...(reason === undefined ? {} : { reason }),
  askedAt: new Date(asked.askedAtMs).toISOString(),
  // Not `expiresAt`: that is the stamp's, when DynamoDB may delete the record.
  approvableUntil: new Date(asked.expiresAtMs).toISOString(),
});

/** The record that a resident approved, for which run. There is one at most: an approval is used once. */
export const approvalUsedRecord = (
  home: HomeId,
  id: string,
  used: { readonly planHash: string; readonly run: string; readonly approver: Caller },
  at: Date,
): AuditRecord => ({
  PK: approvalKey(home, id),
  SK: APPROVAL_USED_KEY,
  v: FORMAT,
  home,
  approval: id,
  planHash: used.planHash,
  run: used.run,
  caller: used.approver,
  usedAt: at.toISOString(),
});

/** What was asked, and the run it was used for. */
export interface RecordedApproval {
  readonly asked: AskedApproval;
  readonly plan: Plan;
  readonly usedFor?: string;
}

/**
 * Reads an approval's records; undefined where nobody asked.
 * @throws HomeError `FormatUnknown`, `RecordInvalid`
 */
export const parseApproval = (
  items: readonly Readonly<Record<string, unknown>>[],
): RecordedApproval | undefined => {
  const item = items.find(({ SK }) => SK === APPROVAL_ASKED_KEY);
  if (item === undefined) return undefined;
  const record = `Approval record ${String(item.PK)}`;
  const wrong = (what: string): HomeError => new HomeError("RecordInvalid", `${record}: ${what}`);
  const used = items.find(({ SK }) => SK === APPROVAL_USED_KEY);
  for (const one of [item, used]) if (one !== undefined) requireFormat(one, record);
  const { approval, planHash, plan, caller, askedAt, approvableUntil } = item;
  if (typeof approval !== "string") throw wrong("approval must be a text.");
  if (typeof planHash !== "string") throw wrong("planHash must be a text.");
  if (typeof plan !== "string") throw wrong("plan must be a text.");
  if (used !== undefined && typeof used.run !== "string") throw wrong("run must be a text.");
  return {
    asked: {
      id: approval,
      planHash,
      asker: parseRecordedCaller(caller, wrong),
      askedAtMs: timeOf(askedAt, wrong),
      expiresAtMs: timeOf(approvableUntil, wrong),
    },
    plan: parsePlan(plan, record),
    ...(typeof used?.run === "string" ? { usedFor: used.run } : {}),
  };
};

const timeOf = (value: unknown, wrong: (what: string) => HomeError): number => {
  const at = typeof value === "string" ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(at)) throw wrong("askedAt and approvableUntil must be times.");
  return at;
};
