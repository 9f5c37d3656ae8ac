import { isArray, type Json } from "#local/wire/json.ts";

/** The JSON text of AWS: no blanks. */
export const jsonText = (value: unknown): string => JSON.stringify(value) ?? "null";

/** Reads JSON text, or answers undefined where it is none. */
export const parseJson = (text: string): Json | undefined => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
};

/** The JSON type's name as AWS writes it in its texts. */
export const jsonTypeName = (value: Json): string => {
  if (value === null) return "null";
  return isArray(value) ? "array" : typeof value;
};
