import { isPrintable } from "#domain/printable.ts";

/** Is this a name that a person can read: 1 to 64 printable characters? */
export const isName = (value: unknown): value is string =>
  typeof value === "string" &&
  value.trim() === value &&
  value.length > 0 &&
  value.length <= 64 &&
  isPrintable(value);
