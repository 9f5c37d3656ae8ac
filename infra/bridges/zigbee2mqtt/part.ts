import type { Capabilities } from "#bridges/core/bridge.ts";
import type { Scale } from "#bridges/core/scale.ts";
import type { Value } from "#domain/home/kinds/capability.ts";
import type { SensorKind } from "#domain/home/sensors.ts";
import type { DeviceKind } from "#domain/home/vocabulary.ts";
import type { StandardRead } from "./standard-attributes.ts";

/** One field of a device as Zigbee2MQTT has it. */
export interface ZigbeeField {
  readonly field: string;
  /** Between the home's values and those of the property. */
  readonly scale: Scale;
  readonly property: string;
  /** How the device itself is asked, where its cluster has a standard attribute for it. */
  readonly read?: { readonly endpoint: number; readonly standard: StandardRead };
  /** Zigbee2MQTT may turn it round: 100 for 0. */
  readonly mayBeInverted?: true;
  /** Zigbee2MQTT can ask for it by `/get`. */
  readonly canGet: boolean;
}

/** Something that a device senses, by the property that it is published under. */
export interface ZigbeeSense {
  readonly kind: SensorKind;
  readonly property: string;
  value(published: unknown): boolean | number | undefined;
}

/** What of a device is one device of the home: all of it, or one of its endpoints. */
export interface Part {
  /** The IEEE address, and `/left` for an endpoint. */
  readonly address: string;
  readonly ieee: string;
  readonly suffix?: string;
  readonly kind: DeviceKind | "sensor";
  readonly fields: readonly ZigbeeField[];
  readonly senses: readonly ZigbeeSense[];
  readonly capabilities: Capabilities;
  /** What `/set` is published with. */
  payload(asked: Readonly<Record<string, Value>>, transitionSeconds: number): object;
}
