import type { Firing, FiringKind } from "#domain/audit/firing-record.ts";
import type { SunRefresh } from "#domain/audit/sun-refresh-record.ts";
import { counted } from "#domain/counted.ts";
import type { ScheduleView } from "#domain/schedule/schedule-view.ts";
import { inWordsOf } from "#domain/schedule/times/moment.ts";
import type { DeadLetter } from "./dead-letters.ts";

/** A firing in one line: planned and actual time, what became of it, its run, and why. */
export const firingLine = (firing: Firing, zone: string): string => {
  const { kind, plannedAt, startedAt, result, run, code, why, byHand } = firing;
  const end = kind === "fired" ? (result ?? "begun") : kind;
  return [
    `${inWordsOf(Date.parse(plannedAt), zone)}  ${end}`,
    `begun ${startedAt}`,
    ...(byHand === true ? ["by hand"] : []),
    ...(run === undefined ? [] : [run]),
    ...(code === undefined ? [] : [`${code}${why === undefined ? "" : `: ${why}`}`]),
    ...(code === undefined && why !== undefined ? [why] : []),
  ].join("  ");
};

/** How many of a schedule's firings ended how: `20 fired, 1 missed`. */
export const firingCounts = (firings: readonly Firing[]): string => {
  const counts = new Map<FiringKind, number>();
  for (const { kind } of firings) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => `${count} ${kind}`).join(", ");
};

/** Everything about one schedule. `refused` says why its next firing will be. */
export const scheduleLines = (
  view: ScheduleView & { readonly refused?: string },
  firings: readonly Firing[],
): readonly string[] => {
  const { schedule, name, scene, in_words, zone, state, next, left_out, notes, refused } = view;
  const [last] = firings;
  const unhappy = firings.filter(({ kind }) => kind !== "fired").slice(0, 3);
  return [
    `${JSON.stringify(name)}  ${schedule}`,
    `  ${scene}, ${in_words} (${zone})  ${state}`,
    ...next.map((time, index) => `  ${index === 0 ? "next" : "    "}  ${time}`),
    ...left_out.map((text) => `  left out: ${text}`),
    ...notes.map((note) => `  ${note}`),
    ...(refused === undefined ? [] : [`  Its next firing will be refused. ${refused}`]),
    ...(last === undefined
      ? ["  It has not fired yet."]
      : [`  last  ${firingLine(last, zone)}`, `  its newest firings: ${firingCounts(firings)}`]),
    ...unhappy
      .filter((firing) => firing !== last)
      .map((firing) => `        ${firingLine(firing, zone)}`),
  ];
};

/** A dead letter in one line, and how it is run again: only of a schedule that is there. */
export const deadLetterLine = (
  { from, call, why }: DeadLetter,
  schedules: readonly string[],
  inHome: string,
): string => {
  const what = `${from === "scheduler" ? "not delivered" : "broke off"}: ${why}`;
  if (call === undefined) return `  ${what}  (of no schedule)`;
  const next = schedules.includes(call.schedule)
    ? `Again: npm run schedule -- run-now ${call.schedule}${inHome}`
    : "Its schedule is gone; the queue forgets it after two weeks.";
  return `  ${call.schedule}  planned ${call.plannedAt}  ${what}  ${next}`;
};

/** How old the plan of the coming days is. */
export const refreshLine = (refresh: SunRefresh | undefined, nowMs: number): string => {
  if (refresh === undefined) {
    return "What the sun decides was not refreshed yet: a schedule places its own first two days.";
  }
  const hours = Math.floor((nowMs - Date.parse(refresh.at)) / 3_600_000);
  const late = hours >= LATE_HOURS ? "  It should be every day: look at npm run logs." : "";
  const failed =
    refresh.failures.length === 0
      ? ""
      : `; could not do ${counted(refresh.failures.length, "schedule")}: ${refresh.failures.slice(0, 3).join("; ")}`;
  return `What the sun decides was refreshed ${counted(hours, "hour")} ago: ${counted(refresh.placed, "firing")} placed${failed}.${late}`;
};

// A day, and the half hour within which the refresh begins, and its retries.
const LATE_HOURS = 26;
