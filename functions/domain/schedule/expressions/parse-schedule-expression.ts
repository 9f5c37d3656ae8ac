import { HomeError } from "#domain/home-error.ts";
import { parseCronFields } from "./cron-fields.ts";
import type { ScheduleExpression } from "./schedule-expression.ts";

// The API takes 1 to 256 characters.
const LONGEST = 256;

const UNIT_MS: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  // A day is 24 hours, whatever the clocks do.
  day: 86_400_000,
};

/**
 * Reads an expression of EventBridge Scheduler: `at(…)`, `rate(…)` or `cron(…)`. What AWS neither documents nor was seen
 * to accept is refused, since a schedule that only works here is of no use there.
 * @throws HomeError `ScheduleExpressionInvalid` with AWS's own text, one for every mistake
 */
export const parseScheduleExpression = (text: string): ScheduleExpression => {
  const expression = parse(text);
  if (expression !== undefined) return expression;
  throw new HomeError("ScheduleExpressionInvalid", `Invalid Schedule Expression ${text}.`);
};

/** Would parseScheduleExpression take this text? */
export const isScheduleExpression = (text: string): boolean => parse(text) !== undefined;

const parse = (text: string): ScheduleExpression | undefined => {
  if (text.length > LONGEST) return undefined;
  const [, kind, inside = ""] = /^(at|rate|cron)\((.*)\)$/.exec(text) ?? [];
  if (kind === "at") return parseAt(inside);
  if (kind === "rate") return parseRate(inside);
  const fields = kind === "cron" ? parseCronFields(inside) : undefined;
  return fields === undefined ? undefined : { kind: "cron", fields };
};

// Whole seconds, no zone, and a day that is in the calendar: 30 February comes back from Date as another day.
const parseAt = (inside: string): ScheduleExpression | undefined => {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(inside)) return undefined;
  const wallMs = Date.parse(`${inside}Z`);
  if (Number.isNaN(wallMs) || wallMs < 0) return undefined;
  return new Date(wallMs).toISOString() === `${inside}.000Z` ? { kind: "at", wallMs } : undefined;
};

// rate(1 minutes) runs in production: singular and plural are not held against anybody.
const parseRate = (inside: string): ScheduleExpression | undefined => {
  const [, value = "", unit = ""] = /^(\d+) (minute|hour|day)s?$/.exec(inside) ?? [];
  const everyMs = Number(value) * (UNIT_MS[unit] ?? 0);
  return everyMs > 0 && Number.isSafeInteger(everyMs) ? { kind: "rate", everyMs } : undefined;
};
