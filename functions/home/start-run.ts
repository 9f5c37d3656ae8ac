import { auditItem } from "#adapters/audit-item.ts";
import { logger } from "#adapters/observed.ts";
import { runWorkflow } from "#adapters/run-scene-workflow.ts";
import type { Caller } from "#domain/access/caller.ts";
import { type HomeAccess, homeOf } from "#domain/access/home-access.ts";
import { requestRecord } from "#domain/audit/request-record.ts";
import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { devicesOf, type Plan, planText } from "#domain/run/plan.ts";
import type { RunRequest } from "#domain/run/run.ts";
import { callIn } from "#domain/run/run-result.ts";
import type { Deployment } from "./call/deployment.ts";
import { homeNameIn } from "./call/home-name.ts";
import { findEarlierRun, isSameRequest } from "./find-earlier-run.ts";

/** A run that is to begin: its plan is made, and may be run. */
export interface NewRun {
  readonly id: string;
  readonly plan: Plan;
  readonly hash: string;
  readonly requestedAtMs: number;
  readonly reason?: string;
  readonly requestId?: string;
  readonly approval?: string;
}

/**
 * Carries a plan out to its end and answers what each device reported. A run of that id that exists is found instead.
 * @throws HomeError `RequestIdReused`; `RunFailed` when the workflow itself broke
 */
export const startRun = async (
  deployment: Deployment,
  caller: Caller,
  access: HomeAccess,
  { plan, hash, requestedAtMs, ...asked }: NewRun,
): Promise<unknown> => {
  const home = homeOf(access);
  const about = homeNameIn(access);
  const { role, reason: visitReason } = access.about;
  const run: RunRequest = {
    ...asked,
    scene: plan.scene,
    caller,
    role,
    ...(visitReason === undefined ? {} : { visitReason }),
    requestedAt: new Date(requestedAtMs).toISOString(),
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
    const earlier = await findEarlierRun(deployment.auditTableName, access, {
      run: run.id,
      requestId: asked.requestId ?? "",
      isSame: (one) => isSameRequest(plan, one),
    });
    if (earlier !== undefined) return earlier;
    throw new HomeError("RunUnknown", `The run ${run.id} is recorded, but cannot be found.`);
  }
  return end.output;
};

// Integrations put what a service answered into the cause, e.g. "… (Service: AmazonDynamoDBv2; Status Code: 400; Error
// Code: AccessDeniedException; …)". The code may leave the house; the rest of the cause names roles and resources.
const nameFailure = (end: { readonly error: string; readonly cause: string }): string => {
  const code = /Error Code: (\w+)/.exec(end.cause)?.[1];
  return code === undefined ? end.error : `${end.error}, ${code}`;
};
