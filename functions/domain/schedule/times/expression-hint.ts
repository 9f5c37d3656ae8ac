import { shown } from "#domain/printable.ts";
import { isScheduleExpression } from "#domain/schedule/expressions/parse-schedule-expression.ts";

const EXAMPLES = {
  at: "Say a day and a time that exist, without zone: at(2026-12-24T18:00:00).",
  rate: "Say a whole number of minutes, hours or days: rate(15 minutes).",
  cron: "Say six fields, minutes hours day-of-month month day-of-week year, one of the two days a ?: cron(45 22 ? * MON-FRI *).",
} as const;

const FIELDS = [
  { name: "minutes", range: "0-59", alone: (field: string) => `cron(${field} 0 * * ? *)` },
  { name: "hours", range: "0-23", alone: (field: string) => `cron(0 ${field} * * ? *)` },
  { name: "day of the month", range: "1-31", alone: (field: string) => `cron(0 0 ${field} * ? *)` },
  { name: "month", range: "1-12", alone: (field: string) => `cron(0 0 * ${field} ? *)` },
  { name: "day of the week", range: "1-7", alone: (field: string) => `cron(0 0 ? * ${field} *)` },
  { name: "year", range: "1970-2199", alone: (field: string) => `cron(0 0 * * ? ${field})` },
] as const;

/** What to say instead of an expression that is refused, and which field is at fault. AWS has one text for all. */
export const hintFor = (text: string): string => {
  const [, kind, inside = ""] = /^\s*(at|rate|cron)\s*\((.*)\)\s*$/i.exec(text) ?? [];
  const word = kind?.toLowerCase();
  if (word === "at") return EXAMPLES.at;
  if (word === "rate") return EXAMPLES.rate;
  return word === "cron" ? `${faultOf(inside)}${EXAMPLES.cron}` : Object.values(EXAMPLES).join(" ");
};

// A field is at fault when it is refused among fields that are good.
const faultOf = (inside: string): string => {
  const fields = inside.split(" ");
  if (fields.length !== FIELDS.length) return `It has ${fields.length} fields. `;
  for (const [index, { name, range, alone }] of FIELDS.entries()) {
    const field = fields[index] ?? "";
    const isDay = index === 2 || index === 4;
    if ((isDay && field === "?") || isScheduleExpression(alone(field))) continue;
    return `The ${name}, ${shown(field)}, is not of ${range}. `;
  }
  return "";
};
