import { roleNamed } from "#domain/access/membership.ts";
import { FORMAT, requireFormat } from "#domain/format.ts";
import type { DeviceId } from "#domain/home/device.ts";
import type { HomeId } from "#domain/home/home-id.ts";
import { dayShard, homeDay, REQUEST_KEY, runKey } from "#domain/home/keys.ts";
import { HomeError } from "#domain/home-error.ts";
import { parsePlan } from "#domain/run/parse-plan.ts";
import type { Plan } from "#domain/run/plan.ts";
import type { RunRequest } from "#domain/run/run.ts";
import type { AuditRecord } from "./audit-record.ts";
import { parseRecordedCaller } from "./recorded-caller.ts";

/** What was asked for, as it was recorded before anything was sent. */
export interface RecordedRequest {
  readonly request: RunRequest;
  readonly plan: Plan;
  readonly planHash: string;
}

/**
 * The record of a request, written before anything is sent. The plan's text is put beside it by the workflow, so that
 * it travels once. `homeDay` and `requestedAt` are the keys of the index byHomeDay, `dayShard` and `requestedAt` of
 * byFleetDay; `askedDevices` names the devices, so that the list of runs can be asked for one of them without reading plans.
 */
export const requestRecord = (
  home: HomeId,
  request: RunRequest,
  planHash: string,
  askedDevices: readonly DeviceId[],
): AuditRecord => ({
  PK: runKey(home, request.id),
  SK: REQUEST_KEY,
  v: FORMAT,
  home,
  homeDay: homeDay(home, request.requestedAt.slice(0, 10)),
  dayShard: dayShard(home, request.requestedAt.slice(0, 10)),
  run: request.id,
  scene: request.scene,
  caller: request.caller,
  role: request.role,
  ...(request.visitReason === undefined ? {} : { visitReason: request.visitReason }),
  ...(request.reason === undefined ? {} : { reason: request.reason }),
  ...(request.requestId === undefined ? {} : { requestId: request.requestId }),
  ...(request.approval === undefined ? {} : { approval: request.approval }),
  requestedAt: request.requestedAt,
  planHash,
  askedDevices,
});

/**
 * Reads a request's record.
 * @throws HomeError `FormatUnknown`; `RecordInvalid`, naming the record and the member
 */
export const parseRequestRecord = (item: Readonly<Record<string, unknown>>): RecordedRequest => {
  const record = `Run record ${String(item.PK)}`;
  requireFormat(item, record);
  const wrong = (what: string): HomeError => new HomeError("RecordInvalid", `${record}: ${what}`);
  const { run, scene, caller, reason, requestId, requestedAt, plan, planHash } = item;
  const { visitReason, approval } = item;
  const role = roleNamed(item.role);
  if (typeof run !== "string") throw wrong("run must be a text.");
  if (typeof scene !== "string") throw wrong("scene must be a text.");
  if (typeof requestedAt !== "string" || Number.isNaN(Date.parse(requestedAt))) {
    throw wrong("requestedAt must be a time.");
  }
  if (reason !== undefined && typeof reason !== "string") throw wrong("reason must be a text.");
  if (role === undefined) throw wrong("role must be one of the words for it.");
  if (visitReason !== undefined && typeof visitReason !== "string") {
    throw wrong("visitReason must be a text.");
  }
  if (requestId !== undefined && typeof requestId !== "string") {
    throw wrong("requestId must be a text.");
  }
  if (approval !== undefined && typeof approval !== "string") {
    throw wrong("approval must be a text.");
  }
  if (typeof planHash !== "string") throw wrong("planHash must be a text.");
  if (typeof plan !== "string") throw wrong("plan must be a text.");
  return {
    request: {
      id: run,
      scene,
      caller: parseRecordedCaller(caller, wrong),
      role,
      ...(visitReason === undefined ? {} : { visitReason }),
      ...(reason === undefined ? {} : { reason }),
      ...(requestId === undefined ? {} : { requestId }),
      ...(approval === undefined ? {} : { approval }),
      requestedAt,
    },
    plan: parsePlan(plan, record),
    planHash,
  };
};
