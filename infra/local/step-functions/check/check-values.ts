import type { JsonObject } from "#local/wire/json.ts";
import { expressionSource } from "../compile/compile-template.ts";
import { asDouble, isExactNumber } from "../values/exact-number.ts";
import type { Diagnostics } from "./diagnostics.ts";

/** Refuses fields that an object does not have. */
export const checkObjectFields = (
  object: JsonObject,
  fields: readonly string[],
  location: string,
  diagnostics: Diagnostics,
): void => {
  for (const name of Object.keys(object)) {
    if (!fields.includes(name)) diagnostics.schema(`Field '${name}' is not supported`, location);
  }
};

/** Checks a number that is written out; an expression in its place is checked when it is evaluated. */
export const checkNumber = (
  object: JsonObject,
  field: string,
  location: string,
  range: {
    readonly min: number;
    readonly max?: number;
    readonly fraction?: boolean;
    readonly expression?: boolean;
  },
  diagnostics: Diagnostics,
): void => {
  const given = object[field];
  if (given === undefined) return;
  const value = isExactNumber(given) ? asDouble(given) : given;
  const at = `${location}/${field}`;
  if (
    range.expression === true &&
    typeof value === "string" &&
    expressionSource(value) !== undefined
  ) {
    return;
  }
  const wanted = range.fraction === true ? "Number" : "Integer";
  if (typeof value !== "number" || (range.fraction !== true && !Number.isInteger(value))) {
    diagnostics.schema(`Expected value of type ${wanted}`, at);
  } else if (value < range.min) {
    diagnostics.schema(`Minimum value is ${written(range.min, range.fraction)}`, at);
  } else if (range.max !== undefined && value > range.max) {
    diagnostics.schema(`Maximum value is ${written(range.max, range.fraction)}`, at);
  }
};

// "Minimum value is 0.0" where fractions are allowed.
const written = (value: number, fraction: boolean | undefined): string =>
  fraction === true && Number.isInteger(value) ? value.toFixed(1) : String(value);

/** Refuses more than one of the fields that exclude each other. */
export const checkOnlyOne = (
  object: JsonObject,
  fields: readonly string[],
  location: string,
  diagnostics: Diagnostics,
): void => {
  if (fields.filter((field) => object[field] !== undefined).length > 1) {
    diagnostics.schema(
      `There should only be one of the following fields: [${fields.join(", ")}]`,
      location,
    );
  }
};
