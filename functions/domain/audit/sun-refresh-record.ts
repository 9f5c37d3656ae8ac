import { FORMAT, requireFormat } from "#domain/format.ts";
import { SUN_REFRESHES_KEY } from "#domain/home/keys.ts";
import { HomeError } from "#domain/home-error.ts";
import type { AuditRecord } from "./audit-record.ts";

/** One daily refresh of what is placed for single days: sunrise, sunset, the run after a gap. */
export interface SunRefresh {
  /** ISO 8601. */
  readonly at: string;
  /** How many homes and schedules it looked at, and how many firings it placed. */
  readonly homes: number;
  readonly schedules: number;
  readonly placed: number;
  /** Homes and schedules that it could not refresh, each with the reason. */
  readonly failures: readonly string[];
}

/** The record of a refresh, written at its end: the newest tells how old the plan of the coming days is. */
export const sunRefreshRecord = (refresh: SunRefresh): AuditRecord => ({
  PK: SUN_REFRESHES_KEY,
  SK: refresh.at,
  v: FORMAT,
  ...refresh,
});

/**
 * Reads a refresh's record.
 * @throws HomeError `FormatUnknown`; `RecordInvalid`, naming the record
 */
export const parseSunRefreshRecord = (item: Readonly<Record<string, unknown>>): SunRefresh => {
  const record = `Sun refresh ${String(item.SK)}`;
  requireFormat(item, record);
  const { at, homes, schedules, placed, failures } = item;
  if (
    typeof at !== "string" ||
    Number.isNaN(Date.parse(at)) ||
    typeof homes !== "number" ||
    typeof schedules !== "number" ||
    typeof placed !== "number" ||
    !Array.isArray(failures) ||
    !failures.every((one) => typeof one === "string")
  ) {
    throw new HomeError("RecordInvalid", `${record} does not say when and what it refreshed.`);
  }
  return { at, homes, schedules, placed, failures };
};
