import { FORMAT, requireFormat } from "#domain/format.ts";
import type { HomeId } from "#domain/home/home-id.ts";
import { dayShard, homeDay, OUTCOME_KEY, runKey } from "#domain/home/keys.ts";
import { isDeviceKind, parseWantedState, type WantedState } from "#domain/home/vocabulary.ts";
import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import type { CutOff } from "#domain/run/cut-off/cut-off.ts";
import { type DeviceOutcome, isOutcome } from "#domain/run/outcome.ts";
import type { RunResult } from "#domain/run/run-result.ts";
import type { AuditRecord } from "./audit-record.ts";

/** How a run ended, as it was recorded. */
export interface RecordedOutcome {
  readonly outcomes: readonly DeviceOutcome[];
  readonly finishedAt: string;
  /** Only of a run that was cut off. */
  readonly cutOff?: CutOff;
}

/**
 * The record of how a run ended: for each device what was asked, its state before and after, when it was asked and
 * when it acknowledged (epoch milliseconds), and its outcome. `homeDay`, `dayShard` and `requestedAt` are the request's, so
 * that the end of a run stands beside its beginning in the indexes byHomeDay and byFleetDay. `judgedBy` are the
 * hashes of the request's record and of the acknowledgements': whoever deletes one of them before it is sealed is found by
 * this one.
 */
export const outcomeRecord = (
  home: HomeId,
  result: RunResult,
  outcomes: readonly DeviceOutcome[],
  judgedBy: readonly string[],
): AuditRecord => ({
  PK: runKey(home, result.run_id),
  SK: OUTCOME_KEY,
  v: FORMAT,
  home,
  homeDay: homeDay(home, result.requested_at.slice(0, 10)),
  dayShard: dayShard(home, result.requested_at.slice(0, 10)),
  run: result.run_id,
  scene: result.scene,
  result: result.result,
  say: result.say,
  planHash: result.plan_hash,
  requestedAt: result.requested_at,
  finishedAt: result.finished_at,
  deviceCount: result.devices,
  confirmedCount: result.confirmed + result.already_there,
  devices: outcomes,
  ...(result.cut_off === undefined ? {} : { cutOff: result.cut_off }),
  judgedBy,
});

/**
 * Reads an outcome's record.
 * @throws HomeError `FormatUnknown`; `RecordInvalid`, naming the record, the device and the member
 */
export const parseOutcomeRecord = (item: Readonly<Record<string, unknown>>): RecordedOutcome => {
  const record = `Outcome record ${String(item.PK)}`;
  requireFormat(item, record);
  const wrong = (what: string, cause?: unknown): HomeError =>
    new HomeError("RecordInvalid", `${record}: ${what}`, { cause });
  const { devices, finishedAt } = item;
  if (typeof finishedAt !== "string" || Number.isNaN(Date.parse(finishedAt))) {
    throw wrong("finishedAt must be a time.");
  }
  if (!Array.isArray(devices)) throw wrong("devices must be a list.");
  return {
    outcomes: devices.map((one: unknown) => parseDeviceOutcome(one, wrong)),
    finishedAt,
    ...(item.cutOff === undefined ? {} : { cutOff: parseCutOff(item.cutOff, wrong) }),
  };
};

const parseCutOff = (value: unknown, wrong: (what: string) => HomeError): CutOff => {
  const withdrawn = isObject(value) ? value.withdrawn : undefined;
  if (Array.isArray(withdrawn) && withdrawn.every((one) => typeof one === "string")) {
    return { withdrawn };
  }
  throw wrong("cutOff.withdrawn must be a list of devices.");
};

const parseDeviceOutcome = (
  value: unknown,
  wrong: (what: string, cause?: unknown) => HomeError,
): DeviceOutcome => {
  if (!isObject(value)) throw wrong("a device must be an object.");
  const { device, name, stage, stageName, outcome, reason, before, after } = value;
  const { askedAtMs, acknowledgedAtMs, windowSeconds } = value;
  if (typeof device !== "string") throw wrong("a device's id must be a text.");
  const its = (member: string, what: string): HomeError => wrong(`${device}.${member} ${what}`);
  if (typeof name !== "string") throw its("name", "must be a text.");
  if (typeof stage !== "number") throw its("stage", "must be a number.");
  if (typeof stageName !== "string") throw its("stageName", "must be a text.");
  if (!isOutcome(outcome)) throw its("outcome", "must be one of the words for it.");
  if (reason !== undefined && typeof reason !== "string") throw its("reason", "must be a text.");
  if (before !== undefined && !isObject(before)) throw its("before", "must be an object.");
  if (after !== undefined && !isObject(after)) throw its("after", "must be an object.");
  if (askedAtMs !== undefined && typeof askedAtMs !== "number") {
    throw its("askedAtMs", "must be a number.");
  }
  if (acknowledgedAtMs !== undefined && typeof acknowledgedAtMs !== "number") {
    throw its("acknowledgedAtMs", "must be a number.");
  }
  if (typeof windowSeconds !== "number") throw its("windowSeconds", "must be a number.");
  return {
    device,
    name,
    stage,
    stageName,
    outcome,
    ...(reason === undefined ? {} : { reason }),
    asked: parseAsked(value.asked, device, wrong),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    ...(askedAtMs === undefined ? {} : { askedAtMs }),
    ...(acknowledgedAtMs === undefined ? {} : { acknowledgedAtMs }),
    windowSeconds,
  };
};

const parseAsked = (
  asked: unknown,
  device: string,
  wrong: (what: string, cause?: unknown) => HomeError,
): WantedState => {
  const [kind] = isObject(asked) ? Object.keys(asked) : [];
  if (!isDeviceKind(kind)) throw wrong(`${device}.asked must be a wanted state.`);
  try {
    return parseWantedState(kind, asked, device);
  } catch (cause) {
    if (!(cause instanceof HomeError)) throw cause;
    throw wrong(`${device}.asked must be a wanted state.`, cause);
  }
};
