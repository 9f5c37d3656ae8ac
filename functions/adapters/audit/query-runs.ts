import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { queryPages } from "#adapters/sdk/query-pages.ts";
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
 * Lists a home's runs, newest first, by the index byHomeDay alone: a query for each day, with its pages, until the page
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
  for (const days of growing(daysBack(since, until))) {
    // One more than is wanted tells that the list goes on.
    const wanted = most + 1 - runs.length;
    const found = await Promise.all(
      days.map((day) => runsOfDay(client, tableName, { ...query, until }, day, wanted)),
    );
    runs.push(...found.flat());
    if (runs.length > most) break;
  }
  return { runs: runs.slice(0, most), hasMore: runs.length > most };
};

// A busy home's page is in the last day; a quiet one's, or one with a filter, is in many: twice as many are asked each
// time, at once, so that 400 days are a dozen rounds.
const MOST_AT_ONCE = 32;

function* growing(days: Iterable<string>): Generator<readonly string[]> {
  let some: string[] = [];
  let size = 1;
  for (const day of days) {
    some.push(day);
    if (some.length < size) continue;
    yield some;
    some = [];
    size = Math.min(size * 2, MOST_AT_ONCE);
  }
  if (some.length > 0) yield some;
}

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
  const pages = queryPages(client, () => ({
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
  }));
  for await (const { Items = [], LastEvaluatedKey } of pages) {
    const read = [...waiting, ...Items.map((item) => unmarshall(item))];
    const settled = settledItems(read, LastEvaluatedKey === undefined);
    waiting = read.slice(settled.length);
    const listed = listedRuns(settled, home, day, Date.now()).filter(
      (run) => (after === undefined || newestRunFirst(after, run) < 0) && fitsFilter(run, filter),
    );
    runs.push(...listed.toSorted(newestRunFirst));
    if (runs.length >= most) break;
  }
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
