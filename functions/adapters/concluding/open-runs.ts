import { unmarshall } from "@aws-sdk/util-dynamodb";
import { dynamoDbClient as client } from "#adapters/dynamodb-client.ts";
import type { Item } from "#adapters/query-partition.ts";
import { queryPages } from "#adapters/sdk/query-pages.ts";
import { type FoundOpen, openRunsAmong } from "#domain/audit/open-run.ts";
import { dayShards, FLEET_INDEX } from "#domain/home/keys.ts";

/**
 * The runs of all homes that were asked for on a day, within a period (ISO 8601), and that are open: a query for each of the
 * day's sixteen partitions of the index byFleetDay, with its pages. It may be a second behind, so that one which has just
 * ended may still be there.
 */
export const findOpenRuns = async (
  auditTable: string,
  day: string,
  period: { readonly since: string; readonly until: string },
): Promise<FoundOpen> => {
  const found = await Promise.all(
    dayShards(day).map(async (dayShard) =>
      openRunsAmong(await readShard(auditTable, dayShard, period), day),
    ),
  );
  return {
    open: found.flatMap(({ open }) => open),
    unreadable: found.flatMap(({ unreadable }) => unreadable),
  };
};

const readShard = async (
  auditTable: string,
  dayShard: string,
  { since, until }: { readonly since: string; readonly until: string },
): Promise<readonly Item[]> => {
  const items: Item[] = [];
  const pages = queryPages(client, () => ({
    TableName: auditTable,
    IndexName: FLEET_INDEX,
    KeyConditionExpression: "dayShard = :dayShard AND requestedAt BETWEEN :since AND :until",
    ExpressionAttributeValues: {
      ":dayShard": { S: dayShard },
      ":since": { S: since },
      ":until": { S: until },
    },
  }));
  for await (const { Items = [] } of pages) {
    items.push(...Items.map((stored) => unmarshall(stored)));
  }
  return items;
};
