import { queryPartition } from "#adapters/query-partition.ts";
import { type Firing, parseFiringRecord } from "#domain/audit/firing-record.ts";
import { parseSunRefreshRecord, type SunRefresh } from "#domain/audit/sun-refresh-record.ts";
import type { HomeId } from "#domain/home/home-id.ts";
import { SUN_REFRESHES_KEY, scheduleFiringsKey, schedulesKey } from "#domain/home/keys.ts";
import { resolveName } from "#domain/home/names.ts";
import { parseSchedule, type Schedule } from "#domain/schedule/schedule.ts";
import type { Registry } from "../devices/registry.ts";

type Tables = Pick<Registry, "dynamoDb" | "homeTable" | "auditTable">;

/** A home's schedules, in the order of their ids. @throws HomeError of the first record that is wrong */
export const storedSchedules = async (
  { dynamoDb, homeTable }: Tables,
  home: HomeId,
): Promise<readonly Schedule[]> => {
  const items = await queryPartition(dynamoDb, homeTable, { partition: schedulesKey(home), home });
  return items.map((item) => parseSchedule(item, home));
};

/** The schedule that a name means. @throws HomeError `ScheduleUnknown` with the closest, `NameAmbiguous` */
export const scheduleNamed = (name: string, schedules: readonly Schedule[]): Schedule =>
  resolveName(
    name,
    schedules.map((schedule) => ({
      id: schedule.schedule,
      name: schedule.name,
      aliases: [],
      schedule,
    })),
    {
      noun: "schedule",
      unknown: "ScheduleUnknown",
      next: "List them with npm run schedule -- list.",
    },
  ).schedule;

/** What became of a schedule's newest firings, the last first. */
export const newestFirings = async (
  { dynamoDb, auditTable }: Tables,
  home: HomeId,
  schedule: string,
  newest: number,
): Promise<readonly Firing[]> => {
  const partition = scheduleFiringsKey(home, schedule);
  const items = await queryPartition(dynamoDb, auditTable, { partition, newest, home });
  return items.map((item) => parseFiringRecord(item, home));
};

/** The last daily refresh of what the sun decides; undefined before the first. */
export const lastSunRefresh = async ({
  dynamoDb,
  auditTable,
}: Tables): Promise<SunRefresh | undefined> => {
  const partition = SUN_REFRESHES_KEY;
  const [item] = await queryPartition(dynamoDb, auditTable, { partition, newest: 1 });
  return item === undefined ? undefined : parseSunRefreshRecord(item);
};
