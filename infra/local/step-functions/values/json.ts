import { isArray, type Json } from "#local/wire/json.ts";
import { isExactNumber, parseExactly } from "./exact-number.ts";

/** The JSON text of AWS: no blanks. */
export const jsonText = (value: unknown): string => JSON.stringify(value) ?? "null";

/** Reads JSON text, or answers undefined where it is none. */
export const parseJson = (text: string): Json | undefined => {
  try {
    return parseExactly(text);
  } catch {
    return undefined;
  }
};

/** The JSON type's name as AWS writes it in its texts. */
export const jsonTypeName = (value: Json): string => {
  if (value === null) return "null";
  if (isExactNumber(value)) return "number";
  return isArray(value) ? "array" : typeof value;
};
