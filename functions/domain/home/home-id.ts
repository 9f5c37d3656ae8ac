import { HomeError } from "#domain/home-error.ts";
import { shown } from "#domain/printable.ts";

declare const parsed: unique symbol;

/**
 * A home's id: the first part of every key, thing, topic and index value of the home, e.g. `maple_street`. Never given
 * twice: a deleted home keeps its own, so that old certificates, tokens and links mean nobody.
 */
export type HomeId = string & { readonly [parsed]: true };

// Neither "-" nor "#" nor "/" can occur: they stand between a home's id and what follows it.
const HOME_ID = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;
// EventBridge schedule names have 64 characters, of which a schedule's own takes 39; a thing's name has 128.
const LONGEST = 24;
// "all" would read as every home.
const RESERVED = "all";

/** Is this the form of a home's id? */
export const isHomeId = (value: unknown): value is HomeId =>
  typeof value === "string" && value.length <= LONGEST && value !== RESERVED && HOME_ID.test(value);

/**
 * Reads a home's id.
 * @throws HomeError `HomeInvalid`
 */
export const parseHomeId = (value: unknown): HomeId => {
  if (isHomeId(value)) return value;
  throw new HomeError(
    "HomeInvalid",
    `${shown(value)} is no home id: lower-case words joined by _, at most ${LONGEST} characters, not "${RESERVED}", e.g. maple_street. Nothing was changed.`,
  );
};
