import {
  type AttributeValue,
  DynamoDBClient,
  QueryCommand,
  type QueryCommandInput,
} from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { runKey } from "#domain/audit/audit-keys.ts";
import { requireFormat } from "#domain/format.ts";
import type { Endpoints } from "../command/endpoints.ts";

type Item = Readonly<Record<string, unknown>>;

/**
 * Reads the audit table; each question is one query (with its pages).
 * @throws HomeError `FormatUnknown` for a record that this version cannot read
 */
export interface AuditReader {
  /** All records of a run. */
  run(id: string): Promise<readonly Item[]>;
  /** The requests of a day, e.g. `2026-11-23`, oldest first. */
  runsOfDay(day: string): Promise<readonly Item[]>;
  /** The last acknowledgements of a thing, newest first. */
  acknowledgementsOf(thing: string): Promise<readonly Item[]>;
}

const LATEST = 20;

/** Opens the audit table of a running house. */
export const openAudit = (endpoints: Endpoints): AuditReader => {
  const { aws } = endpoints;
  const client = new DynamoDBClient({
    endpoint: aws.endpoint,
    region: aws.region,
    credentials: { accessKeyId: aws.accessKeyId, secretAccessKey: aws.secretAccessKey },
  });
  const query = async (
    input: Omit<QueryCommandInput, "TableName">,
    most = Number.POSITIVE_INFINITY,
  ): Promise<readonly Item[]> => {
    const items: Item[] = [];
    let from: Record<string, AttributeValue> | undefined;
    do {
      const page = await client.send(
        new QueryCommand({
          TableName: aws.tables.audit,
          ...input,
          ...(from === undefined ? {} : { ExclusiveStartKey: from }),
        }),
      );
      for (const each of page.Items ?? []) {
        const item = unmarshall(each, { wrapNumbers: Number });
        requireFormat(item, `The record ${String(item.PK)} ${String(item.SK)}`);
        items.push(item);
      }
      from = page.LastEvaluatedKey;
    } while (from !== undefined && items.length < most);
    return items;
  };
  return {
    run: (id) =>
      query({
        KeyConditionExpression: "PK = :run",
        ExpressionAttributeValues: { ":run": { S: runKey(id) } },
        ConsistentRead: true,
      }),
    runsOfDay: (day) =>
      query({
        IndexName: "byDay",
        KeyConditionExpression: "#day = :day",
        ExpressionAttributeNames: { "#day": "day" },
        ExpressionAttributeValues: { ":day": { S: day } },
      }),
    acknowledgementsOf: (thing) =>
      query(
        {
          IndexName: "byDevice",
          KeyConditionExpression: "thing = :thing",
          ExpressionAttributeValues: { ":thing": { S: thing } },
          ScanIndexForward: false,
          Limit: LATEST,
        },
        LATEST,
      ),
  };
};
