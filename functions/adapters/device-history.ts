import { QueryCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { type HomeAccess, homeOf } from "#domain/access/home-access.ts";
import { parseOutcomeRecord } from "#domain/audit/outcome-record.ts";
import { parseRequestRecord, type RecordedRequest } from "#domain/audit/request-record.ts";
import type { Device } from "#domain/home/device.ts";
import { DEVICE_INDEX, OUTCOME_KEY, REQUEST_KEY, runKey } from "#domain/home/keys.ts";
import { HomeError } from "#domain/home-error.ts";
import { type DeviceReport, parseDeviceReport } from "#domain/look/device-report.ts";
import type { DeviceOutcome } from "#domain/run/outcome.ts";
import { queryRuns } from "./audit/query-runs.ts";
import { dynamoDbClient as client } from "./dynamodb-client.ts";
import { queryPartition } from "./query-partition.ts";

/** What a device reported last, newest first: one query of the index byDevice. It may be a second behind. */
export const readDeviceReports = async (
  tableName: string,
  access: HomeAccess,
  { thing }: Pick<Device, "thing">,
  most: number,
): Promise<readonly DeviceReport[]> => {
  const home = homeOf(access);
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: tableName,
      IndexName: DEVICE_INDEX,
      KeyConditionExpression: "thing = :thing",
      ExpressionAttributeValues: { ":thing": { S: thing } },
      ScanIndexForward: false,
      Limit: most,
    }),
  );
  return Items.map((stored) => {
    // Devices choose what they report: a number beyond 2^53 must not keep a record from being read.
    const item = unmarshall(stored, { wrapNumbers: Number });
    if (item.home !== home || item.thing !== thing) {
      throw new HomeError("RecordInvalid", `A report of ${thing} is of another home.`);
    }
    return parseDeviceReport(item);
  });
};

/** Who asked for a run of the home, and its plan; undefined where that is no longer recorded. */
export const readRequest = async (
  tableName: string,
  access: HomeAccess,
  run: string,
): Promise<RecordedRequest | undefined> => {
  const home = homeOf(access);
  const key = { partition: runKey(home, run), prefix: REQUEST_KEY, home };
  const [item] = await queryPartition(client, tableName, key);
  return item === undefined ? undefined : parseRequestRecord(item);
};

/** How a device fared in the last runs that asked it and have ended, at most so many, since a moment (ISO 8601). */
export const readDeviceOutcomes = async (
  tableName: string,
  access: HomeAccess,
  device: string,
  { since, until, most }: { readonly since: string; readonly until: string; readonly most: number },
): Promise<readonly DeviceOutcome[]> => {
  const home = homeOf(access);
  const { runs } = await queryRuns(client, tableName, {
    home,
    since,
    until,
    filter: { device },
    most,
  });
  const found = await Promise.all(
    runs.map(async ({ run }) => {
      const key = { partition: runKey(home, run), prefix: OUTCOME_KEY, home };
      const [item] = await queryPartition(client, tableName, key);
      if (item === undefined) return [];
      return parseOutcomeRecord(item).outcomes.filter((one) => one.device === device);
    }),
  );
  return found.flat();
};
