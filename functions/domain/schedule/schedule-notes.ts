import { counted } from "#domain/counted.ts";
import type { HomeMeta } from "#domain/home/home-meta.ts";
import { mostLateMs } from "./decide-firing.ts";
import type { Schedule } from "./schedule.ts";
import { localDay } from "./times/moment.ts";
import { monthsLeftOut } from "./times/months-left-out.ts";
import { nextFirings } from "./times/next-firings.ts";
import type { When } from "./times/when.ts";

const YEAR_MS = 366 * 86_400_000;

/** What a schedule's rules mean for it, a sentence each: what is left out or comes late, and what nobody knows. */
export const scheduleNotes = (
  schedule: Schedule,
  when: When,
  { holidays = {} }: Pick<HomeMeta, "holidays">,
  nowMs: number,
): readonly string[] => [
  ...monthsLeftOut(when),
  ...gapNotes(schedule, when, nowMs),
  missedNote(schedule),
  ...spreadNotes(schedule),
  ...holidayNotes(schedule, when, holidays, nowMs),
];

const gapNotes = ({ zone, gap }: Schedule, when: When, nowMs: number): readonly string[] => {
  // The sun leaps over no time, and a rate counts real hours.
  if (when.form === "sun" || when.expression.kind === "rate") return [];
  if (when.form === "expression" && when.expression.kind === "cron") {
    return [
      gap === "skip"
        ? "A time that the spring night leaves out is skipped; one that the autumn night repeats comes once, the first time."
        : "For a time that the spring night leaves out it runs right after; one that the autumn night repeats comes once, the first time.",
    ];
  }
  const query = { zone, after: nowMs, until: nowMs + YEAR_MS, count: YEAR_MS, gap };
  if (gap === "skip") {
    return nextFirings(when, query)
      .skipped.filter(({ why }) => why === "gap")
      .map(({ day, text }) => `On ${day} it is skipped: ${text}.`);
  }
  return nextFirings(when, query).firings.flatMap(({ local, instead }) =>
    instead === undefined ? [] : [`It runs ${local}, because ${instead}.`],
  );
};

const missedNote = ({ missed }: Schedule): string => {
  const late = counted(mostLateMs(missed) / 60_000, "minute");
  return missed.policy === "skip"
    ? `What comes more than ${late} late, after an outage, is skipped and not made up for.`
    : `What is missed, in an outage, runs once if it is at most ${late} late; later it is skipped.`;
};

const spreadNotes = ({ spreadMinutes }: Schedule): readonly string[] =>
  spreadMinutes === 0
    ? []
    : [`It comes up to ${counted(spreadMinutes, "minute")} later, when the scheduler chooses.`];

const holidayNotes = (
  { skipHolidays, zone }: Schedule,
  when: When,
  holidays: NonNullable<HomeMeta["holidays"]>,
  nowMs: number,
): readonly string[] => {
  if (!skipHolidays) return isOnSomeWeekdays(when) ? ["It runs on holidays too."] : [];
  const today = localDay(nowMs, zone);
  const year = Number(today.slice(0, 4));
  // The list of the coming year is missing long before its first firing is told.
  const unknown = [year, year + 1].filter((one) => holidays[String(one)] === undefined);
  return [
    "It leaves out the home's holidays.",
    ...(unknown.length === 0
      ? []
      : [
          `Nobody told the home's holidays of ${unknown.join(" and ")}, so it runs on them: npm run schedule -- settings --holidays FILE.`,
        ]),
  ];
};

// Whoever says Monday to Friday often means working days.
const isOnSomeWeekdays = (when: When): boolean => {
  if (when.form === "sun") return when.weekdays.length < 7;
  return when.form === "clock" && "weekdays" in when.on && when.on.weekdays.length < 7;
};
