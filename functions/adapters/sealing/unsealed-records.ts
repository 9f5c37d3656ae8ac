import { dynamoDbClient as client } from "#adapters/dynamodb-client.ts";
import { queryPages } from "#adapters/sdk/query-pages.ts";
import { SEAL_INDEX } from "#domain/home/keys.ts";
import type { RecordKey } from "#domain/log/sealing/seal-batch.ts";

/** What one of a day's partitions of the index bySeal holds. */
export interface SealPage {
  readonly keys: readonly RecordKey[];
  /** There is more than was read: these are the oldest. */
  readonly isCut: boolean;
}

// Ten pages are some 70,000 keys; who stood still for long comes on in steps.
const MOST_PAGES = 10;

/** The records of a partition of the index bySeal that were written at `sinceMs` or later, oldest first. It may be a second behind. */
export const recordsSince = async (
  auditTable: string,
  seal: string,
  sinceMs: number,
): Promise<SealPage> => {
  const keys: RecordKey[] = [];
  const pages = queryPages(client, () => ({
    TableName: auditTable,
    IndexName: SEAL_INDEX,
    KeyConditionExpression: "seal = :seal AND recordedAt >= :since",
    ExpressionAttributeValues: { ":seal": { S: seal }, ":since": { N: String(sinceMs) } },
  }));
  let read = 0;
  for await (const { Items = [], LastEvaluatedKey } of pages) {
    for (const { PK, SK, recordedAt } of Items) {
      keys.push({ PK: PK?.S ?? "", SK: SK?.S ?? "", recordedAt: Number(recordedAt?.N) });
    }
    read += 1;
    if (read === MOST_PAGES) return { keys, isCut: LastEvaluatedKey !== undefined };
  }
  return { keys, isCut: false };
};
