import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { HomeId } from "#domain/home/home-id.ts";
import { type HomeMeta, parseMeta } from "#domain/home/home-meta.ts";
import { DIRECTORY_KEY, homeKey, META_KEY, schedulesKey } from "#domain/home/keys.ts";
import { parseSchedule, type Schedule, type ScheduleId } from "#domain/schedule/schedule.ts";
import { dynamoDbClient as client } from "./dynamodb-client.ts";
import { queryPartition } from "./query-partition.ts";

/** Every home that is there. @throws HomeError of the first record that is wrong */
export const listHomes = async (tableName: string): Promise<readonly HomeId[]> => {
  const items = await queryPartition(client, tableName, { partition: DIRECTORY_KEY });
  return items
    .map(parseMeta)
    .filter(({ state }) => state === "active")
    .map(({ home }) => home);
};

/** The items of a home's schedules, not read yet: one that is wrong keeps no other from being placed. */
export const readScheduleItems = (tableName: string, home: HomeId): Promise<readonly unknown[]> =>
  queryPartition(client, tableName, { partition: schedulesKey(home), home });

/** A home's META; `undefined` where there never was one. @throws HomeError `HomeInvalid`, `FormatUnknown` */
export const readMeta = async (tableName: string, home: HomeId): Promise<HomeMeta | undefined> => {
  const item = await readItem(tableName, homeKey(home), META_KEY);
  return item === undefined ? undefined : parseMeta(item);
};

/** A schedule as it is now; `undefined` where there is none. @throws HomeError `RecordInvalid`, `FormatUnknown` */
export const readSchedule = async (
  tableName: string,
  home: HomeId,
  schedule: ScheduleId,
): Promise<Schedule | undefined> => {
  const item = await readItem(tableName, schedulesKey(home), schedule);
  return item === undefined ? undefined : parseSchedule(item, home);
};

const readItem = async (
  tableName: string,
  PK: string,
  SK: string,
): Promise<Readonly<Record<string, unknown>> | undefined> => {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: tableName, Key: marshall({ PK, SK }), ConsistentRead: true }),
  );
  return Item === undefined ? undefined : unmarshall(Item);
};
