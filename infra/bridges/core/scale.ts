import type { Value } from "#domain/home/kinds/capability.ts";

/** How a device holds one field: its own numbers or words for those of the home. */
export interface Scale {
  /** The device's value for the home's, rounded to what the device can be set to; undefined for one that it cannot have. */
  toDevice(value: Value): Value | undefined;
  /** The home's value for the device's; undefined for one that the home has no word for. */
  toHome(value: Value): Value | undefined;
  /** How far a number may be from the one that was set and still be it, in the device's own units. */
  readonly slack: number;
  /** The numbers run along a circle of so many. */
  readonly circle?: number;
  /** What it can be set to, for a person, e.g. `1-100 %` or `2203-4000 K`. */
  readonly range: string;
  /** The distance between two settings, in the home's unit, where it is coarser than the home's. */
  readonly step?: number;
}

/** Is what a device holds the wanted value, as far as this device can hold it? */
export const isHeld = (scale: Scale, wanted: Value, held: Value): boolean => {
  const goal = scale.toDevice(wanted);
  if (goal === held) return true;
  // Several of a device's words may be one yes: a fan at medium is on.
  if (typeof wanted === "boolean") return goal !== undefined && scale.toHome(held) === wanted;
  if (typeof goal !== "number" || typeof held !== "number") return false;
  const apart = Math.abs(goal - held);
  const nearest = scale.circle === undefined ? apart : Math.min(apart, scale.circle - apart);
  return nearest <= scale.slack;
};

/** A field that is yes or no at the home, and one of two of its own values in the device. */
export const eitherOr = (yes: Value, no: Value): Scale => ({
  toDevice: (value) => (value === true ? yes : value === false ? no : undefined),
  toHome: (value) => (value === yes ? true : value === no ? false : undefined),
  slack: 0,
  range: "yes or no",
});

/** A field of words: the device's by the home's. */
export const wordForWord = (words: Readonly<Record<string, Value>>): Scale => ({
  toDevice: (value) =>
    typeof value === "string" && Object.hasOwn(words, value) ? words[value] : undefined,
  toHome: (value) => Object.keys(words).find((word) => words[word] === value),
  slack: 0,
  range: Object.keys(words).join(", "),
});

/** What a scale of numbers is made of. */
export interface Numbers {
  /** The ends in the home's unit. */
  readonly least: number;
  readonly most: number;
  readonly unit: string;
  toDevice(value: number): number;
  toHome(value: number): number;
  readonly slack: number;
  readonly circle?: number;
  readonly step?: number;
}

/** A field of numbers; one beyond the device's ends is none of its values, and is never moved to the end. */
export const numbers = ({ least, most, unit, toDevice, toHome, ...rest }: Numbers): Scale => ({
  toDevice: (value) =>
    typeof value === "number" && value >= least && value <= most ? toDevice(value) : undefined,
  toHome: (value) => (typeof value === "number" ? toHome(value) : undefined),
  range: `${least}-${most} ${unit}`,
  ...rest,
});
