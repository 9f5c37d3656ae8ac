import { type AttributeValue, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { queryRuns, type RunPage, type RunQuery } from "#adapters/audit/query-runs.ts";
import { type Item, queryPartition } from "#adapters/query-partition.ts";
import { queryPages } from "#adapters/sdk/query-pages.ts";
import type { Period } from "#domain/audit/period.ts";
import { requireFormat } from "#domain/format.ts";
import type { HomeId } from "#domain/home/home-id.ts";
import { thingOf } from "#domain/home/home-place.ts";
import { accessKey, DEVICE_INDEX, REQUEST_KEY, runKey } from "#domain/home/keys.ts";
import type { Registry } from "../devices/registry.ts";

/**
 * Reads what is recorded of one home; each question is one query (with its pages), or one read by key.
 * @throws HomeError `FormatUnknown` for a record that this version cannot read
 */
export interface AuditReader {
  /** The home's runs, newest first. */
  runs(query: Omit<RunQuery, "home">): Promise<RunPage>;
  /** All records of a run. */
  run(id: string): Promise<readonly Item[]>;
  /** The record of a run's request. */
  requestOf(run: string): Promise<Item | undefined>;
  /** Who looked at the home in a month, e.g. `2026-11`, and does not live there. */
  visitsOf(month: string): Promise<readonly Item[]>;
  /** What a device reported last, newest first. */
  reportsOf(device: string, wanted: ReportQuery): Promise<readonly Item[]>;
}

/** Which of a device's reports are asked for. */
export interface ReportQuery {
  readonly period?: Period;
  readonly most: number;
}

/** Opens the audit of one home. */
export const openAudit = (
  { dynamoDb, auditTable, thingPrefix }: Pick<Registry, "dynamoDb" | "auditTable" | "thingPrefix">,
  home: HomeId,
): AuditReader => ({
  runs: (query) => queryRuns(dynamoDb, auditTable, { home, ...query }),
  run: async (id) =>
    (await queryPartition(dynamoDb, auditTable, { partition: runKey(home, id), home })).map(known),
  requestOf: async (run) => {
    const { Item: stored } = await dynamoDb.send(
      new GetItemCommand({
        TableName: auditTable,
        Key: { PK: { S: runKey(home, run) }, SK: { S: REQUEST_KEY } },
      }),
    );
    return stored === undefined ? undefined : readItem(stored);
  },
  visitsOf: async (month) =>
    (await queryPartition(dynamoDb, auditTable, { partition: accessKey(home, month), home })).map(
      known,
    ),
  reportsOf: async (device, { period, most }) => {
    const items: Item[] = [];
    const pages = queryPages(dynamoDb, () => ({
      TableName: auditTable,
      IndexName: DEVICE_INDEX,
      KeyConditionExpression:
        period === undefined
          ? "thing = :thing"
          : "thing = :thing AND acknowledgedAt BETWEEN :since AND :until",
      ExpressionAttributeValues: {
        ":thing": { S: thingOf({ home, thingPrefix }, device) },
        ...(period === undefined
          ? {}
          : {
              ":since": { N: String(Date.parse(period.since)) },
              ":until": { N: String(Date.parse(period.until)) },
            }),
      },
      ScanIndexForward: false,
      ...(Number.isFinite(most) ? { Limit: most - items.length } : {}),
    }));
    for await (const { Items = [] } of pages) {
      items.push(...Items.map(readItem));
      if (items.length >= most) break;
    }
    return items;
  },
});

const readItem = (stored: Record<string, AttributeValue>): Item =>
  // Devices choose what they report: a number beyond 2^53 must not keep a record from being read.
  known(unmarshall(stored, { wrapNumbers: Number }));

const known = (item: Item): Item => {
  requireFormat(item, `The record ${String(item.PK)} ${String(item.SK)}`);
  return item;
};
