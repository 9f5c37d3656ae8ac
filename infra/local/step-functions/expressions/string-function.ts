// https://docs.jsonata.org/string-functions#string, with the digits that AWS writes: JSONata's own rounds every number to 15,
// AWS only those that are no integers. Measured: $string(999999999999999868928) is "999999999999999900000".
import jsonata from "jsonata";
import { exactly } from "../values/exact-number.ts";

// JSONata's own $string. Its function objects carry what they are made of.
const own = (await jsonata("$string").evaluate(undefined)) as {
  readonly implementation: (value: unknown, prettify?: boolean) => string | undefined;
};

const ROUNDED_FROM = 1e15;

const isLong = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && Math.abs(value) >= ROUNDED_FROM;

const holdsLong = (value: unknown): boolean => {
  if (typeof value !== "object" || value === null) return isLong(value);
  if ("_jsonata_lambda" in value || "_jsonata_function" in value) return false;
  return Object.values(value).some(holdsLong);
};

const withoutLong = (value: unknown): unknown => {
  // What JSONata does not see as a number it leaves alone.
  if (isLong(value)) return exactly(String(value));
  if (typeof value !== "object" || value === null || !holdsLong(value)) return value;
  if (Array.isArray(value)) return value.map(withoutLong);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, withoutLong(member)]),
  );
};

/** $string. A function that takes one argument, so that $map gives it no index. */
export const string = (value: unknown, prettify = false): string | undefined =>
  typeof value === "string" ? value : own.implementation(withoutLong(value), prettify);
