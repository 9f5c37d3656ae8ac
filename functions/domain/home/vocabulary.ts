import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { isPrintable, shown } from "#domain/printable.ts";

/** What a device can be. Words as in Home Assistant; the Matter cluster of each is in `CAPABILITIES`. */
export type DeviceKind = "light" | "plug" | "lock" | "cover" | "climate" | "media" | "alarm";

/** A wanted state, in the words of the contract with devices: absolute values only, human units. */
export type WantedState =
  | {
      readonly light: {
        readonly on?: boolean;
        readonly brightness?: number;
        readonly colorTempK?: number;
      };
    }
  | { readonly plug: { readonly on: boolean } }
  | { readonly lock: { readonly locked: boolean } }
  | { readonly cover: { readonly position: number } }
  | { readonly climate: { readonly mode?: ClimateMode; readonly targetC?: number } }
  | { readonly media: { readonly playback?: Playback; readonly volume?: number } }
  | { readonly alarm: { readonly mode: AlarmMode } };

export type ClimateMode = "off" | "heat" | "cool" | "auto";
export type Playback = "playing" | "paused" | "off";
export type AlarmMode = "disarmed" | "armed_home" | "armed_away" | "armed_night" | "armed_vacation";

/** What a device reports: the capability's values and whatever the device adds. */
export type ReportedState = Readonly<Record<string, unknown>>;

type Field =
  | { readonly type: "boolean" }
  | { readonly type: "word"; readonly words: readonly string[] }
  | {
      readonly type: "number";
      readonly min: number;
      readonly max: number;
      readonly unit: string;
      readonly whole: boolean;
    };

interface Capability {
  /** Clusters of the Matter 1.6 Application Cluster Specification that carry this capability; null where Matter has none. */
  readonly matter: string | null;
  readonly fields: Readonly<Record<string, Field>>;
  /** How long a device of this kind may take to acknowledge, in seconds, unless device or scene say otherwise. */
  readonly windowSeconds: number;
}

const PERCENT: Field = { type: "number", min: 0, max: 100, unit: "percent", whole: true };

/** Every capability: its fields, its window, its Matter cluster. The key under `state.desired` is the kind itself. */
export const CAPABILITIES: Readonly<Record<DeviceKind, Capability>> = {
  light: {
    matter: "OnOff 0x0006, LevelControl 0x0008, ColorControl 0x0300",
    fields: {
      on: { type: "boolean" },
      brightness: PERCENT,
      colorTempK: { type: "number", min: 1500, max: 9000, unit: "kelvin", whole: true },
    },
    windowSeconds: 2,
  },
  plug: { matter: "OnOff 0x0006", fields: { on: { type: "boolean" } }, windowSeconds: 2 },
  lock: { matter: "DoorLock 0x0101", fields: { locked: { type: "boolean" } }, windowSeconds: 10 },
  cover: { matter: "WindowCovering 0x0102", fields: { position: PERCENT }, windowSeconds: 60 },
  climate: {
    matter: "Thermostat 0x0201",
    fields: {
      mode: { type: "word", words: ["off", "heat", "cool", "auto"] },
      targetC: { type: "number", min: 5, max: 35, unit: "°C", whole: false },
    },
    windowSeconds: 5,
  },
  media: {
    matter: "MediaPlayback 0x0506, LevelControl 0x0008",
    fields: {
      playback: { type: "word", words: ["playing", "paused", "off"] },
      volume: PERCENT,
    },
    windowSeconds: 5,
  },
  alarm: {
    matter: null,
    fields: {
      mode: {
        type: "word",
        words: ["disarmed", "armed_home", "armed_away", "armed_night", "armed_vacation"],
      },
    },
    windowSeconds: 10,
  },
};

/** All kinds, in the order of the table. */
export const DEVICE_KINDS = Object.keys(CAPABILITIES) as readonly DeviceKind[];

/** Is this text the name of a kind? */
export const isDeviceKind = (text: unknown): text is DeviceKind =>
  typeof text === "string" && Object.hasOwn(CAPABILITIES, text);

// A dimmer answers when its fade is over; infra/house/your-own-device.md, "The words of each kind", tells its makers.
const DIMMER_WINDOW_SECONDS = 5;

/** The acknowledgement window of one command, in seconds: by kind, and for a dimmed light its fade and 5 s. */
export const defaultWindowSeconds = (
  kind: DeviceKind,
  wanted: WantedState,
  transitionSeconds: number,
): number =>
  "light" in wanted && wanted.light.brightness !== undefined
    ? transitionSeconds + DIMMER_WINDOW_SECONDS
    : CAPABILITIES[kind].windowSeconds + transitionSeconds;

/**
 * Reads a wanted state for a device of a kind: exactly one capability, the kind's own, with at least one known field.
 * @throws HomeError `StateInvalid`, naming the device, the field and what it may be.
 */
export const parseWantedState = (kind: DeviceKind, value: unknown, device: string): WantedState => {
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
    const problem = problemWith(field, wanted);
    if (problem !== undefined) throw wrong(`${name} ${problem}`);
  }
  return { [kind]: fields } as unknown as WantedState;
};

const problemWith = (field: Field, value: unknown): string | undefined => {
  switch (field.type) {
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

const EXAMPLES: Readonly<Record<DeviceKind, string>> = {
  light: '{"light":{"on":true,"brightness":40}}',
  plug: '{"plug":{"on":false}}',
  lock: '{"lock":{"locked":true}}',
  cover: '{"cover":{"position":0}}',
  climate: '{"climate":{"mode":"heat","targetC":18.5}}',
  media: '{"media":{"playback":"paused"}}',
  alarm: '{"alarm":{"mode":"armed_night"}}',
};

const example = (kind: DeviceKind): string => EXAMPLES[kind];

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

/** Does the reported state hold every value that was wanted? */
export const isAsWanted = (wanted: WantedState, reported: ReportedState | undefined): boolean => {
  if (reported === undefined) return false;
  return Object.entries(wanted).every(([capability, fields]) => {
    const has = reported[capability];
    return (
      isObject(has) &&
      Object.entries(fields as Record<string, unknown>).every(
        ([name, value]) => has[name] === value,
      )
    );
  });
};

/** A wanted state in a few words, e.g. `on, brightness 40 %` or `locked`. */
export const describeWantedState = (wanted: WantedState): string => {
  if ("light" in wanted) {
    return words([
      onOff(wanted.light.on),
      unit("brightness", wanted.light.brightness, "%"),
      unit("", wanted.light.colorTempK, "K"),
    ]);
  }
  if ("plug" in wanted) return wanted.plug.on ? "on" : "off";
  if ("lock" in wanted) return wanted.lock.locked ? "locked" : "unlocked";
  if ("cover" in wanted) {
    if (wanted.cover.position === 0) return "closed";
    return wanted.cover.position === 100 ? "open" : `${wanted.cover.position} % open`;
  }
  if ("climate" in wanted) {
    return words([wanted.climate.mode, unit("", wanted.climate.targetC, "°C")]);
  }
  if ("media" in wanted) {
    return words([wanted.media.playback, unit("volume", wanted.media.volume, "%")]);
  }
  return wanted.alarm.mode.replace("_", " ");
};

const onOff = (on: boolean | undefined): string | undefined =>
  on === undefined ? undefined : on ? "on" : "off";
const unit = (name: string, value: number | undefined, of: string): string | undefined =>
  value === undefined ? undefined : `${name} ${value} ${of}`.trim();
const words = (parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined).join(", ");
