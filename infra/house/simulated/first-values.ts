import type { CommandableDevice } from "#domain/home/device.ts";
import { type DeviceKind, parseWantedState, type ReportedState } from "#domain/home/vocabulary.ts";
import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { commandable, type DeviceValues } from "#house/contract/device-values.ts";

const AT_FIRST: Readonly<Record<DeviceKind, DeviceValues>> = {
  light: { on: false },
  plug: { on: false },
  lock: { locked: true },
  cover: { position: 0 },
  climate: { mode: "heat", targetC: 20, currentC: 20 },
  media: { playback: "off", volume: 20 },
  alarm: { mode: "disarmed" },
  fan: { on: false, speed: 50 },
  vacuum: { activity: "docked" },
  humidifier: { on: false, targetHumidity: 45 },
};

/**
 * What a device starts with: the values given for it over those of its kind.
 * @throws HomeError `StateInvalid` when what is given is of another kind, or a value that could not be commanded.
 */
export const firstValues = (
  device: Pick<CommandableDevice, "id" | "kind">,
  given: ReportedState | undefined,
): DeviceValues => {
  const values = given?.[device.kind] ?? {};
  if (!isObject(values) || (given !== undefined && !Object.hasOwn(given, device.kind))) {
    throw new HomeError(
      "StateInvalid",
      `${device.id}: its first state must be an object with the key "${device.kind}".`,
    );
  }
  const first = { ...AT_FIRST[device.kind], ...values };
  parseWantedState(device.kind, { [device.kind]: commandable(device.kind, first) }, device.id);
  return first;
};
