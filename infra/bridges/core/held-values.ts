import type { DeviceKind } from "#domain/home/vocabulary.ts";
import type { DeviceValues } from "#house/contract/device-values.ts";
import type { Asked, Capabilities, ReadAnswer } from "./bridge.ts";
import { isHeld } from "./scale.ts";

type Held = Extract<ReadAnswer, { said: "values" }>;
type Scales = Pick<Capabilities, "fields">;

/** What is asked that the device cannot have, in words; undefined where it can have all of it. */
export const beyondIt = ({ fields }: Scales, asked: Asked): string | undefined => {
  for (const [field, value] of Object.entries(asked)) {
    const scale = fields[field];
    if (scale === undefined) return `it has no ${field}`;
    if (scale.toDevice(value) === undefined) {
      return `${field} must be ${scale.range}, and is asked to be ${value}`;
    }
  }
  return undefined;
};

/** Does the device hold all that is asked? A field that it does not tell is not held. */
export const holds = ({ fields }: Scales, asked: Asked, { values }: Held): boolean =>
  Object.entries(asked).every(([field, value]) => {
    const scale = fields[field];
    const held = values[field];
    return scale !== undefined && held !== undefined && isHeld(scale, value, held);
  });

/**
 * What is to be reported of what a device holds: the number that was asked or said before where the device cannot tell
 * it from its own (2,200 K are 454 mireds, and 454 mireds are 2,203 K), and else its own. What it does not tell is as it
 * was said to be.
 */
export const reportable = (
  kind: DeviceKind,
  { fields }: Scales,
  { values }: Held,
  ...said: readonly DeviceValues[]
): DeviceValues => {
  const known = said.toReversed().flatMap((each) => Object.entries(each));
  const result: Record<string, unknown> = Object.fromEntries(known);
  delete result.jammed;
  const isOff =
    fields.on !== undefined && values.on !== undefined && fields.on.toHome(values.on) === false;
  for (const [field, held] of Object.entries(values)) {
    const scale = fields[field];
    // What a lamp that is off holds as its level says nothing of how it will shine.
    if (scale === undefined || (isOff && kind === "light" && field !== "on")) continue;
    const same = said
      .map((each) => each[field])
      .find((value) => isValue(value) && isHeld(scale, value, held));
    const own = same ?? scale.toHome(held);
    if (own === undefined) delete result[field];
    else result[field] = own;
  }
  return result;
};

const isValue = (value: unknown): value is boolean | number | string =>
  typeof value === "boolean" || typeof value === "number" || typeof value === "string";
