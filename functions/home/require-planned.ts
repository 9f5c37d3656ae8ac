import { readShownPlan } from "#adapters/plan-records.ts";
import type { HomeAccess } from "#domain/access/home-access.ts";
import { HomeError } from "#domain/home-error.ts";
import { type Plan, UNSAVED_SCENE } from "#domain/run/plan.ts";
import { planDifferences } from "#domain/run/plan-differences.ts";

/**
 * Promises that a plan is the one that was shown under `wanted`, and that it was shown not long ago.
 * @throws HomeError `PlanUnknown`, `PlanExpired`; `PlanChanged`, which says what is otherwise now
 */
export const requirePlanned = async (
  auditTableName: string,
  access: HomeAccess,
  wanted: string,
  now: { readonly plan: Plan; readonly hash: string },
  nowMs: number,
): Promise<void> => {
  const shown = await readShownPlan(auditTableName, access, wanted);
  if (shown === undefined) {
    throw new HomeError(
      "PlanUnknown",
      `No plan of this home has the hash ${wanted}. Call plan_scene and use its plan_hash. Nothing was changed.`,
    );
  }
  if (now.hash !== wanted) throw planChanged(shown.plan, now.plan);
  if (nowMs >= shown.expiresAtMs) {
    throw new HomeError(
      "PlanExpired",
      `That plan of "${now.plan.scene}" was shown too long ago. Call plan_scene again. Nothing was changed.`,
    );
  }
};

/** The refusal of a plan that is no longer the home's, which says what is otherwise. */
export const planChanged = (before: Plan, now: Plan): HomeError =>
  new HomeError(
    "PlanChanged",
    before.scene === now.scene
      ? `"${now.scene}" is no longer what was planned: ${planDifferences(before, now).join("; ")}. Call ${now.scene === UNSAVED_SCENE ? 'set_devices without "approval_id"' : "plan_scene again"} and show the user. Nothing was changed.`
      : `That plan is of "${before.scene}", not of "${now.scene}". Nothing was changed.`,
  );
