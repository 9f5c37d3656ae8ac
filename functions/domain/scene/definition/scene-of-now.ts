import { type CommandableDevice, type Device, isCommandable } from "#domain/home/device.ts";
import { commandableState, type ReportedState } from "#domain/home/vocabulary.ts";
import { isObject } from "#domain/json.ts";

/** The entities of a definition that asks devices for what they are now, and those of which that cannot be said. */
export interface StatesOfNow {
  readonly entities: Readonly<Record<string, unknown>>;
  /** They never reported anything that could be asked of them, or are sensors. */
  readonly unsaid: readonly string[];
}

/** What devices are now, as a definition says it. */
export const statesOfNow = (
  devices: readonly Device[],
  reported: (device: CommandableDevice) => ReportedState | undefined,
): StatesOfNow => {
  const now = devices.map((device) => {
    const state = isCommandable(device) ? wholeState(device, reported(device)) : undefined;
    return { id: device.id, state };
  });
  return {
    entities: Object.fromEntries(
      now.flatMap(({ id, state }) => (state === undefined ? [] : [[id, state] as const])),
    ),
    unsaid: now.filter(({ state }) => state === undefined).map(({ id }) => id),
  };
};

// What a lamp that is off last was is no state of it; a lamp in an effect or with a temperature has no hue besides.
const wholeState = (device: CommandableDevice, state: ReportedState | undefined): unknown => {
  const values =
    state === undefined ? undefined : commandableState(device.kind, state)[device.kind];
  if (!isObject(values) || Object.keys(values).length === 0) return undefined;
  const isOff = values.on === false || values.playback === "off" || values.mode === "off";
  const off = ["on", "playback", "mode"].filter((name) => Object.hasOwn(values, name));
  if (isOff) return { [device.kind]: Object.fromEntries(off.map((name) => [name, values[name]])) };
  const { hue, saturation, ...rest } = values;
  const isWhite = values.colorTempK !== undefined || hue === undefined;
  return { [device.kind]: isWhite ? rest : values };
};
