import { counted } from "#domain/counted.ts";
import type { ScheduleExpression } from "#domain/schedule/expressions/schedule-expression.ts";
import { EVERY_WEEKDAY, weekdaysInWords } from "./weekdays.ts";
import type { ClockWhen, SunWhen, When } from "./when.ts";

/** When a scene runs, as people say it: `Monday to Friday at 22:45`, `30 minutes after sunset, every day`. */
export const describeWhen = (when: When): string => {
  switch (when.form) {
    case "clock":
      return `${daysOf(when.on)} at ${when.time}`;
    case "sun":
      return sunInWords(when);
    case "expression":
      return expressionInWords(when.expression, when.awsExpression);
  }
};

const daysOf = (on: ClockWhen["on"]): string => {
  if ("weekdays" in on) return weekdaysInWords(on.weekdays);
  return on.dayOfMonth === "last"
    ? "on the last day of each month"
    : `on day ${on.dayOfMonth} of each month`;
};

const sunInWords = ({ event, offsetMinutes, weekdays }: SunWhen): string => {
  const size = Math.abs(offsetMinutes);
  const length = size % 60 === 0 ? counted(size / 60, "hour") : counted(size, "minute");
  const moment =
    size === 0 ? `at ${event}` : `${length} ${offsetMinutes < 0 ? "before" : "after"} ${event}`;
  return weekdays.length === EVERY_WEEKDAY.length
    ? `${moment}, every day`
    : `${moment}, on ${weekdaysInWords(weekdays)}`;
};

const UNITS = [
  { noun: "day", ms: 86_400_000 },
  { noun: "hour", ms: 3_600_000 },
  { noun: "minute", ms: 60_000 },
] as const;

const expressionInWords = (expression: ScheduleExpression, text: string): string => {
  switch (expression.kind) {
    case "at":
      return `once, on ${new Date(expression.wallMs).toISOString().slice(0, 19).replace("T", " at ")}`;
    case "rate": {
      const [unit] = UNITS.filter(({ ms }) => expression.everyMs % ms === 0);
      const { noun, ms } = unit ?? UNITS[2];
      return `every ${counted(expression.everyMs / ms, noun)}`;
    }
    case "cron":
      return `as ${text} says`;
  }
};
