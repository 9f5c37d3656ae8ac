import { type CommandableDevice, isCommandable } from "#domain/home/device.ts";
import type { Value, Values } from "#domain/home/kinds/capability.ts";
import {
  completeState,
  type DeviceKind,
  isDeviceKind,
  parseWantedState,
  type WantedState,
} from "#domain/home/vocabulary.ts";
import { isObject } from "#domain/json.ts";
import { shown } from "#domain/printable.ts";
import { extremesOf, type Parameters, type ParameterValue } from "#domain/scene/parameter.ts";
import type { Wish } from "./definition.ts";
import { findDevices, type Place } from "./find-devices.ts";
import { type AssistantState, convertState, SAME_AS_FIELD } from "./home-assistant-state.ts";
import { placed } from "./read-condition.ts";
import { type Path, problemAt, type SceneSource } from "./scene-source.ts";

/** A state that a device is to have. */
export interface WantedOfDevice {
  readonly device: CommandableDevice;
  /** With the parameters' defaults. */
  readonly want: WantedState;
  /** By field, the parameter that it takes. */
  readonly from: Readonly<Record<string, string>>;
}

/** What a definition is understood with. */
export interface Reading {
  readonly source: SceneSource;
  readonly home: Place;
  readonly parameters: Parameters;
}

// What "off" and "on" mean for without a kind: nobody who turns everything off means to unlock or to open.
const SWITCHED: readonly DeviceKind[] = ["light", "plug", "fan", "humidifier"];

/**
 * Finds the devices of a wish, and understands its state for each.
 * @throws HomeError `DeviceUnknown`, `NameAmbiguous`, `StateInvalid`, `SceneInvalid` or `ParameterInvalid`, with the place
 */
export const readWish = (wish: Wish, reading: Reading): readonly WantedOfDevice[] => {
  const { source, home } = reading;
  const found = placed(source, wish.path, () => findDevices(wish.name, home));
  const own = ownKindOf(wish.state);
  const { kind } = wish;
  if (kind !== undefined && !isDeviceKind(kind)) {
    throw problemAt(source, "SceneInvalid", wish.path, `${shown(kind)} is no kind of device.`);
  }
  const [first, ...more] = found;
  const isOne = first !== undefined && more.length === 0 && wish.isOfOne;
  const only = kind ?? (isOne ? undefined : own);
  const devices = found.filter(isCommandable).filter((device) => {
    if (isOne) return true;
    return only === undefined ? SWITCHED.includes(device.kind) : device.kind === only;
  });
  if (devices.length === 0) {
    const what =
      first?.kind === "sensor" && isOne
        ? `${first.id} is a sensor, which reports and is never commanded.`
        : `${shown(wish.name)} has no ${only ?? "device that is on or off"}${only === undefined ? "; say the kind" : ""}.`;
    throw problemAt(source, isOne ? "StateInvalid" : "SceneInvalid", wish.path, what);
  }
  return devices.map((device) => readState(device, wish, reading));
};

const readState = (
  device: CommandableDevice,
  { state, statePath }: Wish,
  { source, parameters }: Reading,
): WantedOfDevice => {
  const own = ownKindOf(state);
  const filled = fill(own === undefined ? state : valuesOf(state, own), parameters, (path, what) =>
    problemAt(
      source,
      "ParameterInvalid",
      [...statePath, ...(own === undefined ? [] : [own]), ...path],
      what,
    ),
  );
  const from: Record<string, string> = {};
  for (const [name, parameter] of filled.from) {
    const field = own === undefined ? SAME_AS_FIELD[name] : name;
    if (field === undefined) {
      throw problemAt(
        source,
        "ParameterInvalid",
        [...statePath, name],
        `${name} cannot take a parameter; ${Object.keys(SAME_AS_FIELD).join(", ")} can.`,
      );
    }
    from[field] = parameter;
  }
  const values =
    own === undefined ? convert(device, filled.value, statePath, source) : { [own]: filled.value };
  const want = placed(source, statePath, () =>
    completeState(parseWantedState(device.kind, values, device.id, device), device.id),
  );
  for (const [field, parameter] of Object.entries(from)) {
    // What holds at both ends of a range, or for every choice, needs no check when the scene runs.
    for (const value of extremesOf(parameters[parameter] ?? { type: "boolean", default: true })) {
      placed(source, statePath, () =>
        completeState(
          parseWantedState(device.kind, withField(want, field, value), device.id, device),
          device.id,
        ),
      );
    }
  }
  return { device, want, from };
};

/** A wanted state in which one field has another value. */
export const withField = (want: WantedState, field: string, value: Value): unknown =>
  Object.fromEntries(
    Object.entries(want).map(([kind, values]: [string, Values]) => [
      kind,
      { ...values, [field]: value },
    ]),
  );

const convert = (
  device: CommandableDevice,
  state: unknown,
  path: Path,
  source: SceneSource,
): unknown => {
  const given = assistantState(state);
  if (given === undefined) {
    const what = `the state of ${device.id} must be a word such as "on", or an object; got ${shown(state)}.`;
    throw problemAt(source, "StateInvalid", path, what);
  }
  const conversion = convertState(device.kind, given);
  if ("refused" in conversion) {
    const { refused, attribute } = conversion;
    const at = attribute === undefined || !isObject(state) ? path : [...path, attribute];
    throw problemAt(source, "StateInvalid", at, `${device.id}: ${refused}.`);
  }
  const [stranger] = conversion.left;
  if (stranger !== undefined) {
    const { attribute, because } = stranger;
    throw problemAt(
      source,
      "StateInvalid",
      [...path, attribute],
      `${device.id}: ${attribute}: ${because}.`,
    );
  }
  return { [device.kind]: conversion.values };
};

/** A state as Home Assistant writes it: a word, or an object with the word and attributes; undefined for anything else. */
export const assistantState = (state: unknown): AssistantState | undefined => {
  if (typeof state === "string" || typeof state === "boolean") return { state, attributes: {} };
  if (!isObject(state)) return undefined;
  const { state: word, ...attributes } = state;
  return { ...(word === undefined ? {} : { state: word }), attributes };
};

// {"light": {…}}: the home's own words.
const ownKindOf = (state: unknown): DeviceKind | undefined => {
  if (!isObject(state)) return undefined;
  const [key, ...more] = Object.keys(state);
  return more.length === 0 && isDeviceKind(key) && isObject(state[key]) ? key : undefined;
};

const valuesOf = (state: unknown, kind: DeviceKind): unknown =>
  isObject(state) ? state[kind] : undefined;

/** The values with each `{"parameter": NAME}` replaced by that parameter's default. */
const fill = (
  value: unknown,
  parameters: Parameters,
  wrong: (path: Path, what: string) => Error,
): { readonly value: unknown; readonly from: ReadonlyMap<string, string> } => {
  const from = new Map<string, string>();
  if (!isObject(value)) return { value, from };
  const filled = Object.entries(value).map(([name, one]): [string, unknown] => {
    if (!isObject(one) || Object.keys(one).join() !== "parameter") return [name, one];
    const { parameter } = one;
    const found = typeof parameter === "string" ? defaultOf(parameters, parameter) : undefined;
    if (typeof parameter !== "string" || found === undefined) {
      const known = Object.keys(parameters);
      throw wrong(
        [name],
        `there is no parameter ${shown(parameter)}; ${known.length === 0 ? "the scene has none" : `it has ${known.join(", ")}`}.`,
      );
    }
    from.set(name, parameter);
    return [name, found];
  });
  return { value: Object.fromEntries(filled), from };
};

const defaultOf = (parameters: Parameters, name: string): ParameterValue | undefined =>
  Object.hasOwn(parameters, name) ? parameters[name]?.default : undefined;
