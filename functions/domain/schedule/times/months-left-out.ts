import type { CronFields } from "#domain/schedule/expressions/cron-fields.ts";
import { inWords } from "./weekdays.ts";
import type { When } from "./when.ts";

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

const NTH: Readonly<Record<number, string>> = { 29: "29th", 30: "30th", 31: "31st" };

/**
 * What to tell whoever wants a day that not every month has, one sentence for each such day: it is not moved, and people
 * often mean the last day. Nothing is told of `*` and of ranges to the month's end, which mean what there is.
 */
export const monthsLeftOut = (when: When): readonly string[] => {
  if (when.form === "sun" || when.expression.kind !== "cron") return [];
  const { fields } = when.expression;
  return daysWanted(fields).flatMap((day) => {
    const short = fields.months.filter((month) => month !== 2 && lengthOf(month) < day);
    const february = fields.months.includes(2);
    const months = [...(february && day > 29 ? [2] : []), ...short].map(
      (month) => MONTHS[month - 1] ?? "",
    );
    const nth = NTH[day] ?? "";
    const leap =
      february && day === 29
        ? ["February has a 29th in leap years only: in other years it does not run in February."]
        : [];
    if (months.length === 0) return leap;
    return [
      `${inWords(months)} ${months.length === 1 ? "has" : "have"} no ${nth}: it does not run in ${months.length === 1 ? "that month" : "those months"}. "on last day", or L in cron, means the end of every month.`,
    ];
  });
};

const daysWanted = ({ days }: CronFields): readonly number[] => {
  switch (days.by) {
    case "day-of-month":
      return [28, 29, 30, 31].every((day) => days.days.includes(day))
        ? []
        : days.days.filter((day) => day > 28);
    case "nearest-working-day":
      return days.day > 28 ? [days.day] : [];
    case "last-day":
    case "last-working-day":
    case "day-of-week":
    case "last-of-weekday":
    case "nth-of-weekday":
      return [];
  }
};

const lengthOf = (month: number): number => new Date(Date.UTC(2027, month, 0)).getUTCDate();
