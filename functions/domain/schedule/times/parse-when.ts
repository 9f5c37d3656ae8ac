import { HomeError } from "#domain/home-error.ts";
import { shown } from "#domain/printable.ts";
import { parseScheduleExpression } from "#domain/schedule/expressions/parse-schedule-expression.ts";
import { hintFor } from "./expression-hint.ts";
import { cronWeekdays, EVERY_WEEKDAY, parseWeekdays, type Weekday } from "./weekdays.ts";
import type { ClockWhen, ExpressionWhen, SunWhen, When } from "./when.ts";

const FORMS =
  'Say for example "at 22:45 daily", "at 06:15 on mon..fri", "at 07:00 on last day", "sunset +30m on sat,sun" or cron(45 22 ? * MON-FRI *).';

// Beyond half a day the run would be nearer to another event of the same kind.
const MOST_OFFSET_MINUTES = 720;

/**
 * Reads when a scene is to run: the home's own words, or an expression of EventBridge Scheduler.
 * @throws HomeError `ScheduleInvalid`, or `ScheduleExpressionInvalid` for what looks like an expression, with the part that
 * is wrong and what to say instead
 */
export const parseWhen = (text: string): When => {
  if (/^\s*[a-z]+\s*\(/i.test(text)) return parseExpression(text);
  const words = text.toLowerCase().trim().replace(/\s+/g, " ");
  const [, time, clockDays] = /^at (\S+) ?(.*)$/.exec(words) ?? [];
  if (time !== undefined && clockDays !== undefined) return parseClock(text, time, clockDays);
  const [, event, rest = ""] = /^(sunrise|sunset)\b ?(.*)$/.exec(words) ?? [];
  if (event === "sunrise" || event === "sunset") return parseSun(text, event, rest);
  throw invalid(text, "It begins with none of at, sunrise, sunset, cron( and rate(.");
};

const invalid = (text: string, why: string): HomeError =>
  new HomeError("ScheduleInvalid", `No times are meant by ${shown(text)}. ${why} ${FORMS}`);

const parseExpression = (text: string): ExpressionWhen => {
  try {
    return {
      form: "expression",
      awsExpression: text,
      expression: parseScheduleExpression(text),
    };
  } catch (cause) {
    if (!(cause instanceof HomeError)) throw cause;
    throw new HomeError(cause.code, `${cause.message} ${hintFor(text)}`, { cause });
  }
};

const parseClock = (text: string, time: string, days: string): ClockWhen => {
  const [, hour, minute] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(time) ?? [];
  if (hour === undefined || minute === undefined) {
    throw invalid(text, `${shown(time)} is no time of day from 00:00 to 23:59.`);
  }
  const on = parseDays(text, days);
  const awsExpression = `cron(${Number(minute)} ${Number(hour)} ${cronDays(on)} *)`;
  return {
    form: "clock",
    time: `${hour.padStart(2, "0")}:${minute}`,
    on,
    awsExpression,
    expression: parseScheduleExpression(awsExpression),
  };
};

const parseDays = (text: string, days: string): ClockWhen["on"] => {
  if (days === "on last day") return { dayOfMonth: "last" };
  const [, dayOfMonth] = /^on day (\S+)$/.exec(days) ?? [];
  if (dayOfMonth === undefined) return { weekdays: weekdaysOf(text, days) };
  if (!/^([1-9]|[12]\d|3[01])$/.test(dayOfMonth)) {
    throw invalid(text, `${shown(dayOfMonth)} is no day of a month, from 1 to 31.`);
  }
  return { dayOfMonth: Number(dayOfMonth) };
};

const weekdaysOf = (text: string, days: string): readonly Weekday[] => {
  if (days === "daily") return EVERY_WEEKDAY;
  const [, list] = /^on (.+)$/.exec(days) ?? [];
  const weekdays = list === undefined ? undefined : parseWeekdays(list);
  if (weekdays !== undefined) return weekdays;
  throw invalid(
    text,
    list === undefined
      ? `Its days are missing: daily, on mon..fri, on day 31.`
      : `${shown(list)} names no days; they are mon, tue, wed, thu, fri, sat and sun.`,
  );
};

// The day of the month, the month and the day of the week.
const cronDays = (on: ClockWhen["on"]): string => {
  if ("dayOfMonth" in on) return `${on.dayOfMonth === "last" ? "L" : on.dayOfMonth} * ?`;
  return on.weekdays.length === EVERY_WEEKDAY.length ? "* * ?" : `? * ${cronWeekdays(on.weekdays)}`;
};

const parseSun = (text: string, event: SunWhen["event"], rest: string): SunWhen => {
  const [, sign, amount, unit, days = ""] =
    /^(?:([+-]) ?(\d{1,4}) ?(m|h)\b)? ?(.*)$/.exec(rest) ?? [];
  const size = Number(amount ?? 0) * (unit === "h" ? 60 : 1);
  if (size > MOST_OFFSET_MINUTES) throw invalid(text, `The offset is more than 12 hours.`);
  if (!/^(|daily|on .+)$/.test(days)) {
    throw invalid(
      text,
      `${shown(days)} is neither an offset, such as +30m or -1h, nor days, such as on sat,sun.`,
    );
  }
  return {
    form: "sun",
    event,
    offsetMinutes: sign === "-" && size > 0 ? -size : size,
    weekdays: days === "" ? EVERY_WEEKDAY : weekdaysOf(text, days),
  };
};
