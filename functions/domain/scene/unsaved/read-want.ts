import type { CommandableDevice } from "#domain/home/device.ts";
import type { Field } from "#domain/home/kinds/capability.ts";
import {
  CAPABILITIES,
  completeState,
  type DeviceKind,
  isDeviceKind,
  parseWantedState,
  type WantedState,
} from "#domain/home/vocabulary.ts";
import { HomeError } from "#domain/home-error.ts";
import { isObject, parseJsonObject } from "#domain/json.ts";
import { shown } from "#domain/printable.ts";
import { convertState, SAME_AS_FIELD } from "#domain/scene/definition/home-assistant-state.ts";

/** A wanted state as somebody wrote it, before it is known of which kind of device. */
export interface ReadWant {
  /** The kind that it names itself: `{"light": {"on": true}}`. */
  readonly kind?: DeviceKind;
  /** `off`, `locked`, `closed` and the like. */
  readonly word?: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** It says on or off, and no more: of several devices lights, plugs, fans and humidifiers are meant. */
  readonly isSwitch: boolean;
}

// Nobody who turns everything off means to unlock or to open.
const SWITCHED: readonly DeviceKind[] = ["light", "plug", "fan", "humidifier"];

const SHAPE =
  'It must be a word such as "off", "locked" or "closed", or values such as {"on":true,"brightness":40}, {"position":0}, {"targetC":19}.';

/**
 * Reads a wanted state: a word, values, values under their kind, or the JSON text of such.
 * @throws HomeError `StateInvalid`, with the shape
 */
export const readWant = (want: unknown, name: string): ReadWant => {
  const value = typeof want === "string" ? (parseJsonObject(want) ?? want) : want;
  if (typeof value === "boolean") return wordOnly(value ? "on" : "off");
  if (typeof value === "string" && value.trim() !== "") return wordOnly(wordOf(value, name));
  if (!isObject(value) || Object.keys(value).length === 0) {
    throw new HomeError("StateInvalid", `The state of ${shown(name)} is ${shown(want)}. ${SHAPE}`);
  }
  const [key, ...more] = Object.keys(value);
  if (more.length === 0 && isDeviceKind(key) && isObject(value[key])) {
    return { kind: key, ...fieldsOf(value[key], name) };
  }
  return fieldsOf(value, name);
};

const wordOnly = (word: string): ReadWant => ({
  word,
  fields: {},
  isSwitch: word === "on" || word === "off",
});

const wordOf = (text: string, name: string): string => {
  const word = text.trim().toLowerCase();
  if (word !== "toggle") return word;
  throw new HomeError(
    "StateInvalid",
    `${name}: toggle is not accepted, because a repeated command would undo it. Send the wanted state, such as {"on":true}.`,
  );
};

const fieldsOf = (
  { state, ...rest }: Readonly<Record<string, unknown>>,
  name: string,
): Omit<ReadWant, "kind"> => {
  const fields = Object.fromEntries(
    Object.entries(rest).filter(([, value]) => value !== null && value !== ""),
  );
  const isNothingElse = Object.keys(fields).length === 0;
  if (typeof state === "boolean") return { ...wordOnly(state ? "on" : "off"), fields };
  if (typeof state === "string" && state.trim() !== "") {
    const said = wordOnly(wordOf(state, name));
    return { ...said, fields, isSwitch: said.isSwitch && isNothingElse };
  }
  return { fields, isSwitch: Object.keys(fields).join() === "on" };
};

/** Of some kinds those that could be asked for it. */
export const kindsThatTake = (
  { word, fields, isSwitch }: ReadWant,
  kinds: readonly DeviceKind[],
): readonly DeviceKind[] => {
  if (isSwitch) return kinds.filter((kind) => SWITCHED.includes(kind));
  return kinds.filter((kind) => {
    const known = CAPABILITIES[kind].fields;
    const hasAll = Object.keys(fields).every((name) => Object.hasOwn(known, fieldFor(kind, name)));
    return hasAll && (word === undefined || !("refused" in spoken(kind, word)));
  });
};

/**
 * The whole state of a device that it means.
 * @throws HomeError `StateInvalid`, naming the device, the field and what it may be
 */
export const wantedOf = (device: CommandableDevice, want: ReadWant): WantedState => {
  const { kind, name } = device;
  if (want.kind !== undefined && want.kind !== kind) {
    throw new HomeError(
      "StateInvalid",
      `${name} is a ${kind}, not a ${want.kind}; send such as ${CAPABILITIES[kind].example}.`,
    );
  }
  const said = want.word === undefined ? { values: {} } : spoken(kind, want.word);
  if ("refused" in said) {
    throw new HomeError(
      "StateInvalid",
      `${name}: ${said.refused}. It is a ${kind}; send such as ${CAPABILITIES[kind].example}.`,
    );
  }
  const known = CAPABILITIES[kind].fields;
  const fields = Object.fromEntries(
    Object.entries(want.fields).map(([given, value]) => {
      const field = fieldFor(kind, given);
      return [field, readText(Object.hasOwn(known, field) ? known[field] : undefined, value)];
    }),
  );
  return completeState(
    parseWantedState(kind, { [kind]: { ...said.values, ...fields } }, name, device),
    name,
  );
};

const spoken = (kind: DeviceKind, word: string) =>
  convertState(kind, { state: word, attributes: {} });

// A model that knows Home Assistant says brightness_pct and temperature; those have the very same scale.
const fieldFor = (kind: DeviceKind, name: string): string => {
  if (Object.hasOwn(CAPABILITIES[kind].fields, name)) return name;
  return (Object.hasOwn(SAME_AS_FIELD, name) ? SAME_AS_FIELD[name] : undefined) ?? name;
};

// "40", "40 %" and "true" are what some models send for 40 and true.
const readText = (field: Field | undefined, value: unknown): unknown => {
  if (typeof value !== "string") return value;
  if (field?.type === "number") {
    const [, number] = /^(-?\d+(?:\.\d+)?) ?%?$/.exec(value.trim()) ?? [];
    return number === undefined ? value : Number(number);
  }
  if (field?.type !== "boolean") return value;
  const word = value.trim().toLowerCase();
  if (word === "true" || word === "on") return true;
  return word === "false" || word === "off" ? false : value;
};
