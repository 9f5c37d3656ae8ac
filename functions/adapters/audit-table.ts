import { type HomeAccess, homeOf } from "#domain/access/home-access.ts";
import { parseAcknowledgements } from "#domain/audit/acknowledgement-record.ts";
import type { AuditRecord } from "#domain/audit/audit-record.ts";
import { parseHandChanges } from "#domain/audit/changes/hand-changes.ts";
import { parseRunRecords, type RunRecords } from "#domain/audit/run-records.ts";
import { lastTwoMonths, parseVisitRecord, type RecordedVisit } from "#domain/audit/visit-record.ts";
import type { HomeId } from "#domain/home/home-id.ts";
import {
  ACKNOWLEDGEMENT_PREFIX,
  accessKey,
  changeKey,
  OUTCOME_KEY,
  REQUEST_KEY,
  runKey,
} from "#domain/home/keys.ts";
import { HomeError } from "#domain/home-error.ts";
import { recordHashOf } from "#domain/log/leaf.ts";
import type { Acknowledgement } from "#domain/run/acknowledgement.ts";
import type { HandChange } from "#domain/run/by-hand.ts";
import { nodeSha256 } from "./audit/node-sha256.ts";
import { storedItem } from "./audit/stored-item.ts";
import { auditItem } from "./audit-item.ts";
import { dynamoDbClient as client } from "./dynamodb-client.ts";
import { logger } from "./observed.ts";
import { queryPartition } from "./query-partition.ts";
import { putOnce } from "./sdk/put-once.ts";

/**
 * Every acknowledgement of a run so far: one query, however many devices; gives up at `until`. One that may be stale costs
 * half, and may miss what came a moment ago; what it does tell is so.
 */
export const readAcknowledgements = async (
  tableName: string,
  home: HomeId,
  run: string,
  { mayBeStale, until }: { readonly mayBeStale: boolean; readonly until: AbortSignal },
): Promise<readonly Acknowledgement[]> => {
  const items = await queryPartition(client, tableName, {
    partition: runKey(home, run),
    prefix: ACKNOWLEDGEMENT_PREFIX,
    home,
    mayBeStale,
    until,
  });
  const acknowledgements = parseAcknowledgements(items);
  if (acknowledgements.length < items.length) {
    logger.warn("A device's acknowledgement cannot be read", { run });
  }
  return acknowledgements;
};

/** What the home's devices reported without a command since a moment (ISO 8601), in order: two months at most. */
export const readHandChanges = async (
  tableName: string,
  home: HomeId,
  since: string,
  now: Date,
  until?: AbortSignal,
): Promise<readonly HandChange[]> => {
  const months = [...new Set([since.slice(0, 7), now.toISOString().slice(0, 7)])];
  const items = await Promise.all(
    months.map((month) =>
      queryPartition(client, tableName, {
        partition: changeKey(home, month),
        since,
        home,
        ...(until === undefined ? {} : { until }),
      }),
    ),
  );
  return parseHandChanges(items.flat());
};

/** What a run is judged by. */
export interface RunEvidence {
  readonly acknowledgements: readonly Acknowledgement[];
  /** The hashes of the request's record and of each acknowledgement's, as they are stored. */
  readonly judgedBy: readonly string[];
  /** Everything that is recorded of the run; `undefined` where there is no such run. */
  readonly records: () => RunRecords | undefined;
}

/**
 * The acknowledgements of a run so far, the hashes of the records that say so, and all else: one strongly consistent query;
 * gives up at `until`.
 */
export const readRunEvidence = async (
  tableName: string,
  home: HomeId,
  run: string,
  until: AbortSignal,
): Promise<RunEvidence> => {
  const judgedBy: string[] = [];
  const items = await queryPartition(client, tableName, {
    partition: runKey(home, run),
    home,
    until,
    onStored: (stored) => {
      const sortKey = stored.SK?.S;
      if (sortKey === OUTCOME_KEY) return;
      const hash = recordHashOf(nodeSha256, storedItem(stored));
      // The request's first.
      if (sortKey === REQUEST_KEY) judgedBy.unshift(hash);
      else judgedBy.push(hash);
    },
  });
  const answers = items.filter(({ SK }) => String(SK).startsWith(ACKNOWLEDGEMENT_PREFIX));
  const acknowledgements = parseAcknowledgements(answers);
  if (acknowledgements.length < answers.length) {
    logger.warn("A device's acknowledgement cannot be read", { run });
  }
  return { acknowledgements, judgedBy, records: () => parseRunRecords(items) };
};

/** Everything recorded about a run of the home; `undefined` when the home has no such run. */
export const readRun = (
  tableName: string,
  access: HomeAccess,
  run: string,
): Promise<RunRecords | undefined> => readRunOf(tableName, homeOf(access), run);

/** The same for what acts for no caller. */
export const readRunOf = async (
  tableName: string,
  home: HomeId,
  run: string,
): Promise<RunRecords | undefined> =>
  parseRunRecords(await queryPartition(client, tableName, { partition: runKey(home, run), home }));

/** Has a run of the home ended, as far as its record tells? A run that was cut off has no outcome until it is swept. */
export const hasOutcome = async (
  tableName: string,
  access: HomeAccess,
  run: string,
): Promise<boolean> => {
  const home = homeOf(access);
  const key = { partition: runKey(home, run), prefix: OUTCOME_KEY, home, onlyKeys: true };
  return (await queryPartition(client, tableName, key)).length > 0;
};

/** The last looks at the home of people who do not live there, in the month of a moment and the one before; newest first. */
export const readVisits = async (
  tableName: string,
  access: HomeAccess,
  at: Date,
): Promise<readonly RecordedVisit[]> => {
  const home = homeOf(access);
  const visits: RecordedVisit[] = [];
  for (const month of lastTwoMonths(at)) {
    const newest = VISITS_SHOWN - visits.length;
    if (newest === 0) break;
    const partition = accessKey(home, month);
    const items = await queryPartition(client, tableName, { partition, newest, home });
    visits.push(...items.map(parseVisitRecord));
  }
  return visits;
};

// What a person reads; npm run audit -- access has them all.
const VISITS_SHOWN = 10;

/** Writes a record that nothing may overwrite. @throws HomeError `RecordInvalid` where there is one of its key already */
export const putRecord = async (tableName: string, record: AuditRecord): Promise<void> => {
  if (await putFirstRecord(tableName, record)) return;
  const { PK, SK } = record;
  throw new HomeError("RecordInvalid", `There is a record ${PK} ${SK} already. It stays as it is.`);
};

/** Writes a record; `false` where there is another of its key already, which stays. */
export const putFirstRecord = (tableName: string, record: AuditRecord): Promise<boolean> =>
  putOnce(client, {
    TableName: tableName,
    Item: auditItem(record),
    ConditionExpression: "attribute_not_exists(PK)",
  });
