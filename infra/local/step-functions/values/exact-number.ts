// AWS keeps an integer exactly up to 2^63 - 1 and writes what is beyond as Java writes a double: measured for $parse and
// $states.input, {"amount": 9223372036854775808} comes out as 9.223372036854776E18. A number of JavaScript keeps 2^53. Such
// a number is carried as JSON.rawJSON, which JSON.stringify writes digit for digit, and costs nothing where there is none.
import { isArray, type Json } from "#local/wire/json.ts";

// https://tc39.es/proposal-json-parse-with-source/, which TypeScript's library does not describe yet.
interface RawJson {
  rawJSON(text: string): Json;
  isRawJSON(value: unknown): boolean;
}
const raw = JSON as unknown as RawJson;

const MAX_LONG = 2n ** 63n - 1n;
const BEYOND_LONG = 2 ** 63;

/** A number with exactly these digits. */
export const exactly = (digits: string): Json => raw.rawJSON(digits);

/** Claims that a value is a number that JavaScript's own numbers cannot carry. */
export const isExactNumber = (value: unknown): boolean => raw.isRawJSON(value);

/** The nearest of JavaScript's own numbers. */
export const asDouble = (exact: Json): number => Number(JSON.stringify(exact));

// Java's Double.toString: 9.223372036854776E18, 1.0E19.
const javaText = (value: number): string => {
  const [digits = "", exponent = ""] = value.toExponential().split("e+");
  return `${digits.includes(".") ? digits : `${digits}.0`}E${exponent}`;
};

/** A number as AWS would write it. */
export const written = (value: number): Json =>
  Math.abs(value) < BEYOND_LONG ? value : exactly(javaText(value));

// What needs a closer look, which takes ten times as long: a number with an exponent, or with 16 digits before a point. A number ends
// as it begins, with a mark of JSON: most hashes, `sha256:2e…`, begin like one.
const SUSPECT =
  /(?:^|[\s:,[])-?\d+(?:\.\d+)?[eE][+-]?\d+(?:[\s,\]}]|$)|(?:^|[\s:,[])-?\d{16,}(?:[.\s,\]}]|$)/;

const readNumber = (value: number, source: string): Json => {
  if (!Number.isFinite(value)) throw new SyntaxError(`The number ${source} is too large`);
  if (Number.isSafeInteger(value) || !Number.isInteger(value)) return value;
  if (/^-?\d+$/.test(source)) {
    const exact = BigInt(source);
    if (exact <= MAX_LONG && exact >= -MAX_LONG - 1n) return exactly(source);
  }
  return written(value);
};

/**
 * Reads JSON text without losing a digit.
 * @throws SyntaxError for what is no JSON, and for a number that no double holds
 */
export const parseExactly = (text: string): Json => {
  if (!SUSPECT.test(text)) return JSON.parse(text) as Json;
  const revive = (_key: string, value: unknown, context?: { readonly source: string }): unknown =>
    typeof value === "number" ? readNumber(value, context?.source ?? "") : value;
  return JSON.parse(text, revive) as Json;
};

/** Claims that such a number is an integer with all its digits, and not a double as Java writes it. */
export const isLong = (exact: Json): boolean => !JSON.stringify(exact).includes("E");

/** Claims that a value is, or holds at any depth, a number that JavaScript's own numbers cannot carry. */
export const holdsExactNumber = (value: unknown): boolean => {
  const pending = [value];
  // A text of 256 KiB can be nested too deeply for a function that calls itself.
  while (pending.length > 0) {
    const one = pending.pop();
    if (typeof one !== "object" || one === null) continue;
    if (isExactNumber(one)) return true;
    for (const member of Object.values(one)) pending.push(member);
  }
  return false;
};

/** A copy in which every number is one of JavaScript's own. */
export const withDoubles = (value: Json): Json => {
  if (typeof value !== "object" || value === null) return value;
  if (isExactNumber(value)) return asDouble(value);
  if (isArray(value)) return value.map(withDoubles);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, withDoubles(member)]),
  );
};

/** Claims that a value is, or holds, an integer between 2^53 and 2^63: its last digits may not be AWS's. */
export const holdsInexactInteger = (value: Json): boolean => {
  if (typeof value === "number") {
    return Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) < BEYOND_LONG;
  }
  if (typeof value !== "object" || value === null || isExactNumber(value)) return false;
  return Object.values(value).some(holdsInexactInteger);
};
