import { auditItem } from "#adapters/audit-item.ts";
import type { Caller } from "#domain/access/caller.ts";
import { type HomeAccess, homeOf } from "#domain/access/home-access.ts";
import { requestRecord } from "#domain/audit/request-record.ts";
import { devicesOf, type Plan, planText } from "#domain/run/plan.ts";
import type { RunRequest } from "#domain/run/run.ts";

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

/** The same as it is recorded, and what the state machine is started with. */
export interface RunToStart {
  readonly request: RunRequest;
  readonly input: unknown;
}

/** What run-scene is told of a run that somebody who belongs to the home asks for. */
export const workflowInput = (
  caller: Caller,
  access: HomeAccess,
  { plan, hash, requestedAtMs, ...asked }: NewRun,
): RunToStart => {
  const home = homeOf(access);
  const { role, reason: visitReason, name, isOneOfSeveral } = access.about;
  const request: RunRequest = {
    ...asked,
    scene: plan.scene,
    caller,
    role,
    ...(visitReason === undefined ? {} : { visitReason }),
    requestedAt: new Date(requestedAtMs).toISOString(),
  };
  const input = {
    home,
    run: {
      id: request.id,
      requestedAt: request.requestedAt,
      ...(isOneOfSeveral ? { homeName: name } : {}),
    },
    record: auditItem(requestRecord(home, request, hash, devicesOf(plan))),
    plan: planText(plan),
    planHash: hash,
  };
  return { request, input };
};
