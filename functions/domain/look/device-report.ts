import { requireFormat } from "#domain/format.ts";
import type { ReportedState } from "#domain/home/vocabulary.ts";
import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { isRunId } from "#domain/run/run.ts";

/** What a device reported at a moment: an answer to a run's command, or a change that no command asked for. */
export interface DeviceReport {
  readonly atMs: number;
  /** The run that it answered. */
  readonly run?: string;
  readonly stage?: number;
  /** What it says of the command. */
  readonly status?: string;
  readonly before?: ReportedState;
  readonly after: ReportedState;
}

/**
 * Reads a record of the index byDevice.
 * @throws HomeError `FormatUnknown`, `RecordInvalid`
 */
export const parseDeviceReport = (item: Readonly<Record<string, unknown>>): DeviceReport => {
  const record = `Report ${String(item.PK)} ${String(item.SK)}`;
  requireFormat(item, record);
  const { acknowledgedAt, before, after, command } = item;
  if (typeof acknowledgedAt !== "number" || !isObject(after)) {
    throw new HomeError("RecordInvalid", `${record}: it must say what was reported, and when.`);
  }
  const { run, stage, status } = isObject(command) ? command : {};
  // The key says which run it belongs to; the device's own word must be the form of one.
  const isAnswer = typeof run === "string" && isRunId(run) && String(item.PK).endsWith(`#${run}`);
  return {
    atMs: acknowledgedAt,
    ...(isAnswer ? { run } : {}),
    ...(isAnswer && typeof stage === "number" ? { stage } : {}),
    ...(isAnswer && typeof status === "string" ? { status } : {}),
    ...(isObject(before) ? { before } : {}),
    after,
  };
};
