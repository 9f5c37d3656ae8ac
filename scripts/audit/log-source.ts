import { QueryCommand } from "@aws-sdk/client-dynamodb";
import { type LogReader, openLog } from "#adapters/audit/read-log.ts";
import { retentionKey } from "#domain/home/keys.ts";
import { Problem } from "../command/problem.ts";
import type { Registry } from "../devices/registry.ts";

/** The tables in which a home's records and its log are. */
export type AuditTables = Pick<Registry, "dynamoDb" | "auditTable" | "logTable">;

/** A home's log in the stack's tables. */
export interface LogSource {
  readonly log: LogReader;
  /** The signed head. */
  readonly head: { readonly size: number; readonly note: string };
  /** The key that the log itself names. It is to be compared with the one that was seen first. */
  readonly vkey: string;
  /** How long records are kept, by the log's own word. */
  readonly days: number;
}

/**
 * Opens the log of a home.
 * @throws Problem when nothing of it is sealed
 */
export const openLogSource = async (
  { dynamoDb, auditTable, logTable }: AuditTables,
  name: string,
): Promise<LogSource> => {
  const log = openLog(dynamoDb, logTable);
  const head = await log.head(name);
  // What the log says of itself: the last word counts.
  const { Items: [terms] = [] } = await dynamoDb.send(
    new QueryCommand({
      TableName: auditTable,
      KeyConditionExpression: "PK = :terms",
      ExpressionAttributeValues: { ":terms": { S: retentionKey(name) } },
      ScanIndexForward: false,
      Limit: 1,
      ConsistentRead: true,
    }),
  );
  const vkey = terms?.vkey?.S;
  if (head === undefined || vkey === undefined) {
    throw new Problem(
      `Nothing of the home "${name}" is sealed yet. Records are sealed within about a minute; if nothing is after five, look at the function seal-records: npm run logs, or its log group.`,
    );
  }
  return { log, head, vkey, days: Number(terms?.days?.N) };
};
