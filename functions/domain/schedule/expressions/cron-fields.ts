import { type DayRule, parseDayRule } from "./day-rule.ts";
import { MONTH_NAMES, parseNumbers } from "./number-field.ts";

/** The calendar of a cron expression: each field's numbers, ascending. */
export interface CronFields {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: DayRule;
  readonly months: readonly number[];
  readonly years: readonly number[];
}

/**
 * Reads the six fields between the brackets of `cron(…)`; `undefined` when one of them is not of AWS's form. The guide's
 * newer text calls the year optional, but nobody has shown that the API takes five fields: six are asked for.
 * (docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based)
 */
export const parseCronFields = (text: string): CronFields | undefined => {
  const fields = text.split(" ");
  const [minute, hour, dayOfMonth, month, dayOfWeek, year] = fields;
  if (
    fields.length !== 6 ||
    minute === undefined ||
    hour === undefined ||
    dayOfMonth === undefined ||
    month === undefined ||
    dayOfWeek === undefined ||
    year === undefined
  ) {
    return undefined;
  }
  const minutes = parseNumbers(minute, { first: 0, last: 59, mayWrap: true, mayStep: true });
  const hours = parseNumbers(hour, { first: 0, last: 23, mayWrap: true, mayStep: true });
  const days = parseDayRule(dayOfMonth, dayOfWeek);
  const months = parseNumbers(month, {
    first: 1,
    last: 12,
    names: MONTH_NAMES,
    mayWrap: true,
    mayStep: true,
  });
  const years = parseNumbers(year, { first: 1970, last: 2199, mayWrap: false, mayStep: true });
  if (minutes === undefined || hours === undefined || days === undefined) return undefined;
  if (months === undefined || years === undefined) return undefined;
  return { minutes, hours, days, months, years };
};
