import { HomeError } from "#domain/home-error.ts";
import { shown } from "#domain/printable.ts";

/** From when to when, both included; ISO 8601, UTC, milliseconds. */
export interface Period {
  readonly since: string;
  readonly until: string;
}

const UNITS: ReadonlyMap<string, number> = new Map([
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
]);

/**
 * The period from one moment to another, each a day, a moment or how long ago. Without a beginning it is the day of its
 * end, without an end it goes on to the end of today (UTC).
 * @throws HomeError `ArgumentsInvalid`
 */
export const periodOf = (
  { since, until }: { readonly since?: string | undefined; readonly until?: string | undefined },
  nowMs: number,
): Period => {
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const end = momentOf("until", until ?? today, "T23:59:59.999Z", nowMs);
  const begin = momentOf("since", since ?? end.slice(0, 10), "T00:00:00.000Z", nowMs);
  if (begin > end) throw new HomeError("ArgumentsInvalid", "since is after until.");
  return { since: begin, until: end };
};

/** Is this a day that there is, such as `2026-11-23`? */
export const isDay = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && isMoment(`${text}T00:00:00.000Z`, text);

// A day that no month has is read as one of the next month.
const isMoment = (iso: string, begin: string): boolean => {
  const at = Date.parse(iso);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(begin);
};

const momentOf = (what: string, text: string, ofDay: string, nowMs: number): string => {
  if (isDay(text)) return `${text}${ofDay}`;
  const [, count, unit = ""] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const unitMs = UNITS.get(unit);
  if (count !== undefined && unitMs !== undefined) {
    return new Date(nowMs - Number(count) * unitMs).toISOString();
  }
  const [, minute, rest = ""] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d(?:\.\d{1,3})?)?Z$/.exec(text) ?? [];
  if (minute !== undefined && isMoment(text, `${minute}${rest}`)) {
    return new Date(text).toISOString();
  }
  throw new HomeError(
    "ArgumentsInvalid",
    `${what} must be a day (2026-11-23), a moment in UTC (2026-11-23T22:00Z) or how long ago (90m, 8h, 7d), not ${shown(text)}.`,
  );
};
