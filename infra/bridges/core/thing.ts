import type { Device } from "#domain/home/device.ts";
import type { ReportedState } from "#domain/home/vocabulary.ts";
import type { DeviceLink, LinkEvents } from "#house/contract/device-link.ts";
import type { Bridge } from "./bridge.ts";
import type { Turnstile } from "./turnstile.ts";

/** A device of the home, and where it is at the hub. */
export interface BoundDevice {
  readonly device: Device;
  readonly address: string;
}

/** One thing that a bridge keeps: it speaks for one device. */
export interface Thing {
  /** Looks how it is, and connects. */
  start(): Promise<void>;
  /** The hub, or the device, came or went. */
  presenceChanged(): void;
  /** Something may have changed. */
  hint(): void;
  /** It sensed this. */
  readings(readings: ReportedState): void;
  stop(): Promise<void>;
}

/** What every thing of a bridge is made with. */
export interface ThingOptions {
  readonly bound: BoundDevice;
  readonly bridge: Bridge;
  /** Reads and sets of the whole bridge pass here. */
  readonly pass: Turnstile;
  /** The hub is there, and knows no reason why the device should not answer. */
  isThere(): boolean;
  openLink(events: LinkEvents): DeviceLink;
  log(line: string): void;
}
