import { queryFirings } from "#adapters/query-firings.ts";
import { queryPartition } from "#adapters/query-partition.ts";
import type { Firing } from "#domain/audit/firing-record.ts";
import { parseSunRefreshRecord, type SunRefresh } from "#domain/audit/sun-refresh-record.ts";
import type { HomeId } from "#domain/home/home-id.ts";
import { SUN_REFRESHES_KEY, schedulesKey } from "#domain/home/keys.ts";
import { parseSchedule, type Schedule } from "#domain/schedule/schedule.ts";
import { scheduleNamed } from "#domain/schedule/schedule-named.ts";
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

/** One of a home's schedules by its name. @throws HomeError as `storedSchedules` and `scheduleNamed` */
export const storedSchedule = async (
  tables: Tables,
  home: HomeId,
  name: string,
): Promise<Schedule> =>
  scheduleNamed(
    name,
    await storedSchedules(tables, home),
    "List them with npm run schedule -- list.",
  );

/** What became of a schedule's newest firings, the last first. */
export const newestFirings = async (
  { dynamoDb, auditTable }: Tables,
  home: HomeId,
  schedule: string,
  newest: number,
): Promise<readonly Firing[]> => queryFirings(dynamoDb, auditTable, { home, schedule, newest });

/** The last daily refresh of what the sun decides; undefined before the first. */
export const lastSunRefresh = async ({
  dynamoDb,
  auditTable,
}: Tables): Promise<SunRefresh | undefined> => {
  const partition = SUN_REFRESHES_KEY;
  const [item] = await queryPartition(dynamoDb, auditTable, { partition, newest: 1 });
  return item === undefined ? undefined : parseSunRefreshRecord(item);
};
