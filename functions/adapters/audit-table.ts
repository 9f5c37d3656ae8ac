import { type AttributeValue, DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { parseAcknowledgements } from "#domain/audit/acknowledgement-record.ts";
import { ACKNOWLEDGEMENT_PREFIX, runKey } from "#domain/audit/audit-keys.ts";
import { parseRunRecords, type RunRecords } from "#domain/audit/run-records.ts";
import type { Acknowledgement } from "#domain/run/acknowledgement.ts";
import { logger, traced } from "./observed.ts";

const client = traced(new DynamoDBClient({}));

/** Every acknowledgement of a run so far: one strongly consistent query, however many devices. */
export const readAcknowledgements = async (
  tableName: string,
  run: string,
): Promise<readonly Acknowledgement[]> => {
  const items = await query(tableName, run, ACKNOWLEDGEMENT_PREFIX);
  const acknowledgements = parseAcknowledgements(items);
  if (acknowledgements.length < items.length) {
    logger.warn("A device's acknowledgement cannot be read", { run });
  }
  return acknowledgements;
};

/** Everything recorded about a run; `undefined` when there is no such run. */
export const readRun = async (tableName: string, run: string): Promise<RunRecords | undefined> => {
  const items = await query(tableName, run);
  return parseRunRecords(items);
};

// Devices choose what they report. Without `wrapNumbers` a number beyond 2^53 throws or becomes a BigInt, which no JSON
// holds, and one device could keep a whole run from being read.
const query = async (
  tableName: string,
  run: string,
  prefix?: string,
): Promise<readonly Record<string, unknown>[]> => {
  const items: Record<string, unknown>[] = [];
  let from: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: tableName,
        KeyConditionExpression:
          prefix === undefined ? "PK = :run" : "PK = :run AND begins_with(SK, :prefix)",
        ExpressionAttributeValues: {
          ":run": { S: runKey(run) },
          ...(prefix === undefined ? {} : { ":prefix": { S: prefix } }),
        },
        ConsistentRead: true,
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
    );
    for (const item of page.Items ?? []) items.push(unmarshall(item, { wrapNumbers: Number }));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return items;
};
