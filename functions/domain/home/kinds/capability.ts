/** One value of a wanted state. */
export type Value = boolean | number | string;

/** A wanted state's values by field. */
export type Values = Readonly<Record<string, Value | undefined>>;

/** What a field may hold. */
export type Field =
  | { readonly type: "boolean" }
  | { readonly type: "word"; readonly words: readonly string[] }
  | {
      readonly type: "number";
      readonly min: number;
      readonly max: number;
      readonly unit: string;
      readonly whole: boolean;
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
  /** Wanted values in a few words. */
  describe(values: Values): string;
}

export const YES_NO: Field = { type: "boolean" };
export const PERCENT: Field = { type: "number", min: 0, max: 100, unit: "percent", whole: true };

/** `on`, `off`, or nothing where it is not asked for. */
export const onOff = (on: Value | undefined): string | undefined =>
  on === undefined ? undefined : on === true ? "on" : "off";

/** A value with its name and unit, e.g. `volume 20 %`. */
export const inUnit = (name: string, value: Value | undefined, unit: string): string | undefined =>
  value === undefined ? undefined : `${name} ${value} ${unit}`.trim();

/** What there is of these, in one line. */
export const inWords = (...parts: readonly (Value | undefined)[]): string =>
  parts.filter((part) => part !== undefined).join(", ");
