import { FORMAT, requireFormat } from "#domain/format.ts";
import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { shown } from "#domain/printable.ts";
import { type HomeId, isHomeId } from "./home-id.ts";
import { isName } from "./is-name.ts";

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
  /** Where the home is, in degrees, north and east positive: sunrise and sunset are of this place. */
  readonly position?: Position;
  /** Its public holidays by year, `{"2026": ["2026-12-25"]}`. Of a year that is not here nothing is known. */
  readonly holidays?: Holidays;
  /** Who asked for what needs an approval may give it at once, without being asked again. */
  readonly approvesOwn?: boolean;
  /** e.g. `away`; conditions of scenes may ask for it. */
  readonly mode?: string;
}

/** A place on earth, in degrees. */
export interface Position {
  readonly latitude: number;
  readonly longitude: number;
}

/** Days by their year. */
export type Holidays = Readonly<Record<string, readonly string[]>>;

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
  const { position, holidays, approvesOwn, mode } = value;
  if (position !== undefined && !isPosition(position)) {
    throw wrong("position must be a latitude of -90 to 90 and a longitude of -180 to 180.");
  }
  if (holidays !== undefined && !isHolidays(holidays)) {
    throw wrong('holidays must be days by their year, {"2026":["2026-12-25"]}.');
  }
  if (approvesOwn !== undefined && typeof approvesOwn !== "boolean") {
    throw wrong("approvesOwn must be true or false.");
  }
  if (mode !== undefined && !isName(mode))
    throw wrong("mode must be a text of 1 to 64 characters.");
  return {
    home,
    name,
    timeZone,
    state,
    createdAt,
    ...(position === undefined ? {} : { position }),
    ...(holidays === undefined ? {} : { holidays }),
    ...(approvesOwn === undefined ? {} : { approvesOwn }),
    ...(mode === undefined ? {} : { mode }),
  };
};

/** Is this a place on earth, in degrees? */
export const isPosition = (value: unknown): value is Position =>
  isObject(value) &&
  Object.keys(value).length === 2 &&
  isWithin(value.latitude, 90) &&
  isWithin(value.longitude, 180);

const isWithin = (value: unknown, most: number): boolean =>
  typeof value === "number" && value >= -most && value <= most;

const MOST_YEARS = 20;
const MOST_HOLIDAYS_A_YEAR = 100;

/** Are these days by their year, each one that the calendar has, of that year, and once? */
export const isHolidays = (value: unknown): value is Holidays =>
  isObject(value) &&
  Object.keys(value).length <= MOST_YEARS &&
  Object.entries(value).every(
    ([year, days]) =>
      /^\d{4}$/.test(year) &&
      Array.isArray(days) &&
      days.length <= MOST_HOLIDAYS_A_YEAR &&
      new Set(days).size === days.length &&
      days.every((day) => typeof day === "string" && day.startsWith(`${year}-`) && isDay(day)),
  );

/** Is this a day that the calendar has, written as 2026-11-27? One that no month has is read as one of the next month. */
export const isDay = (text: string): boolean => {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
};

// The runtime's answer does not change, and takes as long as the rest of reading a home's settings. There are some 600 zones.
const MOST_KNOWN_ZONES = 1_000;
const knownZones = new Set<string>();

/** Is this the name of a time zone that the runtime knows? */
export const isTimeZone = (value: unknown): value is string => {
  if (typeof value !== "string" || value === "") return false;
  if (knownZones.has(value)) return true;
  try {
    const isZone =
      new Intl.DateTimeFormat("en", { timeZone: value }).resolvedOptions().timeZone !== "";
    // In any spelling of capitals it is a zone's name: only so many are kept.
    if (isZone && knownZones.size < MOST_KNOWN_ZONES) knownZones.add(value);
    return isZone;
  } catch {
    // RangeError: no such zone.
    return false;
  }
};
