// 256 KiB for each task, state and execution: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
import { isArray, type Json } from "#local/wire/json.ts";
import { isExactNumber } from "./exact-number.ts";
import { jsonText } from "./json.ts";

/** The most that one payload, or one variable, may be: 256 KiB of UTF-8. */
export const MAX_PAYLOAD_BYTES = 262_144;

/** Claims that a value's JSON text is longer than `maxBytes`, without writing the text where that is plainly not so. */
export const isLargerThan = (value: Json, maxBytes: number): boolean => {
  if (upperBound(value, maxBytes) <= maxBytes) return false;
  // One value can hold the same object many times over; its text might not fit into memory.
  if (lowerBound(value, maxBytes) > maxBytes) return true;
  return Buffer.byteLength(jsonText(value)) > maxBytes;
};

/** Claims that a value is larger than one payload may be. */
export const isTooLarge = (value: Json): boolean => isLargerThan(value, MAX_PAYLOAD_BYTES);

// A character is at most six bytes of JSON text (a \u escape), a number at most 25.
const upperBound = (value: Json, stopAbove: number): number => {
  if (typeof value === "string") return value.length * 6 + 2;
  if (typeof value !== "object" || value === null) return 25;
  let total = 2;
  if (isArray(value)) {
    for (const item of value) {
      total += upperBound(item, stopAbove) + 1;
      if (total > stopAbove) break;
    }
    return total;
  }
  for (const key in value) {
    total += key.length * 6 + 4 + upperBound(value[key] ?? null, stopAbove);
    if (total > stopAbove) break;
  }
  return total;
};

const lowerBound = (value: Json, stopAbove: number): number => {
  if (typeof value === "string") return value.length + 2;
  if (typeof value !== "object" || value === null || isExactNumber(value)) return 1;
  let total = 2;
  if (isArray(value)) {
    for (const item of value) {
      total += lowerBound(item, stopAbove);
      if (total > stopAbove) break;
    }
    return total;
  }
  for (const key in value) {
    total += key.length + 3 + lowerBound(value[key] ?? null, stopAbove);
    if (total > stopAbove) break;
  }
  return total;
};
