import { FORMAT, requireFormat } from "#domain/format.ts";
import type { HomeId } from "#domain/home/home-id.ts";
import {
  ACKNOWLEDGEMENT_PREFIX,
  OUTCOME_KEY,
  REQUEST_KEY,
  runKey,
  UNDO_KEY,
} from "#domain/home/keys.ts";
import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import type { Acknowledgement } from "#domain/run/acknowledgement.ts";
import { isRunId } from "#domain/run/run.ts";
import type { LeftAlone } from "#domain/run/undo-plan.ts";
import type { Undone } from "#domain/run/undone.ts";
import { parseAcknowledgements } from "./acknowledgement-record.ts";
import type { AuditRecord } from "./audit-record.ts";
import { parseOutcomeRecord, type RecordedOutcome } from "./outcome-record.ts";
import { parseRequestRecord, type RecordedRequest } from "./request-record.ts";

/** Everything that is recorded about a run. */
export interface RunRecords extends RecordedRequest {
  readonly acknowledgements: readonly Acknowledgement[];
  /** Absent while the run goes on. */
  readonly conclusion?: RecordedOutcome;
  /** Of a run that was to be done whole or not at all, and was not: what became of its undo. */
  readonly undone?: Undone;
}

/**
 * Puts a run's items together.
 * @returns undefined when the request's record is missing: there is no such run.
 * @throws HomeError `RecordInvalid` or `FormatUnknown`, naming the record.
 */
export const parseRunRecords = (
  items: readonly Readonly<Record<string, unknown>>[],
): RunRecords | undefined => {
  const request = items.find((item) => item.SK === REQUEST_KEY);
  if (request === undefined) return undefined;
  const outcome = items.find((item) => item.SK === OUTCOME_KEY);
  const undo = items.find((item) => item.SK === UNDO_KEY);
  const acknowledgements = parseAcknowledgements(
    items.filter(
      (item) => typeof item.SK === "string" && item.SK.startsWith(ACKNOWLEDGEMENT_PREFIX),
    ),
  );
  return {
    ...parseRequestRecord(request),
    acknowledgements,
    ...(outcome === undefined ? {} : { conclusion: parseOutcomeRecord(outcome) }),
    ...(undo === undefined ? {} : { undone: parseUndoRecord(undo) }),
  };
};

/** The record of what became of the undo of a run, beside the run's own records; there is one. */
export const undoRecord = (home: HomeId, run: string, undone: Undone, at: Date): AuditRecord => ({
  PK: runKey(home, run),
  SK: UNDO_KEY,
  v: FORMAT,
  home,
  run,
  ...undone,
  at: at.toISOString(),
});

/**
 * Reads such a record.
 * @throws HomeError `FormatUnknown`; `RecordInvalid`, naming the record and the member
 */
export const parseUndoRecord = (item: Readonly<Record<string, unknown>>): Undone => {
  const record = `Undo record ${String(item.PK)}`;
  requireFormat(item, record);
  const wrong = (what: string): HomeError => new HomeError("RecordInvalid", `${record}: ${what}`);
  const { by, leftAlone, refused, why } = item;
  if (refused !== undefined) {
    if (typeof refused === "string" && typeof why === "string") return { refused, why };
    throw wrong("refused and why must be texts.");
  }
  if (!Array.isArray(leftAlone) || !leftAlone.every(isLeftAlone)) {
    throw wrong("leftAlone must be a list of devices, each with its name and why.");
  }
  if (by === undefined) return { leftAlone };
  if (typeof by === "string" && isRunId(by)) return { by, leftAlone };
  throw wrong("by must be a run's id.");
};

const isLeftAlone = (value: unknown): value is LeftAlone =>
  isObject(value) &&
  typeof value.device === "string" &&
  typeof value.name === "string" &&
  typeof value.why === "string";
