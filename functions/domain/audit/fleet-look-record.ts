import type { Caller } from "#domain/access/caller.ts";
import { FORMAT } from "#domain/format.ts";
import { fleetAccessKey } from "#domain/home/keys.ts";
import type { AuditRecord } from "./audit-record.ts";
import type { FleetPosition, FleetResult } from "./fleet-runs.ts";

/** A look at one page of the list of all homes' runs. */
export interface FleetLook {
  readonly tool: string;
  /** The day whose runs are looked at. */
  readonly day: string;
  readonly result?: FleetResult;
  /** What the page follows; the first follows nothing. */
  readonly after?: FleetPosition;
  /** ISO 8601. */
  readonly at: string;
  /** Tells two looks of one moment apart. */
  readonly id: string;
}

/** The record of a look at all homes, written before it is answered. */
export const fleetLookRecord = (
  caller: Caller,
  { tool, day, result, after, at, id }: FleetLook,
): AuditRecord => ({
  PK: fleetAccessKey(at.slice(0, 10)),
  SK: `${at}#${id}`,
  v: FORMAT,
  sub: caller.sub,
  ...(caller.username === undefined ? {} : { username: caller.username }),
  clientId: caller.clientId,
  role: "operator",
  tool,
  day,
  ...(result === undefined ? {} : { result }),
  ...(after === undefined ? {} : { after: after.run }),
  at,
});
