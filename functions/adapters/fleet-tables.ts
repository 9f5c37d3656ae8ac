import { type AttributeValue, DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { Memberships } from "#domain/access/membership.ts";
import { FLEET_INDEX } from "#domain/home/keys.ts";
import { HomeError } from "#domain/home-error.ts";
import { traced } from "./observed.ts";
import { queryMemberships } from "./query-memberships.ts";
import type { Item } from "./query-partition.ts";

const client = traced(new DynamoDBClient({}));

/** What somebody belongs to, as `queryMemberships` reads it. */
export const readMemberships = (tableName: string, sub: string): Promise<Memberships> =>
  queryMemberships(client, tableName, sub);

/** What is asked of one partition of the index byFleetDay. */
export interface ShardQuery {
  readonly dayShard: string;
  /** Only what was requested at that moment or before. */
  readonly upTo?: string;
  readonly limit?: number;
}

/**
 * What the index holds of all homes' runs in one of a day's partitions, newest first, a page at a time; it may be a second
 * behind.
 * @throws HomeError `RecordInvalid` for an item of another partition
 */
export async function* readShard(
  auditTableName: string,
  { dayShard, upTo, limit }: ShardQuery,
): AsyncGenerator<{ readonly items: readonly Item[]; readonly isLast: boolean }> {
  let from: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: auditTableName,
        IndexName: FLEET_INDEX,
        KeyConditionExpression:
          upTo === undefined
            ? "dayShard = :dayShard"
            : "dayShard = :dayShard AND requestedAt <= :upTo",
        ExpressionAttributeValues: {
          ":dayShard": { S: dayShard },
          ...(upTo === undefined ? {} : { ":upTo": { S: upTo } }),
        },
        ScanIndexForward: false,
        ...(limit === undefined ? {} : { Limit: limit }),
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
    );
    const items = (page.Items ?? []).map((item): Item => unmarshall(item));
    if (items.some((item) => item.dayShard !== dayShard)) {
      throw new HomeError("RecordInvalid", `A record of ${dayShard} is of another partition.`);
    }
    from = page.LastEvaluatedKey;
    yield { items, isLast: from === undefined };
  } while (from !== undefined);
}
