import { Problem } from "../command/problem.ts";

const SECONDS = { m: 60, h: 3600, d: 86_400, w: 604_800 } as const;

const isUnit = (text: string | undefined): text is keyof typeof SECONDS =>
  text !== undefined && Object.hasOwn(SECONDS, text);

/** A length of time such as `90m`, `1h`, `3d` or `2w`, in seconds; undefined for a text that is none. */
const durationSeconds = (text: string): number | undefined => {
  const [, count, unit] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  return isUnit(unit) ? Number(count) * SECONDS[unit] : undefined;
};

const LONGEST_GRANT_SECONDS = 86_400;

/**
 * Reads --for: how long a grant lasts.
 * @throws Problem for nothing, and for more than a day
 */
export const parseFor = (text: string): number => {
  const seconds = durationSeconds(text);
  if (seconds !== undefined && seconds > 0 && seconds <= LONGEST_GRANT_SECONDS) return seconds;
  throw new Problem(
    `--for must be a time from 1m to 24h, such as 1h, not "${text}". Nothing was changed.`,
  );
};

// Years in which a Date still has its four digits, and which nobody lives to see.
const LATEST_MS = Date.UTC(2200, 0, 1);

/**
 * Reads --until: a day, to its end in the home's time zone, a moment with its offset, or a length of time from now. In
 * seconds since 1970.
 * @throws Problem for what is none of these, and for what has passed
 */
export const parseUntil = (text: string, nowMs: number, timeZone: string): number => {
  const atMs = momentOf(text, nowMs, timeZone);
  if (atMs === undefined || !(atMs <= LATEST_MS)) {
    throw new Problem(
      `--until must be a day (2026-12-31), a moment (2026-12-31T18:00+01:00) or a time from now (12h, 3d, 2w), not "${text}". Nothing was changed.`,
    );
  }
  if (atMs <= nowMs) throw new Problem(`--until ${text} has passed. Nothing was changed.`);
  return Math.floor(atMs / 1000);
};

const momentOf = (text: string, nowMs: number, timeZone: string): number | undefined => {
  const seconds = durationSeconds(text);
  if (seconds !== undefined) return nowMs + seconds * 1000;
  const [, day] = /^(\d{4}-\d{2}-\d{2})$/.exec(text) ?? [];
  if (day !== undefined) return isDay(day) ? endOfDayMs(day, timeZone) : undefined;
  const isMoment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/.test(text);
  return isMoment && isDay(text.slice(0, 10)) ? Date.parse(text) : undefined;
};

// Date.parse takes the 30th of February for the 2nd of March.
const isDay = (day: string): boolean => {
  const at = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day);
};

const endOfDayMs = (day: string, timeZone: string): number => {
  const midnight = new Date(`${day}T00:00:00Z`).getTime() + SECONDS.d * 1000;
  // The clock's distance from UTC is asked at a moment that is off by that distance, and so once more at the right one.
  const about = midnight - offsetMs(midnight, timeZone);
  return midnight - offsetMs(about, timeZone);
};

const offsetMs = (atMs: number, timeZone: string): number => {
  const local = new Date(atMs).toLocaleString("sv-SE", { timeZone });
  return Date.parse(`${local.replace(" ", "T")}Z`) - Math.floor(atMs / 1000) * 1000;
};

/** A moment as people of the home read it, `2026-12-31 18:00`. */
export const shownMoment = (epochSeconds: number, timeZone: string): string =>
  new Date(epochSeconds * 1000).toLocaleString("sv-SE", {
    timeZone,
    dateStyle: "short",
    timeStyle: "short",
  });
