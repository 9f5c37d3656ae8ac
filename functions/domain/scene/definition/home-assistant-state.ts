import type { Value, Values } from "#domain/home/kinds/capability.ts";
import type { DeviceKind } from "#domain/home/vocabulary.ts";
import { shown } from "#domain/printable.ts";
import { type Colour, ofName, ofRgb, ofXy } from "./colours.ts";

// The states and attributes of Home Assistant's scenes, https://www.home-assistant.io/docs/scene/ and the page of each
// integration below https://www.home-assistant.io/integrations/.

/** A state as Home Assistant writes it: its word, and its attributes beside it. */
export interface AssistantState {
  readonly state?: unknown;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** What it says in the home's words, and what of it they cannot say; or why it says nothing. */
export type Conversion =
  | { readonly values: Values; readonly left: readonly Left[] }
  | { readonly refused: string; readonly attribute?: string };

/** An attribute that is not taken over. */
export interface Left {
  readonly attribute: string;
  readonly because: string;
  /** Nobody knows it: it may be a slip of the pen. */
  readonly isUnknown: boolean;
}

/** What a state means for a device of a kind. */
export const convertState = (kind: DeviceKind, given: AssistantState): Conversion => {
  const reading = new Reading(given);
  try {
    const values = reading.known(CONVERTERS[kind](reading));
    return { values, left: reading.left() };
  } catch (problem) {
    if (!(problem instanceof Refused)) throw problem;
    const { message, attribute } = problem;
    return { refused: message, ...(attribute === undefined ? {} : { attribute }) };
  }
};

/** What stands beside a state in what Home Assistant's editor stores, and is no state. */
const INFORMATION =
  /^(friendly_name|icon|entity_picture|entity_id|supported_.*|device_class|assumed_state|attribution|editable|restored|hidden|order|color_mode|(min|max)_.*|.*_(list|modes|step|icon)|current_temperature|current_humidity|hvac_action|action|media_.*|app_(id|name)|available_modes|changed_by|code_(format|arm_required)|battery_level|is_deconz_group|is_hue_group|hue_(scenes|type)|dynamics|last_.*|linkquality|power_consumption|id|group_members|status|unit_of_measurement|next_state|previous_mode|open_sensors|bypassed_sensors|delay|off_brightness|lights|direction)$/;

/** By attribute, the field that holds the very same value: those that a parameter may stand in for. */
export const SAME_AS_FIELD: Readonly<Record<string, string>> = {
  brightness_pct: "brightness",
  color_temp_kelvin: "colorTempK",
  kelvin: "colorTempK",
  effect: "effect",
  position: "position",
  current_position: "position",
  tilt_position: "tilt",
  current_tilt_position: "tilt",
  temperature: "targetC",
  percentage: "speed",
  oscillating: "oscillating",
  humidity: "targetHumidity",
  source: "source",
};

class Refused extends Error {
  readonly attribute: string | undefined;

  constructor(what: string, attribute?: string) {
    super(what);
    this.attribute = attribute;
  }
}

type Draft = Readonly<Record<string, Value | undefined>>;

/** Reads the attributes of one state, and remembers which of them were read. */
class Reading {
  readonly #given: AssistantState;
  readonly #read = new Set<string>();
  readonly #left: Left[] = [];

  constructor(given: AssistantState) {
    this.#given = given;
  }

  /** The state's word; a boolean is the word that YAML 1.1 made it of. */
  word(): string | undefined {
    const { state } = this.#given;
    if (state === undefined || state === null) return undefined;
    if (typeof state === "boolean") return state ? "on" : "off";
    if (typeof state === "string") return state.trim().toLowerCase();
    throw new Refused(`its state must be a word; got ${shown(state)}`, "state");
  }

  wordOf(words: Readonly<Record<string, string | undefined>>): string | undefined {
    const word = this.word();
    if (word === undefined) return undefined;
    const meant = Object.hasOwn(words, word) ? words[word] : undefined;
    if (meant !== undefined) return meant;
    throw new Refused(
      `its state must be one of ${Object.keys(words).join(", ")}; got ${shown(this.#given.state)}`,
      "state",
    );
  }

  isOn(): boolean | undefined {
    const word = this.wordOf({ on: "on", off: "off", true: "on", false: "off" });
    return word === undefined ? undefined : word === "on";
  }

  has(name: string): boolean {
    const { attributes } = this.#given;
    if (!Object.hasOwn(attributes, name)) return false;
    const value = attributes[name];
    // What is null or "None" is not set.
    return value !== null && value !== "None" && value !== "none" && value !== undefined;
  }

  number(name: string, min: number, max: number): number | undefined {
    this.#read.add(name);
    if (!this.has(name)) return undefined;
    const value = this.#given.attributes[name];
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    if (typeof number === "number" && number >= min && number <= max) return number;
    throw new Refused(`${name} must be ${min}-${max}; got ${shown(value)}`, name);
  }

  numbers(name: string, count: number, max: number): readonly number[] | undefined {
    this.#read.add(name);
    if (!this.has(name)) return undefined;
    const value = this.#given.attributes[name];
    const given: readonly unknown[] = Array.isArray(value) ? value : [];
    const numbers = given.filter(
      (one): one is number => typeof one === "number" && one >= 0 && one <= max,
    );
    if (given.length === count && numbers.length === count) return numbers;
    throw new Refused(`${name} must be ${count} numbers of 0-${max}; got ${shown(value)}`, name);
  }

  text(name: string): string | undefined {
    this.#read.add(name);
    if (!this.has(name)) return undefined;
    const value = this.#given.attributes[name];
    if (typeof value === "string") return value;
    throw new Refused(`${name} must be a text; got ${shown(value)}`, name);
  }

  flag(name: string): boolean | undefined {
    this.#read.add(name);
    if (!this.has(name)) return undefined;
    const value = this.#given.attributes[name];
    if (typeof value === "boolean") return value;
    throw new Refused(`${name} must be true or false; got ${shown(value)}`, name);
  }

  /** An attribute that is a state, and that the home's words cannot say. */
  cannotSay(...names: readonly string[]): void {
    for (const attribute of names) {
      this.#read.add(attribute);
      if (!this.has(attribute)) continue;
      this.#left.push({ attribute, because: "the home has no word for it", isUnknown: false });
    }
  }

  /** Attributes that mean nothing in this state, or say again what another one says. */
  pass(...names: readonly string[]): void {
    for (const name of names) this.#read.add(name);
  }

  known(draft: Draft): Values {
    const values = Object.fromEntries(
      Object.entries(draft).filter(([, value]) => value !== undefined),
    );
    if (Object.keys(values).length > 0) return values;
    throw new Refused("it says nothing that can be asked for");
  }

  left(): readonly Left[] {
    const strangers = Object.keys(this.#given.attributes).filter(
      (name) => !this.#read.has(name) && !INFORMATION.test(name) && this.has(name),
    );
    const unknown = strangers.map(
      (attribute): Left => ({
        attribute,
        because: "it is no attribute of such a device",
        isUnknown: true,
      }),
    );
    return [...this.#left, ...unknown];
  }
}

const COLOURS = [
  "color_temp_kelvin",
  "kelvin",
  "color_temp",
  "hs_color",
  "rgb_color",
  "rgbw_color",
  "rgbww_color",
  "xy_color",
  "color_name",
] as const;
const LIGHT = ["brightness", "brightness_pct", "effect", "white", ...COLOURS];

const convertLight = (reading: Reading): Draft => {
  const on = reading.isOn();
  if (on === false) {
    // Home Assistant stores what a lamp last was; a lamp that is off has no colour.
    reading.pass(...LIGHT);
    return { on };
  }
  const share = reading.number("brightness", 0, 255);
  const percent = reading.number("brightness_pct", 0, 100);
  const brightness = percent ?? (share === undefined ? undefined : ofByte(share));
  reading.cannotSay("white");
  const draft = { brightness, effect: reading.text("effect"), ...colourOf(reading) };
  // Level 0 is off in Home Assistant as well.
  if (brightness === 0) return { on: false };
  return { on, ...draft };
};

// Every level above 0 is a lamp that is on.
const ofByte = (share: number): number =>
  share === 0 ? 0 : Math.max(1, Math.round((share / 255) * 100));

const BY_MODE: Readonly<Record<string, readonly (typeof COLOURS)[number][]>> = {
  color_temp: ["color_temp_kelvin", "kelvin", "color_temp"],
  hs: ["hs_color"],
  rgb: ["rgb_color"],
  rgbw: ["rgbw_color"],
  rgbww: ["rgbww_color"],
  xy: ["xy_color"],
  brightness: [],
  onoff: [],
  white: [],
};

const colourOf = (reading: Reading): Draft => {
  const mode = reading.text("color_mode");
  // The editor stores the same colour in all its notations; the mode says which of them is the lamp's own.
  const own = mode !== undefined && Object.hasOwn(BY_MODE, mode) ? BY_MODE[mode] : undefined;
  const chosen = [...(own ?? []), ...(own?.length === 0 ? [] : COLOURS)].find((one) =>
    reading.has(one),
  );
  reading.pass(...COLOURS);
  switch (chosen) {
    case undefined:
      return {};
    case "color_temp_kelvin":
    case "kelvin":
      return { colorTempK: reading.number(chosen, 1, 100_000) };
    case "color_temp": {
      const mireds = reading.number(chosen, 1, 1_000) ?? 1;
      return { colorTempK: Math.round(1_000_000 / mireds) };
    }
    case "hs_color": {
      const [hue = 0, saturation = 0] = reading.numbers(chosen, 2, 360) ?? [];
      return { hue, saturation };
    }
    case "rgb_color": {
      const [red = 0, green = 0, blue = 0] = reading.numbers(chosen, 3, 255) ?? [];
      return coloured(ofRgb(red, green, blue));
    }
    case "rgbw_color":
    case "rgbww_color": {
      const all = reading.numbers(chosen, chosen === "rgbw_color" ? 4 : 5, 255) ?? [];
      const [red = 0, green = 0, blue = 0, ...whites] = all;
      const white = Math.max(...whites);
      return coloured(ofRgb(red + white, green + white, blue + white));
    }
    case "xy_color": {
      const [x = 0, y = 0] = reading.numbers(chosen, 2, 1) ?? [];
      return coloured(ofXy(x, y));
    }
    case "color_name": {
      const name = reading.text(chosen) ?? "";
      const colour = ofName(name);
      if (colour === undefined) throw new Refused(`no colour is called ${shown(name)}`, chosen);
      return coloured(colour);
    }
  }
};

const coloured = ({ hue, saturation }: Colour): Draft => ({ hue, saturation });

const convertCover = (reading: Reading): Draft => {
  const word = reading.wordOf({
    open: "open",
    opening: "open",
    closed: "closed",
    closing: "closed",
  });
  const given = reading.number("current_position", 0, 100) ?? reading.number("position", 0, 100);
  reading.pass("position");
  const tilt =
    reading.number("current_tilt_position", 0, 100) ?? reading.number("tilt_position", 0, 100);
  reading.pass("tilt_position");
  if (word !== undefined && given !== undefined && (word === "closed") !== (given === 0)) {
    throw new Refused(`it is ${word} and its position is ${given}`, "state");
  }
  const said = word === undefined ? undefined : word === "open" ? 100 : 0;
  return { position: given ?? said, tilt };
};

const convertClimate = (reading: Reading): Draft => {
  const mode = reading.wordOf({
    off: "off",
    heat: "heat",
    cool: "cool",
    auto: "auto",
    heat_cool: "auto",
  });
  reading.cannotSay(
    "preset_mode",
    "fan_mode",
    "swing_mode",
    "target_temp_high",
    "target_temp_low",
    "humidity",
  );
  const targetC = reading.number("temperature", -50, 100);
  return { mode, ...(mode === "off" ? {} : { targetC }) };
};

const convertMedia = (reading: Reading): Draft => {
  const playback = reading.wordOf({
    playing: "playing",
    paused: "paused",
    off: "off",
    standby: "off",
  });
  reading.cannotSay("sound_mode", "shuffle", "repeat", "is_volume_muted");
  const volume = reading.number("volume_level", 0, 1);
  const source = reading.text("source");
  if (playback === "off") return { playback };
  return { playback, volume: volume === undefined ? undefined : Math.round(volume * 100), source };
};

const convertFan = (reading: Reading): Draft => {
  const on = reading.isOn();
  reading.cannotSay("preset_mode");
  const percentage = reading.number("percentage", 0, 100);
  const oscillating = reading.flag("oscillating");
  if (on === false) return { on };
  return {
    on,
    speed: percentage === undefined ? undefined : Math.round(percentage),
    oscillating,
  };
};

const convertHumidifier = (reading: Reading): Draft => {
  const on = reading.isOn();
  reading.cannotSay("mode");
  const targetHumidity = reading.number("humidity", 0, 100);
  return on === false ? { on } : { on, targetHumidity };
};

const CONVERTERS: Readonly<Record<DeviceKind, (reading: Reading) => Draft>> = {
  light: convertLight,
  plug: (reading) => ({ on: reading.isOn() }),
  lock: (reading) => {
    const word = reading.wordOf({ locked: "locked", unlocked: "unlocked" });
    return { locked: word === undefined ? undefined : word === "locked" };
  },
  cover: convertCover,
  climate: convertClimate,
  media: convertMedia,
  alarm: (reading) => ({
    mode: reading.wordOf({
      disarmed: "disarmed",
      armed_home: "armed_home",
      armed_away: "armed_away",
      armed_night: "armed_night",
      armed_vacation: "armed_vacation",
    }),
  }),
  fan: convertFan,
  humidifier: convertHumidifier,
  vacuum: (reading) => {
    reading.cannotSay("fan_speed");
    return {
      activity: reading.wordOf({
        cleaning: "cleaning",
        paused: "paused",
        docked: "docked",
        returning: "docked",
      }),
    };
  },
};
