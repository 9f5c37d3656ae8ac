import { refuseOtherFormat } from "#domain/format.ts";
import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { shown } from "#domain/printable.ts";
import { type DeviceOptions, parseDeviceOptions } from "./device-options.ts";
import { type HomePlace, thingOf } from "./home-place.ts";
import { isName } from "./is-name.ts";
import { DEVICE_KINDS, type DeviceKind, isDeviceKind } from "./vocabulary.ts";

/** A device's id: lower-case words joined by `_`, e.g. `front_door`; its own in its home. */
export type DeviceId = string;

/** One device of the home. */
export interface Device extends DeviceOptions {
  readonly id: DeviceId;
  /** What people call it, e.g. `Front door`. */
  readonly name: string;
  readonly aliases: readonly string[];
  /** What it can be asked for; `sensor` is what reports and is never commanded. */
  readonly kind: DeviceKind | "sensor";
  readonly room: string;
  /** The AWS IoT thing whose classic shadow is this device's: `<home>-<id>`, e.g. `home-front_door`. */
  readonly thing: string;
  /** How long it may take to acknowledge, in seconds, where that differs from its kind's. */
  readonly windowSeconds?: number;
  /** What a cover covers: whether it is a way into the house. */
  readonly deviceClass?: CoverClass;
}

/** A device that can be commanded. */
export type CommandableDevice = Device & { readonly kind: DeviceKind };

/** Can this device be commanded? */
export const isCommandable = (device: Device): device is CommandableDevice =>
  device.kind !== "sensor";

/** Home Assistant's words, https://www.home-assistant.io/integrations/cover/#device-class. */
export const COVER_CLASSES = [
  "awning",
  "blind",
  "curtain",
  "damper",
  "door",
  "garage",
  "gate",
  "shade",
  "shutter",
  "window",
] as const;

/** What a cover covers. */
export type CoverClass = (typeof COVER_CLASSES)[number];

/** The class of that name; undefined for one that there is not. */
export const coverClassNamed = (name: unknown): CoverClass | undefined =>
  COVER_CLASSES.find((one) => one === name);

const ID = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;
/** Express workflows end after five minutes; a window beyond that could never be waited for. */
export const MAX_WINDOW_SECONDS = 240;

/**
 * Reads one device record of a home. Its thing is the home's: a record that names another one would let this home
 * command somebody else's device.
 * @throws HomeError `FormatUnknown`; `DeviceInvalid`, naming the device and the member.
 */
export const parseDevice = (value: unknown, place: HomePlace): Device => {
  if (!isObject(value)) throw new HomeError("DeviceInvalid", "A device must be an object.");
  const { id, name, kind, room, thing, windowSeconds } = value;
  refuseOtherFormat(value, `Device ${shown(id ?? value)}`);
  const wrong = (what: string): HomeError =>
    new HomeError("DeviceInvalid", `Device ${shown(id ?? value)}: ${what}`);
  if (typeof id !== "string" || !ID.test(id) || id.length > 64) {
    throw wrong("id must be lower-case words joined by _, e.g. front_door.");
  }
  if (!isName(name)) throw wrong("name must be a text of 1 to 64 characters.");
  if (!isDeviceKind(kind) && kind !== "sensor") {
    throw wrong(`kind must be one of ${[...DEVICE_KINDS, "sensor"].join(", ")}.`);
  }
  if (!isName(room)) throw wrong("room must be a text of 1 to 64 characters.");
  const own = thingOf(place, id);
  if (thing !== undefined && thing !== own)
    throw wrong(`thing must be ${own}, not ${shown(thing)}.`);
  if (windowSeconds !== undefined && !isWindow(windowSeconds)) {
    throw wrong(`windowSeconds must be a number above 0 and up to ${MAX_WINDOW_SECONDS}.`);
  }
  const deviceClass = coverClassNamed(value.deviceClass);
  if (value.deviceClass !== undefined && (kind !== "cover" || deviceClass === undefined)) {
    throw wrong(`deviceClass is of covers, and one of ${COVER_CLASSES.join(", ")}.`);
  }
  return {
    id,
    name,
    aliases: parseAliases(value.aliases, (what) => wrong(what)),
    kind,
    room,
    thing: own,
    ...(windowSeconds === undefined ? {} : { windowSeconds }),
    ...(deviceClass === undefined ? {} : { deviceClass }),
    ...parseDeviceOptions(kind, value, wrong),
  };
};

/** Is this a number of seconds that a run can wait? */
export const isWindow = (value: unknown): value is number =>
  typeof value === "number" && value > 0 && value <= MAX_WINDOW_SECONDS;

/** Reads a list of further names. */
export const parseAliases = (
  value: unknown,
  wrong: (what: string) => HomeError,
): readonly string[] => {
  if (value === undefined) return [];
  if (!Array.isArray(value) || !value.every(isName)) {
    throw wrong("aliases must be a list of texts of 1 to 64 characters.");
  }
  return value;
};
