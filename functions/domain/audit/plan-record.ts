import type { Caller } from "#domain/access/caller.ts";
import { FORMAT, requireFormat } from "#domain/format.ts";
import { planKey } from "#domain/home/keys.ts";
import { HomeError } from "#domain/home-error.ts";
import { parsePlan } from "#domain/run/parse-plan.ts";
import { type Plan, planText } from "#domain/run/plan.ts";
import type { AuditRecord } from "./audit-record.ts";

/** How long a plan may be run by its hash: as long as somebody may think about it, and a home stays as it was. */
export const PLAN_LIFETIME_MS = 600_000;

/** A plan that somebody was shown. */
export interface ShownPlan {
  readonly plan: Plan;
  readonly expiresAtMs: number;
}

/** The record of a plan that was shown, one a minute at most: the sort key is the minute. */
export const planRecord = (plan: Plan, hash: string, caller: Caller, at: Date): AuditRecord => {
  const shownAt = at.toISOString();
  return {
    PK: planKey(plan.home, hash),
    SK: shownAt.slice(0, 16),
    v: FORMAT,
    home: plan.home,
    planHash: hash,
    plan: planText(plan),
    caller,
    shownAt,
  };
};

/** Reads the record of a shown plan. @throws HomeError `FormatUnknown`, `RecordInvalid` */
export const parsePlanRecord = (item: Readonly<Record<string, unknown>>): ShownPlan => {
  const record = `Plan record ${String(item.PK)}`;
  requireFormat(item, record);
  const { plan, shownAt } = item;
  if (typeof plan !== "string" || typeof shownAt !== "string") {
    throw new HomeError("RecordInvalid", `${record}: plan and shownAt must be texts.`);
  }
  // From the start of its minute: whoever is shown the same plan within it is told of no more time than it has.
  return {
    plan: parsePlan(plan, record),
    expiresAtMs: planExpiresAtMs(Date.parse(shownAt)),
  };
};

/** When a plan that is shown at a moment can no longer be run by its hash, epoch milliseconds. */
export const planExpiresAtMs = (shownAtMs: number): number =>
  Math.floor(shownAtMs / 60_000) * 60_000 + PLAN_LIFETIME_MS;
