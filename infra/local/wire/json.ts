/** A value that JSON can carry, and that nobody changes. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object that nobody changes. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Is this a JSON object (not an array, not null)? Of what came from JSON, or is on its way there. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Is this a JSON array? (Array.isArray does not narrow a readonly one.) */
export const isArray = (value: unknown): value is readonly Json[] => Array.isArray(value);
