import { ConditionalCheckFailedException, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { dynamoDbClient as client } from "#adapters/dynamodb-client.ts";
import { queryPartition } from "#adapters/query-partition.ts";
import { type HomeAccess, homeOf } from "#domain/access/home-access.ts";
import { FORMAT } from "#domain/format.ts";
import { claimKey, claimsKey } from "#domain/home/keys.ts";
import { HomeError } from "#domain/home-error.ts";
import { claimsOverBeforeMs, type RunClaim } from "#domain/run/run-claim.ts";

// DynamoDB deletes an item some time after its moment; until then it stands there, and hinders no claim.
const KEPT_SECONDS = 3_600;

/** A claim that may be taken over: that of this run, where `beforeMs` is given one of before that moment. */
export interface TakenOver {
  readonly run: string;
  readonly beforeMs?: number;
}

/**
 * Claims a run for what somebody asks for, and answers its id; where there is a claim that is neither over nor to be taken
 * over, the id of that one's run. One write, whose condition lets one of several through.
 */
export const claimRun = async (
  tableName: string,
  access: HomeAccess,
  claim: RunClaim,
  after?: TakenOver,
): Promise<string> => {
  const { key, run, claimedAtMs } = claim;
  try {
    await client.send(
      new PutItemCommand({
        TableName: tableName,
        Item: itemOf(access, claim),
        ConditionExpression: [
          "attribute_not_exists(PK)",
          "claimedAtMs < :over",
          ...isOf(after),
        ].join(" OR "),
        ExpressionAttributeValues: {
          ":over": { N: String(claimsOverBeforeMs(claimedAtMs)) },
          ...(after === undefined ? {} : { ":after": { S: after.run } }),
          ...(after?.beforeMs === undefined ? {} : { ":before": { N: String(after.beforeMs) } }),
        },
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );
    return run;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const claimed = error.Item?.run?.S;
    if (claimed !== undefined) return claimed;
    throw new HomeError("RecordInvalid", `The claim ${key} names no run.`, { cause: error });
  }
};

/** Writes a claim whatever stands there. */
export const putClaim = async (
  tableName: string,
  access: HomeAccess,
  claim: RunClaim,
): Promise<void> => {
  await client.send(new PutItemCommand({ TableName: tableName, Item: itemOf(access, claim) }));
};

/** The run that a claim names, also when the time of that run is over; `undefined` where there is no claim. */
export const readClaim = async (
  tableName: string,
  access: HomeAccess,
  key: string,
): Promise<string | undefined> => {
  const partition = claimsKey(homeOf(access));
  const [item] = await queryPartition(client, tableName, { partition, prefix: claimKey(key) });
  if (item === undefined) return undefined;
  if (typeof item.run === "string") return item.run;
  throw new HomeError("RecordInvalid", `The claim ${key} names no run.`);
};

const isOf = (after: TakenOver | undefined): readonly string[] => {
  if (after === undefined) return [];
  return [
    after.beforeMs === undefined ? "run = :after" : "(run = :after AND claimedAtMs < :before)",
  ];
};

const itemOf = (access: HomeAccess, { key, run, claimedAtMs }: RunClaim) =>
  marshall({
    PK: claimsKey(homeOf(access)),
    SK: claimKey(key),
    v: FORMAT,
    run,
    claimedAtMs,
    goneAt: Math.ceil(claimedAtMs / 1000) + KEPT_SECONDS,
  });
