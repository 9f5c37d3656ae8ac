/** One value of a wanted state. */
export type Value = boolean | number | string;

/** A wanted state's values by field. */
export type Values = Readonly<Record<string, Value | undefined>>;

/**
 * How far a reported number may be from the one that was asked and still be it: so much in the field's own unit, in
 * whole mireds, or along a circle of 360.
 */
export type Tolerance =
  | { readonly by: "difference"; readonly most: number }
  | { readonly by: "mireds"; readonly most: number }
  | { readonly by: "circle"; readonly most: number };

/** What a field may hold. */
export type Field =
  | { readonly type: "boolean" }
  | { readonly type: "word"; readonly words: readonly string[] }
  /** One of those that the device itself has. */
  | { readonly type: "choice"; readonly among: "effects" | "sources" }
  | {
      readonly type: "number";
      readonly min: number;
      readonly max: number;
      readonly unit: string;
      readonly whole: boolean;
      readonly tolerance: Tolerance;
    };

/** What a kind of device can be asked for, and how that is said. */
export interface Capability {
  /** Clusters of the Matter 1.6 Application Cluster Specification that carry this capability; null where Matter has none. */
  readonly matter: string | null;
  readonly fields: Readonly<Record<string, Field>>;
  /** How long a device of this kind may take to acknowledge, in seconds, unless device or scene say otherwise. */
  readonly windowSeconds: number;
  /** Asked for this field, it answers when the transition is over; then the window is this. */
  readonly fade?: { readonly field: string; readonly windowSeconds: number };
  /** A wanted state, as a person would write it. */
  readonly example: string;
  /** The whole state that these values mean, or what contradicts itself in them. */
  complete(values: Values): Completed;
  /** Wanted values in a few words. */
  describe(values: Values): string;
}

/** A state with all that it implies, or why it is none. */
export type Completed = { readonly values: Values } | { readonly contradiction: string };

/** For a kind whose values imply nothing. */
export const asItIs = (values: Values): Completed => ({ values });

export const YES_NO: Field = { type: "boolean" };

/** So far in the field's own unit. */
export const within = (most: number): Tolerance => ({ by: "difference", most });

// Zigbee and Matter hold a percentage in 0-254 and 0-255, Z-Wave in 0-99: half a step of the coarsest, and its rounding.
export const PERCENT: Field = {
  type: "number",
  min: 0,
  max: 100,
  unit: "percent",
  whole: true,
  tolerance: within(1),
};

/** `on`, `off`, or nothing where it is not asked for. */
export const onOff = (on: Value | undefined): string | undefined =>
  on === undefined ? undefined : on === true ? "on" : "off";

/** A value with its name and unit, e.g. `volume 20 %`. */
export const inUnit = (name: string, value: Value | undefined, unit: string): string | undefined =>
  value === undefined ? undefined : `${name} ${value} ${unit}`.trim();

/** What there is of these, in one line. */
export const inWords = (...parts: readonly (Value | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== "").join(", ");

/**
 * The whole state of what is on or off: everything else implies that it is on, and nothing else goes with off.
 */
export const completeOnOff = (values: Values): Completed => {
  const { on, ...rest } = values;
  const others = Object.keys(rest);
  if (on !== false) return { values: { ...values, on: true } };
  return others.length === 0
    ? { values }
    : {
        contradiction: `on: false goes with nothing else, and here stands ${others.join(", ")} too`,
      };
};
