import type { Holidays } from "#domain/home/home-meta.ts";

/** Is a day, `2026-12-25`, a holiday? `unknown` where the list has nothing of its year: that is no working day by itself. */
export const holidayOf = (day: string, holidays: Holidays): "yes" | "no" | "unknown" => {
  const days = holidays[day.slice(0, 4)];
  if (days === undefined) return "unknown";
  return days.includes(day) ? "yes" : "no";
};

/** What is to be told of a day whose year has no list. */
export const noListOf = (day: string): string => `${day.slice(0, 4)} has no list of holidays`;
