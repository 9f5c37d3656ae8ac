import type { Value } from "#domain/home/kinds/capability.ts";
import type { SensorKind } from "#domain/home/sensors.ts";
import type { DeviceKind, ReportedState } from "#domain/home/vocabulary.ts";
import type { Scale } from "./scale.ts";

/**
 * What a bridge to one sort of hub fills in. The kernel (`run-bridge.ts`) does the rest: one connection a thing, the
 * contract, when to read, what counts as done.
 */
export interface Bridge {
  /** Starts to tell what happens. Called once, before anything else; resolves when the hub has told what it has. */
  events(told: BridgeEvents): Promise<void>;
  /** The devices that the hub has now. */
  discover(): readonly FoundDevice[];
  /** What the device at this address can be asked for, and how it is verified; undefined for one that is not there. */
  capabilities(address: string): Capabilities | undefined;
  /**
   * Tells the device, with all of the hub's own knowledge of it. Never queued by the hub to be done later, and never
   * repeated by itself. An expected failure is an answer; what is thrown is a fault of the bridge.
   */
  set(address: string, asked: Asked, how: SetOptions): Promise<SetAnswer>;
  /** Asks the device itself, not a cache: what it says came after the question. */
  read(address: string, fields: readonly string[], isOver: AbortSignal): Promise<ReadAnswer>;
  close(): Promise<void>;
}

/** The values that are asked for by field, in the words of the device's kind, and nothing else. */
export type Asked = Readonly<Record<string, Value>>;

/** What a bridge tells by itself. */
export interface BridgeEvents {
  /** The hub is there, or away. While it is away nothing of it is online. */
  onHub(isThere: boolean): void;
  /** Joined, left, renamed, able to do something else, online or offline: `discover` shows how it is now. */
  onDevices(): void;
  /** Something may have changed in this device: reason enough to read, and evidence of nothing. */
  onHint(address: string): void;
  /** What the device sensed, by itself: `{"contact":{"open":true}}`. */
  onReadings(address: string, readings: ReportedState): void;
  /** For the log. */
  onTrouble(what: string): void;
}

/** A device as the hub knows it. */
export interface FoundDevice {
  /** What it is known by for as long as it lives, whatever it is called: an IEEE address, a node's id, with its endpoint. */
  readonly address: string;
  /** What people call it at the hub. */
  readonly name: string;
  readonly room?: string;
  readonly groups: readonly string[];
  readonly model?: string;
  /** Undefined for what the home has no word for, such as a remote control. */
  readonly capabilities?: Capabilities;
  /** The hub knows no reason why it should not answer. */
  readonly isOnline: boolean;
  /** Why no bridge can be kept with it as it is: its interview failed, it is disabled. */
  readonly trouble?: string;
}

/** What a device can be asked for and what it senses. */
export interface Capabilities {
  readonly kind: DeviceKind | "sensor";
  /** By field of its kind, how the device holds it; a field that is not here cannot be asked for. */
  readonly fields: Readonly<Record<string, Scale>>;
  readonly senses: readonly SensorKind[];
  /** Sleeps most of the time, so that it is asked first whether it listens, and told nothing when it does not. */
  readonly isSleepy: boolean;
  readonly evidence: Evidence;
}

/**
 * How it is known that a device did what it was told. `read`: it is asked, and its own answer counts. `own word`: its
 * answer to the command itself says that it did it (Z-Wave's Supervision); else it is read. `report`: it cannot be
 * asked, and tells by itself after a change. `none`: nobody can know.
 */
export type Evidence = "read" | "own word" | "report" | "none";

export interface SetOptions {
  readonly transitionSeconds: number;
  /** Aborted when nobody waits for the answer any more. */
  readonly isOver: AbortSignal;
}

/** How telling the device went. */
export type SetAnswer =
  /** The device itself says that it has done it, and is as asked. */
  | { readonly said: "done" }
  /** The hub or the radio took it, or the device has begun. Whether it is done, a read shows. */
  | { readonly said: "taken" }
  | { readonly said: "failed"; readonly reason: FailureReason; readonly detail: string };

/** Why something was not done. The words are those of `functions/domain/run/reasons.ts`. */
export type FailureReason = "UNREACHABLE" | "DEVICE_REFUSED" | "JAMMED" | "NOT_VERIFIABLE";

/** What the device says of itself. */
export type ReadAnswer =
  | {
      readonly said: "values";
      /** By field, in the device's own units, unrounded: what `Scale` understands. What it did not tell is left out. */
      readonly values: Readonly<Record<string, Value>>;
      /** It says so itself, where it can. */
      readonly isJammed?: boolean;
      /** Since it was told last its hub has said that the device refused; in the hub's words. */
      readonly refusal?: string;
      /** It is on its way, and what it says is not yet how it will be. */
      readonly isMoving?: boolean;
    }
  /** `UNREACHABLE`: it does not answer. `NOT_VERIFIABLE`: it answers, and cannot say. */
  | { readonly said: "nothing"; readonly reason: FailureReason; readonly detail: string };
