import { deleteSchedule, writeSchedule } from "#adapters/home-schedules.ts";
import { recordFiring } from "#adapters/runs/firings.ts";
import { readMeta, readScheduleItems } from "#adapters/schedule-table.ts";
import { type Site, stageScheduler } from "#adapters/schedules-client.ts";
import type { HomeMeta } from "#domain/home/home-meta.ts";
import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { gapFirings, type Stretch } from "#domain/schedule/gap-firings.ts";
import { parseSchedule, type Schedule } from "#domain/schedule/schedule.ts";

type HomeId = HomeMeta["home"];

/** Names of the tables. */
export interface TableNames {
  readonly home: string;
  readonly audit: string;
}

/** What could not be refreshed. */
export interface Failure {
  readonly what: string;
  /** A record that is wrong, a position that nobody told: the same tomorrow, unless somebody mends it. */
  readonly isOfTheHome: boolean;
  readonly error: unknown;
}

/** What was done for one home. */
export interface HomeRefresh {
  readonly schedules: number;
  readonly placed: number;
  readonly failures: readonly Failure[];
}

const scheduler = stageScheduler();

/** Places a home's single firings, and finishes what was left half done. It never throws: a home keeps no other waiting. */
export const refreshHome = async (tables: TableNames, home: HomeId): Promise<HomeRefresh> => {
  let placed = 0;
  const failures: Failure[] = [];
  const attempt = async (what: string, act: () => Promise<void>): Promise<void> => {
    try {
      await act();
    } catch (error) {
      failures.push(failureOf(what, error));
    }
  };
  let items: readonly unknown[] = [];
  let site: Site | undefined;
  await attempt(home, async () => {
    items = await readScheduleItems(tables.home, home);
    site = items.length === 0 ? undefined : await readMeta(tables.home, home);
  });
  for (const item of items) {
    await attempt(`${home} ${isObject(item) ? String(item.SK) : ""}`, async () => {
      placed += await refresh(tables, parseSchedule(item, home), site ?? {});
    });
  }
  return { schedules: items.length, placed, failures };
};

const refresh = async (tables: TableNames, schedule: Schedule, site: Site): Promise<number> => {
  switch (schedule.standing) {
    case "to_remove":
      await scheduler.remove(schedule, site);
      await deleteSchedule(tables.home, schedule);
      return 0;
    case "to_place":
      await scheduler.place(schedule, site);
      await writeSchedule(tables.home, { ...schedule, standing: "placed" }, schedule);
      return 0;
    case "placed":
      for (const firing of gapFirings(schedule, lastDays())) {
        await recordFiring(tables.audit, firing);
      }
      return scheduler.placeSingles(schedule, site);
  }
};

// A refresh that failed leaves no leap untold.
const lastDays = (): Stretch => ({ fromMs: Date.now() - 49 * 3_600_000, untilMs: Date.now() });

const failureOf = (what: string, error: unknown): Failure => {
  if (error instanceof HomeError)
    return { what: `${what}: ${error.code}`, isOfTheHome: true, error };
  return {
    what: `${what}: ${error instanceof Error ? error.name : String(error)}`,
    isOfTheHome: false,
    error,
  };
};
