import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { queryPages } from "#adapters/sdk/query-pages.ts";
import { requireFormat } from "#domain/format.ts";
import type { HomeId } from "#domain/home/home-id.ts";
import { DEVICE_INDEX } from "#domain/home/keys.ts";

type Item = Readonly<Record<string, unknown>>;

/** Which reports are asked for. Times are ISO 8601; both ends belong to it. */
export interface Reports {
  readonly home: HomeId;
  readonly thing: string;
  readonly since: string;
  readonly until: string;
  readonly most: number;
}

/**
 * The newest of what a thing reported, by the index byDevice: answers to runs, and what changed without one. Each
 * record must name the home: a wrong name of a thing gives nothing, and not somebody else's data.
 * @throws HomeError `FormatUnknown`
 */
export const queryReports = async (
  client: Pick<DynamoDBClient, "send">,
  tableName: string,
  { home, thing, since, until, most }: Reports,
): Promise<readonly Item[]> => {
  const items: Item[] = [];
  const pages = queryPages(client, () => ({
    TableName: tableName,
    IndexName: DEVICE_INDEX,
    KeyConditionExpression: "thing = :thing AND acknowledgedAt BETWEEN :since AND :until",
    ExpressionAttributeValues: {
      ":thing": { S: thing },
      ":since": { N: String(Date.parse(since)) },
      ":until": { N: String(Date.parse(until)) },
    },
    ScanIndexForward: false,
    Limit: most - items.length,
  }));
  for await (const { Items = [] } of pages) {
    for (const stored of Items) {
      // Devices choose what they report: a number beyond 2^53 must not keep a record from being read.
      const item = unmarshall(stored, { wrapNumbers: Number });
      requireFormat(item, `The record ${String(item.PK)} ${String(item.SK)}`);
      if (item.home === home) items.push(item);
    }
    if (items.length >= most) break;
  }
  return items;
};
