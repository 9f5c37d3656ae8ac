import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { isPrintable, shown } from "#domain/printable.ts";
import { type AlarmValues, alarm } from "./kinds/alarm.ts";
import type { Capability, Field, Value, Values } from "./kinds/capability.ts";
import { type ClimateValues, climate } from "./kinds/climate.ts";
import { type CoverValues, cover } from "./kinds/cover.ts";
import { type FanValues, fan } from "./kinds/fan.ts";
import { type HumidifierValues, humidifier } from "./kinds/humidifier.ts";
import { type LightValues, light } from "./kinds/light.ts";
import { type LockValues, lock } from "./kinds/lock.ts";
import { type MediaValues, media } from "./kinds/media.ts";
import { type PlugValues, plug } from "./kinds/plug.ts";
import { type VacuumValues, vacuum } from "./kinds/vacuum.ts";
import { isWithinTolerance } from "./tolerance.ts";

/** What may be wanted of each kind, in the words of the contract with devices: absolute values only, human units. */
interface Wanted {
  readonly light: LightValues;
  readonly plug: PlugValues;
  readonly lock: LockValues;
  readonly cover: CoverValues;
  readonly climate: ClimateValues;
  readonly media: MediaValues;
  readonly alarm: AlarmValues;
  readonly fan: FanValues;
  readonly vacuum: VacuumValues;
  readonly humidifier: HumidifierValues;
}

/** What a device can be. Words as in Home Assistant; the Matter cluster of each is in `CAPABILITIES`. */
export type DeviceKind = keyof Wanted;

/** A wanted state: the values of one capability under its name. */
export type WantedState = {
  [Kind in DeviceKind]: { readonly [Key in Kind]: Wanted[Kind] };
}[DeviceKind];

/** What a device reports: the capability's values and whatever the device adds. */
export type ReportedState = Readonly<Record<string, unknown>>;

/** Every capability: its fields, its window, its Matter cluster. The key under `state.desired` is the kind itself. */
export const CAPABILITIES: Readonly<Record<DeviceKind, Capability>> = {
  light,
  plug,
  lock,
  cover,
  climate,
  media,
  alarm,
  fan,
  vacuum,
  humidifier,
};

/** What a device has of its own, beside what its kind has. */
export interface Choices {
  readonly effects?: readonly string[];
  readonly sources?: readonly string[];
}

/** How coarse a device is, by field: it can be set to multiples of this. */
export type Steps = Readonly<Record<string, number>>;

/** All kinds, in the order of the table. */
export const DEVICE_KINDS = Object.keys(CAPABILITIES) as readonly DeviceKind[];

/** Is this text the name of a kind? */
export const isDeviceKind = (text: unknown): text is DeviceKind =>
  typeof text === "string" && Object.hasOwn(CAPABILITIES, text);

/** The acknowledgement window of one command, in seconds: by kind, and for a dimmed light its fade and 5 s. */
export const defaultWindowSeconds = (
  kind: DeviceKind,
  wanted: WantedState,
  transitionSeconds: number,
): number => {
  const { fade, windowSeconds } = CAPABILITIES[kind];
  const asked: readonly Values[] = Object.values(wanted);
  const isFading = fade !== undefined && asked.some((values) => values[fade.field] !== undefined);
  return transitionSeconds + (isFading ? fade.windowSeconds : windowSeconds);
};

/**
 * Reads a wanted state for a device of a kind: exactly one capability, the kind's own, with at least one known field.
 * Without `choices` nothing is known of the device's own effects and sources, and any name of one may pass.
 * @throws HomeError `StateInvalid`, naming the device, the field and what it may be.
 */
export const parseWantedState = (
  kind: DeviceKind,
  value: unknown,
  device: string,
  choices?: Choices,
): WantedState => {
  const wrong = (what: string): HomeError => new HomeError("StateInvalid", `${device}: ${what}`);
  if (!isObject(value)) throw wrong(`the wanted state must be an object such as ${example(kind)}.`);
  const others = Object.keys(value).filter((key) => key !== kind);
  const fields = value[kind];
  if (others.length > 0 || !isObject(fields)) {
    throw wrong(
      `it is a ${kind}; its wanted state must be an object with the one key "${kind}", such as ${example(kind)}` +
        `${others.length > 0 ? ` (got ${shown(others)})` : ""}.`,
    );
  }
  const known = CAPABILITIES[kind].fields;
  if (Object.keys(fields).length === 0) {
    throw wrong(`"${kind}" must ask for something: ${Object.keys(known).join(", ")}.`);
  }
  for (const [name, wanted] of Object.entries(fields)) {
    const field = Object.hasOwn(known, name) ? known[name] : undefined;
    if (field === undefined) {
      throw wrong(
        name === "toggle" || wanted === "toggle"
          ? `toggle is not accepted, because a repeated command would undo it. Send the wanted state, such as ${example(kind)}.`
          : `"${kind}" has no ${shown(name)}; it has ${Object.keys(known).join(", ")}.`,
      );
    }
    const problem = problemWith(field, wanted, choices);
    if (problem !== undefined) throw wrong(`${name} ${problem}`);
  }
  return { [kind]: fields } as unknown as WantedState;
};

/**
 * The whole state that a wanted one means: brightness, colour or a speed imply that it is on, a volume that it plays, a
 * temperature that it heats.
 * @throws HomeError `StateInvalid` for values that contradict each other, naming them
 */
export const completeState = (wanted: WantedState, device: string): WantedState => {
  const capabilities: readonly (readonly [string, Values])[] = Object.entries(wanted);
  const whole = capabilities.map(([kind, values]) => {
    const completed = isDeviceKind(kind) ? CAPABILITIES[kind].complete(values) : { values };
    if ("values" in completed) return [kind, completed.values] as const;
    throw new HomeError("StateInvalid", `${device}: ${completed.contradiction}.`);
  });
  return Object.fromEntries(whole) as unknown as WantedState;
};

const MOST_LETTERS_OF_A_CHOICE = 64;

const problemWithChoice = (
  among: "effects" | "sources",
  value: unknown,
  choices: Choices | undefined,
): string | undefined => {
  const isText =
    typeof value === "string" &&
    value !== "" &&
    value.length <= MOST_LETTERS_OF_A_CHOICE &&
    isPrintable(value);
  if (!isText) return `must be the name of one of its ${among}; got ${shown(value)}.`;
  if (choices === undefined) return undefined;
  const own = choices[among] ?? [];
  if (own.includes(value)) return undefined;
  return own.length === 0
    ? `cannot be asked for: nobody said which ${among} it has.`
    : `must be one of ${own.join(", ")}; got ${shown(value)}.`;
};

const problemWith = (
  field: Field,
  value: unknown,
  choices: Choices | undefined,
): string | undefined => {
  switch (field.type) {
    case "choice":
      return problemWithChoice(field.among, value, choices);
    case "boolean":
      return typeof value === "boolean" ? undefined : `must be true or false; got ${shown(value)}.`;
    case "word":
      return typeof value === "string" && field.words.includes(value)
        ? undefined
        : `must be one of ${field.words.join(", ")}; got ${shown(value)}.`;
    case "number": {
      const fits =
        typeof value === "number" &&
        value >= field.min &&
        value <= field.max &&
        (!field.whole || Number.isInteger(value));
      if (fits) return undefined;
      const hint =
        field.unit === "percent" && typeof value === "number" && value > 100 && value <= 255
          ? ` If you meant the 0-255 scale, send ${Math.round((value / 255) * 100)}.`
          : "";
      return `must be ${field.min}-${field.max} (${field.unit}); got ${shown(value)}.${hint}`;
    }
  }
};

const example = (kind: DeviceKind): string => CAPABILITIES[kind].example;

/**
 * A wanted state as a shadow's `desired`: exactly its values. The kind's others are null, which deletes them; otherwise
 * one that an older wish left there would differ from what the device reports by now, and travel with this wish.
 */
export const exactly = (
  wanted: WantedState,
): Readonly<Record<string, Readonly<Record<string, unknown>>>> =>
  Object.fromEntries(
    Object.entries(wanted).map(([capability, values]) => {
      const fields = isDeviceKind(capability) ? Object.keys(CAPABILITIES[capability].fields) : [];
      const none = Object.fromEntries(fields.map((field) => [field, null]));
      return [capability, { ...none, ...(values as Readonly<Record<string, unknown>>) }];
    }),
  );

/**
 * Of what a device reports, the values that can be commanded: all that a comparison or an undo needs. What else it
 * adds stays in its acknowledgement's record, because a run's outcome must fit where a state machine passes it on.
 */
export const commandableState = (kind: DeviceKind, reported: ReportedState): ReportedState => {
  const values = reported[kind];
  if (!isObject(values)) return {};
  const names = Object.keys(CAPABILITIES[kind].fields);
  return {
    [kind]: Object.fromEntries(
      Object.entries(values).filter(([name, value]) => names.includes(name) && isPlain(value)),
    ),
  };
};

const isPlain = (value: unknown): boolean =>
  typeof value === "boolean" ||
  (typeof value === "number" && Math.abs(value) <= Number.MAX_SAFE_INTEGER) ||
  (typeof value === "string" && value.length <= 64 && isPrintable(value));

/**
 * Does the reported state hold every value that was wanted? Numbers may differ by what their field tolerates, or by half
 * of the device's own step.
 */
export const isAsWanted = (
  wanted: WantedState,
  reported: ReportedState | undefined,
  steps: Steps = {},
): boolean => {
  if (reported === undefined) return false;
  const capabilities: readonly (readonly [string, Values])[] = Object.entries(wanted);
  return capabilities.every(([kind, values]) => {
    const has = reported[kind];
    if (!isObject(has) || !isDeviceKind(kind)) return false;
    const { fields } = CAPABILITIES[kind];
    return Object.entries(values).every(([name, value]) =>
      isSame(fields[name], value, has[name], steps[name]),
    );
  });
};

const isSame = (
  field: Field | undefined,
  wanted: Value | undefined,
  reported: unknown,
  step: number | undefined,
): boolean => {
  if (wanted === reported) return true;
  if (field?.type !== "number") return false;
  if (typeof wanted !== "number" || typeof reported !== "number") return false;
  return isWithinTolerance(field.tolerance, wanted, reported, step);
};

/** A wanted state in a few words, e.g. `on, brightness 40 %` or `locked`. */
export const describeWantedState = (wanted: WantedState): string => {
  const capabilities: readonly (readonly [string, Values])[] = Object.entries(wanted);
  return capabilities
    .flatMap(([kind, values]) => (isDeviceKind(kind) ? CAPABILITIES[kind].describe(values) : []))
    .join(", ");
};
