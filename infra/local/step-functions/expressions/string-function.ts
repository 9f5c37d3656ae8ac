// https://docs.jsonata.org/string-functions#string, with the digits that AWS writes: JSONata's own rounds every number to 15,
// AWS only those that are no integers. Measured: $string(999999999999999868928) is "999999999999999900000". The operator `&`
// makes its texts in the same way.
import jsonata from "jsonata";
import { isArray, type Json } from "#local/wire/json.ts";
import { asDouble, exactly, isExactNumber, isLong } from "../values/exact-number.ts";
import type { SyntaxNode } from "./syntax-node.ts";
import { walk } from "./variables-in.ts";

// JSONata's own $string. Its function objects carry what they are made of.
const own = (await jsonata("$string").evaluate(undefined)) as {
  readonly implementation: (value: unknown, prettify?: boolean) => string | undefined;
};

const ROUNDED_FROM = 1e15;

const isRounded = (value: unknown): boolean =>
  typeof value === "number" && Number.isInteger(value) && Math.abs(value) >= ROUNDED_FROM;

const holdsLong = (value: unknown): boolean => {
  if (typeof value !== "object" || value === null) return isRounded(value);
  if ("_jsonata_lambda" in value || "_jsonata_function" in value) return false;
  return isExactNumber(value) || Object.values(value).some(holdsLong);
};

// What JSONata does not see as a number it leaves alone.
const withDigits = (value: Json): Json => {
  if (isRounded(value)) return exactly(String(value));
  if (typeof value !== "object" || value === null || !holdsLong(value)) return value;
  // 2^63 - 1 has all its digits, 9.223372036854776E18 those of the double: "9223372036854776000".
  if (isExactNumber(value)) return isLong(value) ? value : exactly(String(asDouble(value)));
  if (isArray(value)) return value.map(withDigits);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, withDigits(member)]),
  );
};

/** $string. A function that takes one argument, so that $map gives it no index. */
export const string = (value: Json | undefined, prettify = false): string | undefined =>
  typeof value === "string" || value === undefined
    ? value
    : own.implementation(withDigits(value), prettify);

/** The name under which the operator `&` is a function: no expression can spell it. */
export const CONCATENATION = " &";

/** What the operator `&` does: it makes texts of both its sides, as $string does. */
export const concatenate = (left: Json | undefined, right: Json | undefined): string =>
  (string(left) ?? "") + (string(right) ?? "");

/** Puts that function in the place of each `&`: the same operands, as deep as before. */
export const replaceConcatenations = (ast: SyntaxNode): void => {
  walk(ast, (node) => {
    if (node.type !== "binary" || node.value !== "&") return;
    const procedure = { type: "variable", value: CONCATENATION, position: node.position };
    const operands = { arguments: [node.lhs, node.rhs], lhs: undefined, rhs: undefined };
    Object.assign(node, { type: "function", value: "(", procedure, ...operands });
  });
};
