import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { ACKNOWLEDGEMENT_PREFIX, parseAcknowledgements } from "./acknowledgement.ts";
import type { DeviceOutcome } from "./outcome.ts";
import type { Plan } from "./plan.ts";
import type { RunRequest } from "./run.ts";
import type { RunResult } from "./run-result.ts";
import type { RunRecords } from "./run-view.ts";

/** Partition key of everything about a run. */
export const runKey = (run: string): string => `RUN#${run}`;

const REQUEST_KEY = "RUN";
/** Sort key of a run's outcome. */
export const OUTCOME_KEY = "OUTCOME";

/**
 * The record of a request, written before anything is sent. The plan's text is put beside it by the workflow, so that
 * it travels once. `day` and `requestedAt` are the keys of the index by day.
 */
export const requestRecord = (
  request: RunRequest,
  planHash: string,
): Readonly<Record<string, unknown>> => ({
  PK: runKey(request.id),
  SK: REQUEST_KEY,
  day: request.requestedAt.slice(0, 10),
  run: request.id,
  scene: request.scene,
  caller: request.caller,
  ...(request.reason === undefined ? {} : { reason: request.reason }),
  ...(request.requestId === undefined ? {} : { requestId: request.requestId }),
  requestedAt: request.requestedAt,
  planHash,
});

/**
 * The record of how a run ended: for each device what was asked, its state before and after, when it was asked and
 * when it acknowledged (epoch milliseconds), and its outcome.
 */
export const outcomeRecord = (
  result: RunResult,
  outcomes: readonly DeviceOutcome[],
): Readonly<Record<string, unknown>> => ({
  PK: runKey(result.run_id),
  SK: OUTCOME_KEY,
  run: result.run_id,
  scene: result.scene,
  result: result.result,
  say: result.say,
  planHash: result.plan_hash,
  finishedAt: result.finished_at,
  devices: outcomes,
});

/**
 * Puts a run's items together.
 * @returns undefined when the request's record is missing: there is no such run.
 * @throws HomeError `RecordInvalid`, naming the record.
 */
export const parseRunRecords = (
  items: readonly Readonly<Record<string, unknown>>[],
): RunRecords | undefined => {
  const request = items.find((item) => item.SK === REQUEST_KEY);
  if (request === undefined) return undefined;
  const outcome = items.find((item) => item.SK === OUTCOME_KEY);
  const acknowledgements = parseAcknowledgements(
    items.filter(
      (item) => typeof item.SK === "string" && item.SK.startsWith(ACKNOWLEDGEMENT_PREFIX),
    ),
  );
  const { plan, planHash } = request;
  if (typeof plan !== "string" || typeof planHash !== "string") {
    throw new HomeError("RecordInvalid", `Run record ${String(request.PK)} has no plan.`);
  }
  return {
    request: parseRequest(request),
    plan: parsePlan(plan, request.PK),
    planHash,
    acknowledgements,
    ...(outcome === undefined ? {} : { conclusion: parseConclusion(outcome) }),
  };
};

// Written by planText under a hash; read back, never from a client.
const parsePlan = (text: string, key: unknown): Plan => {
  try {
    return JSON.parse(text) as Plan;
  } catch (cause) {
    throw new HomeError("RecordInvalid", `Run record ${String(key)}: its plan is not JSON.`, {
      cause,
    });
  }
};

const parseRequest = (item: Readonly<Record<string, unknown>>): RunRequest => {
  const { run, scene, caller, reason, requestId, requestedAt } = item;
  if (
    typeof run !== "string" ||
    typeof scene !== "string" ||
    typeof requestedAt !== "string" ||
    !isObject(caller)
  ) {
    throw new HomeError("RecordInvalid", `Run record ${String(item.PK)} is incomplete.`);
  }
  return {
    id: run,
    scene,
    caller: caller as unknown as RunRequest["caller"],
    ...(typeof reason === "string" ? { reason } : {}),
    ...(typeof requestId === "string" ? { requestId } : {}),
    requestedAt,
  };
};

const parseConclusion = (
  item: Readonly<Record<string, unknown>>,
): NonNullable<RunRecords["conclusion"]> => {
  if (!Array.isArray(item.devices) || typeof item.finishedAt !== "string") {
    throw new HomeError("RecordInvalid", `Outcome record ${String(item.PK)} is incomplete.`);
  }
  return {
    outcomes: item.devices as readonly DeviceOutcome[],
    finishedAt: item.finishedAt,
  };
};
