import { Problem } from "../command/problem.ts";

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
 * The period that options name: a day, or from a moment to a moment. Without any it is today (UTC); without an end it
 * goes on until now.
 * @throws Problem naming the option
 */
export const periodOf = (
  options: {
    readonly day?: string | undefined;
    readonly since?: string | undefined;
    readonly until?: string | undefined;
  },
  nowMs: number,
): Period => {
  const { day, since, until } = options;
  if (day !== undefined && (since !== undefined || until !== undefined)) {
    throw new Problem("--day goes without --since and --until.");
  }
  if (day !== undefined && !isDay(day)) {
    throw new Problem(`--day must be a day such as 2026-11-23, not "${day}".`);
  }
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const last = day ?? until;
  const end = last === undefined ? `${today}T23:59:59.999Z` : endOf("until", last, nowMs);
  const first = day ?? since ?? end.slice(0, 10);
  const begin = beginOf("since", first, nowMs);
  if (begin > end) throw new Problem("--since is after --until.");
  return { since: begin, until: end };
};

const isDay = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && isMoment(`${text}T00:00:00.000Z`, text);

// A day that no month has is read as one of the next month.
const isMoment = (iso: string, begin: string): boolean => {
  const at = Date.parse(iso);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(begin);
};

const beginOf = (option: string, text: string, nowMs: number): string =>
  isDay(text) ? `${text}T00:00:00.000Z` : momentOf(option, text, nowMs);

const endOf = (option: string, text: string, nowMs: number): string =>
  isDay(text) ? `${text}T23:59:59.999Z` : momentOf(option, text, nowMs);

const momentOf = (option: string, text: string, nowMs: number): string => {
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
  throw new Problem(
    `--${option} must be a day (2026-11-23), a moment in UTC (2026-11-23T22:00Z) or how long ago (90m, 8h, 7d), not "${text}".`,
  );
};
