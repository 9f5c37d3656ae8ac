/** A JSON value that nobody changes: states hand the same object on to each other. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object that nobody changes. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Claims that a value is a JSON object, and not an array or null. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Claims that a value is a JSON array (Array.isArray does not narrow a readonly one). */
export const isArray = (value: unknown): value is readonly Json[] => Array.isArray(value);

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
