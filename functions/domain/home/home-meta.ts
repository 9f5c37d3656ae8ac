import { FORMAT, requireFormat } from "#domain/format.ts";
import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { shown } from "#domain/printable.ts";
import { isName } from "./device.ts";
import { type HomeId, isHomeId } from "./home-id.ts";

/** What a home is, beside its devices and scenes. */
export interface HomeMeta {
  readonly home: HomeId;
  readonly name: string;
  /** IANA name, e.g. `Europe/Berlin`. */
  readonly timeZone: string;
  /** A deleted home stays as a tombstone, so that its id is never given again. */
  readonly state: "active" | "deleted";
  /** ISO 8601. */
  readonly createdAt: string;
}

/** The record of a home, without its keys. */
export const metaRecord = (meta: HomeMeta): Readonly<Record<string, unknown>> => ({
  v: FORMAT,
  ...meta,
});

/**
 * Reads a home's META record.
 * @throws HomeError `FormatUnknown` or `RecordInvalid`, naming the home
 */
export const parseMeta = (value: unknown): HomeMeta => {
  const wrong = (what: string): HomeError =>
    new HomeError(
      "RecordInvalid",
      `The record of home ${shown(isObject(value) ? value.home : value)}: ${what}`,
    );
  if (!isObject(value)) throw wrong("it must be an object.");
  const { home, name, timeZone, state, createdAt } = value;
  requireFormat(value, `The record of home ${shown(home)}`);
  if (!isHomeId(home)) throw wrong("home must be a home's id.");
  if (!isName(name)) throw wrong("name must be a text of 1 to 64 characters.");
  if (!isTimeZone(timeZone)) throw wrong("timeZone must be an IANA name, e.g. Europe/Berlin.");
  if (state !== "active" && state !== "deleted")
    throw wrong('state must be "active" or "deleted".');
  if (typeof createdAt !== "string") throw wrong("createdAt must be a time.");
  return { home, name, timeZone, state, createdAt };
};

/** Is this the name of a time zone that the runtime knows? */
export const isTimeZone = (value: unknown): value is string => {
  if (typeof value !== "string" || value === "") return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: value }).resolvedOptions().timeZone !== "";
  } catch {
    // RangeError: no such zone.
    return false;
  }
};
