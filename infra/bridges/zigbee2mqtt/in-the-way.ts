import type { HubDevice } from "./hub-device.ts";
import { type HubInfo, hasReports, optionsOf } from "./hub-info.ts";
import { isHeldBackByWishes } from "./parts.ts";

const SPOILING = ["debounce", "throttle", "filtered_attributes"] as const;

/** The settings of a Zigbee2MQTT that stand in the way of the truth, each with what to do about it. */
export const settingsInTheWay = (
  info: HubInfo,
  devices: readonly HubDevice[],
): readonly string[] => {
  const { version, hasRaw, advanced, isAvailabilityOn, deviceOptions } = info;
  const lines: string[] = [];
  if (!hasRaw) {
    lines.push(
      `Zigbee2MQTT ${version ?? "of this version"} cannot be asked for a device's own answer (since 2.7.0): nothing would be confirmed. Update it.`,
    );
  }
  if (!isAvailabilityOn) {
    lines.push(
      "availability is off: a device that lost its power is told offline only when it is asked. Set availability.enabled: true.",
    );
  }
  if (advanced.log_level === "warning") {
    lines.push(
      "advanced.log_level is warning: an error that is told twice is published once. Set it to info.",
    );
  }
  if (advanced.output === "attribute") {
    lines.push("advanced.output is attribute: states are not published whole. Set it to json.");
  }
  for (const option of SPOILING) {
    if (deviceOptions[option] !== undefined) {
      lines.push(`device_options.${option} delays or hides what devices say. Remove it.`);
    }
  }
  for (const device of devices) {
    const own = optionsOf(info, device);
    for (const option of SPOILING) {
      if (own[option] !== undefined && deviceOptions[option] === undefined) {
        lines.push(`${device.name}: ${option} delays or hides what it says. Remove it.`);
      }
    }
    if (!hasReports(info, device) && isHeldBackByWishes(device)) {
      lines.push(
        `${device.name}: what is published of it may be a wish, and not all of it can be asked for (NOT_VERIFIABLE). Set optimistic: false for it.`,
      );
    }
    if (own.retain === true) {
      lines.push(
        `${device.name}: retain keeps its states at the broker, where they look new. Set it to false.`,
      );
    }
    if (own.disabled === true)
      lines.push(`${device.name}: it is disabled, and cannot be commanded.`);
  }
  return lines;
};
