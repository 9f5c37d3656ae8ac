import { RUN_LIMIT_MS } from "#domain/run/run.ts";
import type { AuditReader, Item } from "./audit-reader.ts";

/** A run's request, and how the run ended. */
export interface EndedRun {
  readonly request: Item;
  /** The recorded result; without one the run goes on, or was cut off. */
  readonly end: string;
  /** Devices that were asked, of a run with a result. */
  readonly devices?: number;
  /** Those of them that confirmed in time, or were so already. */
  readonly confirmed?: number;
  /** Acknowledgements on record, of a run without a result. */
  readonly acknowledged?: number;
}

const isConfirmed = (device: Item): boolean =>
  device.outcome === "confirmed" || device.outcome === "already_there";

/** Finds out how runs ended, by their outcome records, as of `nowMs`. */
export const runEnds = async (
  audit: AuditReader,
  requests: readonly Item[],
  nowMs: number,
): Promise<readonly EndedRun[]> => {
  const outcomes = await audit.outcomesOf(requests.map(({ run }) => String(run)));
  const ends: EndedRun[] = [];
  for (const request of requests) {
    const run = String(request.run);
    const outcome = outcomes.get(run);
    if (outcome === undefined) {
      const isOver = nowMs > Date.parse(String(request.requestedAt)) + RUN_LIMIT_MS;
      const acknowledged = await audit.countAcknowledgements(run);
      ends.push({ request, end: isOver ? "cut off" : "still running", acknowledged });
    } else {
      const devices = (outcome.devices ?? []) as readonly Item[];
      const confirmed = devices.filter(isConfirmed).length;
      ends.push({ request, end: String(outcome.result), devices: devices.length, confirmed });
    }
  }
  return ends;
};
