import type { Firing } from "#domain/audit/firing-record.ts";
import type { HomeId } from "#domain/home/home-id.ts";
import { HomeError } from "#domain/home-error.ts";
import { isScheduleId } from "#domain/schedule/schedule.ts";
import { localRegistry } from "../devices/registry.ts";
import { firingLine } from "../schedule/lines.ts";
import { newestFirings, scheduleNamed, storedSchedules } from "../schedule/stored-schedules.ts";

/** A firing, and the zone in which people read its times. */
export interface ReadFiring extends Firing {
  readonly zone: string;
}

const NEWEST = 200;

/**
 * What became of firings: a named schedule's newest, the last first, or those of all schedules that were planned on a day,
 * in the order of their times.
 * @throws HomeError `ScheduleUnknown` for a name that no schedule has, and no record
 */
export const firingsIn = async (
  data: string,
  home: HomeId,
  name: string | undefined,
  day: string,
): Promise<readonly ReadFiring[]> => {
  const registry = await localRegistry(data);
  try {
    const schedules = await storedSchedules(registry, home);
    const read = async (schedule: string, zone: string): Promise<readonly ReadFiring[]> => {
      const firings = await newestFirings(registry, home, schedule, NEWEST);
      return firings.map((firing) => ({ ...firing, zone }));
    };
    if (name === undefined) {
      const all: ReadFiring[] = [];
      for (const { schedule, zone } of schedules) all.push(...(await read(schedule, zone)));
      return all
        .filter(({ plannedAt }) => plannedAt.startsWith(day))
        .toSorted((one, other) => (one.plannedAt < other.plannedAt ? -1 : 1));
    }
    try {
      const { schedule, zone } = scheduleNamed(name, schedules);
      return await read(schedule, zone);
    } catch (error) {
      if (!(error instanceof HomeError) || !isScheduleId(name)) throw error;
      // What a schedule did outlives it; in which zone its times were meant does not.
      const removed = await read(name, "UTC");
      if (removed.length === 0) throw error;
      return removed;
    }
  } finally {
    registry.close();
  }
};

/** Firings in one line each, with the schedule's name. */
export const firingLines = (firings: readonly ReadFiring[]): readonly string[] =>
  firings.length === 0
    ? ["No firing is recorded."]
    : firings.map(
        (firing) =>
          `${JSON.stringify(firing.name)}  ${firing.scene}  ${firingLine(firing, firing.zone)}`,
      );
