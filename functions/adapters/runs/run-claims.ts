import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { traced } from "#adapters/observed.ts";
import { SDK_CLIENT } from "#adapters/sdk/sdk-client.ts";
import { type HomeAccess, homeOf } from "#domain/access/home-access.ts";
import { FORMAT } from "#domain/format.ts";
import { claimKey, claimsKey } from "#domain/home/keys.ts";
import { HomeError } from "#domain/home-error.ts";
import { claimsOverBeforeMs, type RunClaim } from "#domain/run/run-claim.ts";

const client = traced(new DynamoDBClient(SDK_CLIENT));

// DynamoDB deletes an item some time after its moment; until then it stands there and says nothing.
const KEPT_SECONDS = 3_600;

/**
 * Claims a run for what somebody asks for, and answers its id; where there is a claim that is not over, or not of the run
 * `after`, the id of that one's run. One write, whose condition lets one of several through.
 * @param after a run that has ended, whose claim may be taken over
 */
export const claimRun = async (
  tableName: string,
  access: HomeAccess,
  claim: RunClaim,
  after?: string,
): Promise<string> => {
  const { key, run, claimedAtMs } = claim;
  try {
    await client.send(
      new PutItemCommand({
        TableName: tableName,
        Item: itemOf(access, claim),
        ConditionExpression: `attribute_not_exists(PK) OR claimedAtMs < :over${after === undefined ? "" : " OR run = :after"}`,
        ExpressionAttributeValues: {
          ":over": { N: String(claimsOverBeforeMs(claimedAtMs)) },
          ...(after === undefined ? {} : { ":after": { S: after } }),
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

const itemOf = (access: HomeAccess, { key, run, claimedAtMs }: RunClaim) =>
  marshall({
    PK: claimsKey(homeOf(access)),
    SK: claimKey(key),
    v: FORMAT,
    run,
    claimedAtMs,
    goneAt: Math.ceil(claimedAtMs / 1000) + KEPT_SECONDS,
  });
