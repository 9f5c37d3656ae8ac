import { type HomeAccess, homeOf } from "#domain/access/home-access.ts";
import { parseApproval, type RecordedApproval } from "#domain/audit/approval-record.ts";
import { parsePlanRecord, type ShownPlan } from "#domain/audit/plan-record.ts";
import { approvalKey, planKey } from "#domain/home/keys.ts";
import { dynamoDbClient as client } from "./dynamodb-client.ts";
import { queryPartition } from "./query-partition.ts";

/** The plan of that hash as it was shown last in the home; undefined where it never was. */
export const readShownPlan = async (
  tableName: string,
  access: HomeAccess,
  hash: string,
): Promise<ShownPlan | undefined> => {
  const home = homeOf(access);
  const partition = planKey(home, hash);
  const [item] = await queryPartition(client, tableName, { partition, newest: 1, home });
  return item === undefined ? undefined : parsePlanRecord(item);
};

/** What was asked of the home's residents under that id, and whether it was used. */
export const readApproval = async (
  tableName: string,
  access: HomeAccess,
  id: string,
): Promise<RecordedApproval | undefined> => {
  const home = homeOf(access);
  return parseApproval(
    await queryPartition(client, tableName, { partition: approvalKey(home, id), home }),
  );
};
