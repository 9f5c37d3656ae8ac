import type { Json } from "#local/wire/json.ts";
import { isExactNumber, written } from "../values/exact-number.ts";

/** What an expression gave, once it is plain JSON, or why it is not. */
export type Evaluated =
  | { readonly outcome: "value"; readonly value: Json }
  | { readonly outcome: "nothing" }
  | { readonly outcome: "unsupported" }
  | { readonly outcome: "too large" }
  /** Of which AWS gives no reason. */
  | { readonly outcome: "internal error" }
  /** Without a code: not JSONata's own error, but a limit. */
  | { readonly outcome: "error"; readonly code?: string; readonly message: string };

// Each value is at least two bytes of JSON text: more of them than this are over any limit there is, and one object that
// is held many times over could otherwise grow without end while it is copied.
const MAX_VALUES = 1_000_000;

class Unsupported extends Error {}
class TooLarge extends Error {}

/**
 * Copies what JSONata gave into plain JSON: its sequences carry hidden members, its functions are objects, and an object
 * must not hold undefined. -0 becomes 0, as recorded for $parse("-0").
 */
export const toPlainJson = (value: unknown): Evaluated => {
  if (value === undefined) return { outcome: "nothing" };
  try {
    return { outcome: "value", value: copy(value, { left: MAX_VALUES }) };
  } catch (error) {
    if (error instanceof Unsupported) return { outcome: "unsupported" };
    // RangeError: a value so deep that the copy ran out of stack.
    if (error instanceof TooLarge || error instanceof RangeError) return { outcome: "too large" };
    throw error;
  }
};

const copy = (value: unknown, budget: { left: number }): Json => {
  budget.left -= 1;
  if (budget.left < 0) throw new TooLarge();
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  if (typeof value === "number") {
    // AWS answers "Infinity" for 1/0.
    if (!Number.isFinite(value)) return String(value);
    return value === 0 ? 0 : written(value);
  }
  if (typeof value !== "object") throw new Unsupported();
  if (isExactNumber(value)) return value as Json;
  if (Array.isArray(value)) {
    return value.filter((item) => item !== undefined).map((item) => copy(item, budget));
  }
  if ("_jsonata_lambda" in value || "_jsonata_function" in value) throw new Unsupported();
  const plain: Record<string, Json> = {};
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue;
    // An assignment to this name would set the prototype instead.
    if (key === "__proto__") {
      Object.defineProperty(plain, key, { value: copy(member, budget), enumerable: true });
    } else {
      plain[key] = copy(member, budget);
    }
  }
  return plain;
};
