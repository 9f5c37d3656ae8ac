import { isObject } from "#domain/json.ts";
import type { HubDevice } from "./hub-device.ts";

type Members = Readonly<Record<string, unknown>>;

/** Zigbee2MQTT's version, settings and abilities, as `bridge/info` and `bridge/definitions` have them. */
export interface HubInfo {
  readonly version?: string;
  /** It can be asked to send a frame of one's own, with a transaction: since 2.7.0. */
  readonly hasRaw: boolean;
  readonly advanced: Members;
  readonly isAvailabilityOn: boolean;
  /** Those of every device. */
  readonly deviceOptions: Members;
  /** By IEEE address. */
  readonly options: Readonly<Record<string, Members>>;
}

export const parseHubInfo = (info: unknown, definitions: unknown): HubInfo => {
  const config = membersOf(info, "config");
  const { availability } = config;
  const devices = membersOf(config, "devices");
  const actions = isObject(definitions) ? definitions.actions : undefined;
  const version = isObject(info) ? info.version : undefined;
  return {
    ...(typeof version === "string" ? { version } : {}),
    hasRaw: Array.isArray(actions) && actions.includes("raw"),
    advanced: membersOf(config, "advanced"),
    isAvailabilityOn: isObject(availability)
      ? availability.enabled === true
      : availability === true,
    deviceOptions: membersOf(config, "device_options"),
    options: Object.fromEntries(
      Object.keys(devices).map((ieee) => [ieee, membersOf(devices, ieee)]),
    ),
  };
};

/** What is set for a device: its own options over those of every device. */
export const optionsOf = (
  { deviceOptions, options }: HubInfo,
  { ieee }: Pick<HubDevice, "ieee">,
): Members => ({
  ...deviceOptions,
  ...options[ieee],
});

/**
 * Are this device's publications its own reports? With `optimistic`, Zigbee2MQTT's default, they are also what was wished.
 */
export const hasReports = (info: HubInfo, device: Pick<HubDevice, "ieee">): boolean =>
  optionsOf(info, device).optimistic === false;

const membersOf = (value: unknown, name: string): Members => {
  const members = isObject(value) ? value[name] : undefined;
  return isObject(members) ? members : {};
};
