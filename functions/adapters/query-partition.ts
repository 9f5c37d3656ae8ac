import type { AttributeValue, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { HomeError } from "#domain/home-error.ts";
import { queryPages } from "./sdk/query-pages.ts";

export type Item = Readonly<Record<string, unknown>>;

/**
 * All items of a partition, or those whose sort key begins with `prefix`, or is not before `since`, or the `newest` few, the last first: one
 * query, with its pages, strongly consistent unless it may be stale.
 * Each must be of that partition, and of that home where it names one: a wrong key or index is an error here, and not
 * somebody else's data.
 * @throws HomeError `RecordInvalid`
 */
export const queryPartition = async (
  client: Pick<DynamoDBClient, "send">,
  tableName: string,
  key: {
    readonly partition: string;
    /** One of the two: DynamoDB takes one condition on the sort key. */
    readonly prefix?: string;
    readonly since?: string;
    readonly newest?: number;
    readonly home?: string;
    /** Only that they are there: their keys and their home. Of a big item that is most of what it costs but for the reading. */
    readonly onlyKeys?: boolean;
    /** May it miss what was written a moment ago? It costs half. */
    readonly mayBeStale?: boolean;
    /** When to give up. */
    readonly until?: AbortSignal;
    /** Told of each item as it is stored. */
    readonly onStored?: (item: Record<string, AttributeValue>) => void;
  },
): Promise<readonly Item[]> => {
  const { partition, prefix, since, newest, home, until, onStored } = key;
  const { onlyKeys = false, mayBeStale = false } = key;
  const items: Item[] = [];
  const ask = () => ({
    TableName: tableName,
    KeyConditionExpression: [
      "PK = :partition",
      ...(prefix === undefined ? [] : ["begins_with(SK, :prefix)"]),
      ...(since === undefined ? [] : ["SK >= :since"]),
    ].join(" AND "),
    ExpressionAttributeValues: {
      ":partition": { S: partition },
      ...(prefix === undefined ? {} : { ":prefix": { S: prefix } }),
      ...(since === undefined ? {} : { ":since": { S: since } }),
    },
    ...(onlyKeys ? { ProjectionExpression: "PK, SK, home" } : {}),
    ConsistentRead: !mayBeStale,
    ...(newest === undefined ? {} : { ScanIndexForward: false, Limit: newest - items.length }),
  });
  for await (const { Items = [] } of queryPages(client, ask, until)) {
    for (const stored of Items) {
      // Devices choose what they report. Without `wrapNumbers` a number beyond 2^53 throws or becomes a BigInt, which no
      // JSON holds, and one device could keep a whole run from being read.
      const item = unmarshall(stored, { wrapNumbers: Number });
      if (item.PK !== partition || (home !== undefined && (item.home ?? home) !== home)) {
        throw new HomeError("RecordInvalid", `A record of ${partition} is of another home.`);
      }
      onStored?.(stored);
      items.push(item);
    }
    if (newest !== undefined && items.length >= newest) break;
  }
  return items;
};
