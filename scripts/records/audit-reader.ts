import {
  type AttributeValue,
  BatchGetItemCommand,
  type BatchGetItemCommandInput,
  type BatchGetItemCommandOutput,
  DynamoDBClient,
  QueryCommand,
  type QueryCommandInput,
} from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { requireFormat } from "#domain/format.ts";
import type { HomePlace } from "#domain/home/home-place.ts";
import { thingOf } from "#domain/home/home-place.ts";
import {
  ACKNOWLEDGEMENT_PREFIX,
  accessKey,
  homeDay,
  OUTCOME_KEY,
  runKey,
} from "#domain/home/keys.ts";
import type { Endpoints } from "../command/endpoints.ts";

/** An item of the audit table. */
export type Item = Readonly<Record<string, unknown>>;

/**
 * Reads the audit table; each question is one query (with its pages), or a batch of reads by key.
 * @throws HomeError `FormatUnknown` for a record that this version cannot read
 */
export interface AuditReader {
  /** All records of a run. */
  run(id: string): Promise<readonly Item[]>;
  /** The requests of a day, e.g. `2026-11-23`, oldest first. */
  runsOfDay(day: string): Promise<readonly Item[]>;
  /** The outcome records of runs, by run; a run that was not concluded has none. */
  outcomesOf(runs: readonly string[]): Promise<ReadonlyMap<string, Item>>;
  /** How many acknowledgements of a run are on record. */
  countAcknowledgements(run: string): Promise<number>;
  /** Who looked at the home in a month, e.g. `2026-11`, and does not live there. */
  visitsOf(month: string): Promise<readonly Item[]>;
  /** The last acknowledgements of a device, newest first. */
  acknowledgementsOf(device: string): Promise<readonly Item[]>;
}

const LATEST = 20;
// The most that BatchGetItem takes.
const BATCH = 100;

/** Opens the audit table of a running house, for one home. */
export const openAudit = (endpoints: Endpoints, place: HomePlace): AuditReader => {
  const { home } = place;
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
      items.push(...(page.Items ?? []).map(readItem));
      from = page.LastEvaluatedKey;
    } while (from !== undefined && items.length < most);
    return items;
  };
  const outcomesOfBatch = async (runs: readonly string[]): Promise<readonly Item[]> => {
    const Keys = runs.map((run) => ({ PK: { S: runKey(home, run) }, SK: { S: OUTCOME_KEY } }));
    const items: Item[] = [];
    let asked: BatchGetItemCommandInput["RequestItems"] = {
      [aws.tables.audit]: { Keys, ConsistentRead: true },
    };
    // Outcomes of many devices are more than one answer holds: the rest is asked for again.
    while (asked !== undefined && Object.keys(asked).length > 0) {
      const page: BatchGetItemCommandOutput = await client.send(
        new BatchGetItemCommand({ RequestItems: asked }),
      );
      items.push(...(page.Responses?.[aws.tables.audit] ?? []).map(readItem));
      asked = page.UnprocessedKeys;
    }
    return items;
  };
  return {
    run: (id) =>
      query({
        KeyConditionExpression: "PK = :run",
        ExpressionAttributeValues: { ":run": { S: runKey(home, id) } },
        ConsistentRead: true,
      }),
    runsOfDay: (day) =>
      query({
        IndexName: "byDay",
        KeyConditionExpression: "homeDay = :day",
        ExpressionAttributeValues: { ":day": { S: homeDay(home, day) } },
      }),
    outcomesOf: async (runs) => {
      const outcomes = new Map<string, Item>();
      for (let at = 0; at < runs.length; at += BATCH) {
        for (const outcome of await outcomesOfBatch(runs.slice(at, at + BATCH))) {
          outcomes.set(String(outcome.run), outcome);
        }
      }
      return outcomes;
    },
    countAcknowledgements: async (run) => {
      const acknowledgements = await query({
        KeyConditionExpression: "PK = :run AND begins_with(SK, :acknowledgement)",
        ExpressionAttributeValues: {
          ":run": { S: runKey(home, run) },
          ":acknowledgement": { S: ACKNOWLEDGEMENT_PREFIX },
        },
        ConsistentRead: true,
      });
      return acknowledgements.length;
    },
    visitsOf: (month) =>
      query({
        KeyConditionExpression: "PK = :visits",
        ExpressionAttributeValues: { ":visits": { S: accessKey(home, month) } },
        ConsistentRead: true,
      }),
    acknowledgementsOf: (device) =>
      query(
        {
          IndexName: "byDevice",
          KeyConditionExpression: "thing = :thing",
          ExpressionAttributeValues: { ":thing": { S: thingOf(place, device) } },
          ScanIndexForward: false,
          Limit: LATEST,
        },
        LATEST,
      ),
  };
};

const readItem = (stored: Record<string, AttributeValue>): Item => {
  const item = unmarshall(stored, { wrapNumbers: Number });
  requireFormat(item, `The record ${String(item.PK)} ${String(item.SK)}`);
  return item;
};
