import type { Firing } from "#domain/audit/firing-record.ts";
import type { Schedule } from "./schedule.ts";
import { timeOfWall } from "./times/moment.ts";
import { parseWhen } from "./times/parse-when.ts";
import { planned } from "./times/planned.ts";

/** A stretch of time, the end included. */
export interface Stretch {
  readonly fromMs: number;
  readonly untilMs: number;
}

/**
 * What a schedule left out in a stretch of time because the clocks leapt over it, one for each leap, for the history:
 * nothing fires then, so nobody else could tell. Its planned moment is the first one after the leap.
 * @throws HomeError `ScheduleInvalid`, `ScheduleExpressionInvalid`, `ZoneUnknown`
 */
export const gapFirings = (schedule: Schedule, { fromMs, untilMs }: Stretch): readonly Firing[] => {
  const when = parseWhen(schedule.when);
  if (when.form === "sun" || schedule.gap !== "skip") return [];
  const { home, schedule: id, name, scene, zone, createdAt, changedAt } = schedule;
  // Before that it was another schedule.
  const after = Math.max(fromMs, Date.parse(changedAt ?? createdAt));
  const leaps = new Map<number, Firing>();
  for (const { at, wallMs, isInGap } of planned(when, { zone, after, until: untilMs })) {
    if (!isInGap || leaps.has(at)) continue;
    const plannedAt = new Date(at).toISOString();
    leaps.set(at, {
      home,
      schedule: id,
      name,
      scene,
      kind: "skipped",
      plannedAt,
      startedAt: plannedAt,
      code: "TimeDoesNotExist",
      why: `${timeOfWall(wallMs)} did not exist that night.`,
    });
  }
  return [...leaps.values()];
};
