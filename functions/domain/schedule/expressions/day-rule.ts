import { type NumberField, parseNumber, parseNumbers, WEEKDAY_NAMES } from "./number-field.ts";

/** Which days of a month a cron expression means. Weekdays count from 1, Sunday, to 7, Saturday. */
export type DayRule =
  | { readonly by: "day-of-month"; readonly days: readonly number[] }
  | { readonly by: "last-day" }
  | { readonly by: "last-working-day" }
  | { readonly by: "nearest-working-day"; readonly day: number }
  | { readonly by: "day-of-week"; readonly weekdays: readonly number[] }
  | { readonly by: "last-of-weekday"; readonly weekday: number }
  | { readonly by: "nth-of-weekday"; readonly weekday: number; readonly nth: number };

const DAY_OF_MONTH: NumberField = { first: 1, last: 31, mayWrap: true, mayStep: true };
const DAY_OF_WEEK: NumberField = {
  first: 1,
  last: 7,
  names: WEEKDAY_NAMES,
  mayWrap: true,
  mayStep: false,
};

/**
 * Reads the two day fields. "If you specify a value (or a *) in one of the fields, you must use a ? in the other."
 * (docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based)
 */
export const parseDayRule = (dayOfMonth: string, dayOfWeek: string): DayRule | undefined => {
  if ((dayOfMonth === "?") === (dayOfWeek === "?")) return undefined;
  return dayOfWeek === "?" ? parseDayOfMonth(dayOfMonth) : parseDayOfWeek(dayOfWeek);
};

// L and W stand alone: Quartz has them in no list either.
const parseDayOfMonth = (text: string): DayRule | undefined => {
  if (text === "L") return { by: "last-day" };
  // The console takes LW. (github.com/grumBit/aws_cron_expression_validator/issues/18)
  if (text === "LW") return { by: "last-working-day" };
  if (text.endsWith("W")) {
    const day = parseNumber(text.slice(0, -1), DAY_OF_MONTH);
    return day === undefined ? undefined : { by: "nearest-working-day", day };
  }
  const days = parseNumbers(text, DAY_OF_MONTH);
  return days === undefined ? undefined : { by: "day-of-month", days };
};

const parseDayOfWeek = (text: string): DayRule | undefined => {
  // The last day of a week that begins on Sunday.
  if (text === "L") return { by: "day-of-week", weekdays: [7] };
  if (text.endsWith("L")) {
    const weekday = parseNumber(text.slice(0, -1), DAY_OF_WEEK);
    return weekday === undefined ? undefined : { by: "last-of-weekday", weekday };
  }
  const [, weekdayText, nthText] = /^([^#]*)#([1-5])$/.exec(text) ?? [];
  if (weekdayText !== undefined) {
    const weekday = parseNumber(weekdayText, DAY_OF_WEEK);
    return weekday === undefined
      ? undefined
      : { by: "nth-of-weekday", weekday, nth: Number(nthText) };
  }
  const weekdays = parseNumbers(text, DAY_OF_WEEK);
  return weekdays === undefined ? undefined : { by: "day-of-week", weekdays };
};

/** The days of one month that a rule means, ascending; none where the month has no such day. */
export const daysOfMonth = (rule: DayRule, year: number, month: number): readonly number[] => {
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const weekdayOf = (day: number): number =>
    new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;
  switch (rule.by) {
    case "day-of-month":
      return rule.days.filter((day) => day <= last);
    case "last-day":
      return [last];
    case "last-working-day":
      return [nearestWorkingDay(last, last, weekdayOf(last))];
    case "nearest-working-day":
      return rule.day > last ? [] : [nearestWorkingDay(rule.day, last, weekdayOf(rule.day))];
    case "day-of-week": {
      const days = Array.from({ length: last }, (_, index) => index + 1);
      return days.filter((day) => rule.weekdays.includes(weekdayOf(day)));
    }
    case "last-of-weekday":
      return [last - ((weekdayOf(last) - rule.weekday + 7) % 7)];
    case "nth-of-weekday": {
      const day = 1 + ((rule.weekday - weekdayOf(1) + 7) % 7) + 7 * (rule.nth - 1);
      return day > last ? [] : [day];
    }
  }
};

// Saturday → Friday, Sunday → Monday, but never over the month's border: the 1st on a Saturday is Monday the 3rd. AWS
// says nothing of borders; this is Quartz's rule.
const nearestWorkingDay = (day: number, last: number, weekday: number): number => {
  if (weekday === 7) return day === 1 ? 3 : day - 1;
  if (weekday === 1) return day === last ? day - 2 : day + 1;
  return day;
};
