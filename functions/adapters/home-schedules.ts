import { ConditionalCheckFailedException, DeleteItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { type HomeAccess, homeOf } from "#domain/access/home-access.ts";
import type { Firing } from "#domain/audit/firing-record.ts";
import { type HomeMeta, parseMeta } from "#domain/home/home-meta.ts";
import { homeKey, META_KEY, schedulesKey } from "#domain/home/keys.ts";
import { HomeError } from "#domain/home-error.ts";
import { parseSchedule, type Schedule, scheduleRecord } from "#domain/schedule/schedule.ts";
import { dynamoDbClient as client } from "./dynamodb-client.ts";
import { queryFirings } from "./query-firings.ts";
import { queryPartition } from "./query-partition.ts";
import { putOnce } from "./sdk/put-once.ts";

/** What the home is, beside its devices and scenes. @throws HomeError `HomeUnknown`, or of a record that is wrong */
export const readHomeMeta = async (tableName: string, access: HomeAccess): Promise<HomeMeta> => {
  const home = homeOf(access);
  const [item] = await queryPartition(client, tableName, {
    partition: homeKey(home),
    prefix: META_KEY,
    home,
  });
  const meta = item === undefined ? undefined : parseMeta(item);
  if (meta?.state === "active") return meta;
  throw new HomeError("HomeUnknown", `There is no home "${home}". Nothing was changed.`);
};

/** All schedules of the home, in the order of their ids. @throws HomeError of the first record that is wrong */
export const readSchedules = async (
  tableName: string,
  access: HomeAccess,
): Promise<readonly Schedule[]> => {
  const home = homeOf(access);
  const items = await queryPartition(client, tableName, { partition: schedulesKey(home), home });
  return items.map((item) => parseSchedule(item, home));
};

/** The newest firings of a schedule, the last first. */
export const readNewestFirings = async (
  auditTableName: string,
  access: HomeAccess,
  schedule: string,
  newest: number,
): Promise<readonly Firing[]> =>
  queryFirings(client, auditTableName, { home: homeOf(access), schedule, newest });

/**
 * Writes a schedule in the place of the one that was read, or where there is none.
 * @throws HomeError `ScheduleChanged` when somebody was faster
 */
export const writeSchedule = async (
  tableName: string,
  schedule: Schedule,
  before: Schedule | undefined,
): Promise<void> => {
  const isWritten = await putOnce(client, {
    TableName: tableName,
    Item: marshall(scheduleRecord(schedule), { removeUndefinedValues: true }),
    ...(before === undefined
      ? { ConditionExpression: "attribute_not_exists(PK)" }
      : whileItIs(before)),
  });
  if (!isWritten) throw changedMeanwhile(schedule);
};

/**
 * Deletes a schedule as it was read; one that is gone already is deleted.
 * @throws HomeError `ScheduleChanged` when somebody changed it meanwhile
 */
export const deleteSchedule = async (tableName: string, before: Schedule): Promise<void> => {
  const { PK, SK } = scheduleRecord(before);
  try {
    await client.send(
      new DeleteItemCommand({
        TableName: tableName,
        Key: marshall({ PK, SK }),
        ...whileItIs(before),
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    // Of two tries of the SDK the second finds nothing.
    if (error.Item !== undefined) throw changedMeanwhile(before);
  }
};

const whileItIs = ({ version, standing }: Schedule) => ({
  ConditionExpression: "version = :version AND standing = :standing",
  ExpressionAttributeValues: marshall({ ":version": version, ":standing": standing }),
});

const changedMeanwhile = ({ schedule }: Schedule): HomeError =>
  new HomeError(
    "ScheduleChanged",
    `Somebody else changed the schedule "${schedule}" at the same time. List it and call again. Nothing was changed.`,
  );
