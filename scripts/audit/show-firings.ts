import type { Firing } from "#domain/audit/firing-record.ts";
import { isDay } from "#domain/audit/period.ts";
import type { HomeId } from "#domain/home/home-id.ts";
import { HomeError } from "#domain/home-error.ts";
import { speltJson } from "#domain/printable.ts";
import { isScheduleId } from "#domain/schedule/schedule.ts";
import { Problem } from "../command/problem.ts";
import type { Registry } from "../devices/registry.ts";
import { firingLine } from "../schedule/lines.ts";
import { newestFirings, storedSchedule, storedSchedules } from "../schedule/stored-schedules.ts";
import type { AuditOptions } from "./options.ts";

/** A firing, and the zone in which people read its times. */
interface ReadFiring extends Firing {
  readonly zone: string;
}

const NEWEST = 200;

/**
 * What became of firings, a line each with the schedule's name: a named schedule's newest, the last first, or those of
 * all schedules that were planned on a day, in the order of their times.
 * @throws HomeError `ScheduleUnknown` for a name that no schedule has, and no record; Problem for what is no day
 */
export const showFirings = async (
  registry: Registry,
  home: HomeId,
  { day = new Date().toISOString().slice(0, 10), json }: Pick<AuditOptions, "day" | "json">,
  name?: string,
): Promise<readonly string[]> => {
  if (!isDay(day)) throw new Problem(`--day must be a day such as 2026-11-23, not "${day}".`);
  const firings =
    name === undefined
      ? await plannedOn(registry, home, day)
      : await newestOf(registry, home, name);
  if (json) return firings.map(speltJson);
  return firings.length === 0
    ? ["No firing is recorded."]
    : firings.map(
        (firing) =>
          `${JSON.stringify(firing.name)}  ${firing.scene}  ${firingLine(firing, firing.zone)}`,
      );
};

const read = async (
  registry: Registry,
  home: HomeId,
  schedule: string,
  zone: string,
): Promise<readonly ReadFiring[]> => {
  const firings = await newestFirings(registry, home, schedule, NEWEST);
  return firings.map((firing) => ({ ...firing, zone }));
};

const plannedOn = async (
  registry: Registry,
  home: HomeId,
  day: string,
): Promise<readonly ReadFiring[]> => {
  const all: ReadFiring[] = [];
  for (const { schedule, zone } of await storedSchedules(registry, home)) {
    all.push(...(await read(registry, home, schedule, zone)));
  }
  return all
    .filter(({ plannedAt }) => plannedAt.startsWith(day))
    .toSorted((one, other) => (one.plannedAt < other.plannedAt ? -1 : 1));
};

const newestOf = async (
  registry: Registry,
  home: HomeId,
  name: string,
): Promise<readonly ReadFiring[]> => {
  try {
    const { schedule, zone } = await storedSchedule(registry, home, name);
    return await read(registry, home, schedule, zone);
  } catch (error) {
    if (!(error instanceof HomeError) || !isScheduleId(name)) throw error;
    // What a schedule did outlives it; in which zone its times were meant does not.
    const removed = await read(registry, home, name, "UTC");
    if (removed.length === 0) throw error;
    return removed;
  }
};
