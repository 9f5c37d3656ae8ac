import { readFileSync } from "node:fs";
import { join } from "node:path";

/** One call of a function, in milliseconds since the tool was called. */
export interface Invocation {
  readonly function: string;
  readonly atMs: number;
  readonly tookMs: number;
}

/** A table that a run asks: of the homes, or of the records. */
export type AskedTable = "home" | "audit";

/** What the items of one kind that one caller wrote count as: of the table, and of each index. */
export interface Writes {
  readonly by: string;
  readonly table: AskedTable;
  /** The sort key's first word. */
  readonly item: string;
  readonly count: number;
  readonly bytes: number;
  readonly units: number;
  readonly indexUnits: Readonly<Record<string, number>>;
  /** As it is billed while it is kept. */
  readonly storedBytes: number;
  readonly indexStoredBytes: Readonly<Record<string, number>>;
  /** Of these, what goes into a partition that all homes of a day share. */
  readonly unitsInOneDay: number;
}

/** What one caller read from one table. */
export interface Reads {
  readonly by: string;
  readonly table: AskedTable;
  readonly count: number;
  readonly bytes: number;
  readonly units: number;
}

/** Bytes of bodies. */
export interface Traffic {
  readonly requestBytes: number;
  readonly responseBytes: number;
}

/** What a log took. */
export interface LogVolume {
  readonly lines: number;
  readonly bytes: number;
}

/** What one run of a scene took, as the house itself told it. */
export interface MeasuredRun {
  /** From the tool's call to its answer. */
  readonly seconds: number;
  readonly workflowSeconds: number;
  readonly stateTransitions: number;
  /** Devices that each stage commanded. */
  readonly stages: readonly number[];
  readonly invocations: readonly Invocation[];
  readonly functions: Readonly<
    Record<
      string,
      { readonly memoryMb: number; readonly invocations: number; readonly billedMs: number }
    >
  >;
  /** Calls by caller and permission, e.g. `publish-commands iot:Publish`. */
  readonly calls: Readonly<Record<string, number>>;
  /** Bytes of these calls' bodies, there and back. */
  readonly traffic: Readonly<Record<string, Traffic>>;
  /** MQTT messages by what follows `$aws/things/NAME/shadow/`. */
  readonly shadowMessages: Readonly<Record<string, number>>;
  /** Those of them that a device subscribes to, which are sent to it. */
  readonly heardByDevices: readonly string[];
  readonly writes: readonly Writes[];
  readonly reads: readonly Reads[];
  readonly executionLog: LogVolume;
  readonly functionLogs: LogVolume;
}

/** What a device of infra/house subscribes to, as `shadowMessages` names it. */
export const HEARD_BY_DEVICES: readonly string[] = ["update/delta", "get/accepted", "get/rejected"];

/** One goodnight with the demo home's own times, and one with blinds that take as long as real ones. */
export interface Measured {
  /** What was measured: a commit, and `+` when files differed from it. */
  readonly commit: string;
  readonly measuredAt: string;
  readonly scene: string;
  /** Devices in the home; all of them are connected. */
  readonly devices: number;
  /** Of the template: what one caller may ask of the gateway in a minute. */
  readonly callerCallsPerMinute: number;
  readonly quick: MeasuredRun;
  readonly slow: MeasuredRun;
}

/** The committed measurement; `npm run cell-size -- --measure --write` makes it anew. */
export const MEASURED_FILE = join(import.meta.dirname, "measured.json");

/** Reads the committed measurement. A test holds the file to what a house does. */
export const readMeasured = (): Measured =>
  JSON.parse(readFileSync(MEASURED_FILE, "utf8")) as Measured;
