import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { Memberships } from "#domain/access/membership.ts";
import { dayShards, FLEET_INDEX } from "#domain/home/keys.ts";
import { HomeError } from "#domain/home-error.ts";
import { dynamoDbClient as client } from "./dynamodb-client.ts";
import { queryMemberships } from "./query-memberships.ts";
import type { Item } from "./query-partition.ts";
import { queryPages } from "./sdk/query-pages.ts";

/** What somebody belongs to, as `queryMemberships` reads it. */
export const readMemberships = (tableName: string, sub: string): Promise<Memberships> =>
  queryMemberships(client, tableName, sub);

/** What is asked of the index byFleetDay. */
export interface DayQuery {
  /** e.g. `2026-11-27` */
  readonly day: string;
  /** Only what was requested at that moment or before. */
  readonly upTo?: string;
  /** Items a page. */
  readonly limit?: number;
}

/** A page of one of a day's partitions. */
export interface ShardPage {
  readonly items: readonly Item[];
  readonly isLast: boolean;
}

/**
 * What the index holds of all homes' runs of a day: each of its sixteen partitions newest first, a page at a time. It may
 * be a second behind.
 */
export const readDay = (
  auditTableName: string,
  query: DayQuery,
): readonly AsyncGenerator<ShardPage>[] =>
  dayShards(query.day).map((dayShard) => readShard(auditTableName, dayShard, query));

/** @throws HomeError `RecordInvalid` for an item of another partition */
async function* readShard(
  auditTableName: string,
  dayShard: string,
  { upTo, limit }: Omit<DayQuery, "day">,
): AsyncGenerator<ShardPage> {
  const pages = queryPages(client, () => ({
    TableName: auditTableName,
    IndexName: FLEET_INDEX,
    KeyConditionExpression:
      upTo === undefined ? "dayShard = :dayShard" : "dayShard = :dayShard AND requestedAt <= :upTo",
    ExpressionAttributeValues: {
      ":dayShard": { S: dayShard },
      ...(upTo === undefined ? {} : { ":upTo": { S: upTo } }),
    },
    ScanIndexForward: false,
    ...(limit === undefined ? {} : { Limit: limit }),
  }));
  for await (const { Items = [], LastEvaluatedKey } of pages) {
    const items = Items.map((item): Item => unmarshall(item));
    if (items.some((item) => item.dayShard !== dayShard)) {
      throw new HomeError("RecordInvalid", `A record of ${dayShard} is of another partition.`);
    }
    yield { items, isLast: LastEvaluatedKey === undefined };
  }
}
