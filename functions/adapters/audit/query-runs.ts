import { type AttributeValue, type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { settledItems } from "#domain/audit/fleet-runs.ts";
import {
  fitsFilter,
  type ListedRun,
  type ListPosition,
  listedRuns,
  newestRunFirst,
  type RunFilter,
} from "#domain/audit/listed-run.ts";
import type { HomeId } from "#domain/home/home-id.ts";
import { HOME_DAY_INDEX, homeDay } from "#domain/home/keys.ts";

/** Which of a home's runs are asked for. Times are ISO 8601, UTC, milliseconds; both ends belong to it. */
export interface RunQuery {
  readonly home: HomeId;
  readonly since: string;
  readonly until: string;
  readonly filter: RunFilter;
  /** Only what comes after it in the list, which is older. */
  readonly after?: ListPosition;
  readonly most: number;
}

/** Some runs, the newest first, and whether there are older ones. */
export interface RunPage {
  readonly runs: readonly ListedRun[];
  readonly hasMore: boolean;
}

/**
 * Lists a home's runs, newest first, by the index byHomeDay alone: one query for each day, with its pages, until the page
 * is full. It may be a second behind.
 * @throws HomeError `RecordInvalid`, `FormatUnknown`
 */
export const queryRuns = async (
  client: Pick<DynamoDBClient, "send">,
  tableName: string,
  query: RunQuery,
): Promise<RunPage> => {
  const { since, after, most } = query;
  const until = after === undefined ? query.until : after.requestedAt;
  const runs: ListedRun[] = [];
  for (const day of daysBack(since, until)) {
    // One more than is wanted tells that the list goes on.
    runs.push(
      ...(await runsOfDay(client, tableName, { ...query, until }, day, most + 1 - runs.length)),
    );
    if (runs.length > most) break;
  }
  return { runs: runs.slice(0, most), hasMore: runs.length > most };
};

const runsOfDay = async (
  client: Pick<DynamoDBClient, "send">,
  tableName: string,
  { home, since, until, filter, after }: RunQuery,
  day: string,
  most: number,
): Promise<readonly ListedRun[]> => {
  const runs: ListedRun[] = [];
  // Of a page's last moment there may be more on the next one: it waits for it.
  let waiting: readonly Readonly<Record<string, unknown>>[] = [];
  let from: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: HOME_DAY_INDEX,
        KeyConditionExpression: "homeDay = :day AND requestedAt BETWEEN :since AND :until",
        ExpressionAttributeValues: {
          ":day": { S: homeDay(home, day) },
          ":since": { S: since },
          ":until": { S: until },
        },
        ScanIndexForward: false,
        // A run has a request and an outcome. Of what a filter leaves out, whole pages are read: few calls.
        ...(isWhole(filter) && Number.isFinite(most) ? { Limit: 2 * (most + 1) } : {}),
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
    );
    const read = [...waiting, ...(page.Items ?? []).map((item) => unmarshall(item))];
    from = page.LastEvaluatedKey;
    const settled = settledItems(read, from === undefined);
    waiting = read.slice(settled.length);
    const listed = listedRuns(settled, home, day, Date.now()).filter(
      (run) => (after === undefined || newestRunFirst(after, run) < 0) && fitsFilter(run, filter),
    );
    runs.push(...listed.toSorted(newestRunFirst));
  } while (from !== undefined && runs.length < most);
  return runs.slice(0, most);
};

const isWhole = (filter: RunFilter): boolean => Object.keys(filter).length === 0;

const DAY_MS = 24 * 60 * 60 * 1000;

/** The days of a period, the last first. */
function* daysBack(since: string, until: string): Generator<string> {
  const first = since.slice(0, 10);
  for (let at = Date.parse(until.slice(0, 10)); ; at -= DAY_MS) {
    const day = new Date(at).toISOString().slice(0, 10);
    if (day < first) return;
    yield day;
  }
}
