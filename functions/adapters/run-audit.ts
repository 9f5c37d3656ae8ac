import { type HomeAccess, homeOf } from "#domain/access/home-access.ts";
import type { Memberships } from "#domain/access/membership.ts";
import { thingOf } from "#domain/home/home-place.ts";
import { runKey } from "#domain/home/keys.ts";
import { originOf } from "#domain/log/checkpoint.ts";
import type { Item } from "#domain/log/leaf.ts";
import {
  proveRecords,
  type RecordProof,
  type SignedHead,
  signedHead,
  storedRecords,
} from "./audit/prove-records.ts";
import { queryReports, type Reports } from "./audit/query-reports.ts";
import { queryRuns, type RunPage, type RunQuery } from "./audit/query-runs.ts";
import { openLog } from "./audit/read-log.ts";
import { dynamoDbClient as client } from "./dynamodb-client.ts";
import { thingPrefixOfStage } from "./environment.ts";
import { queryMemberships } from "./query-memberships.ts";

const thingPrefix = thingPrefixOfStage();

/** What somebody belongs to, as `queryMemberships` reads it. */
export const readMemberships = (tableName: string, sub: string): Promise<Memberships> =>
  queryMemberships(client, tableName, sub);

/** Some of the home's runs, as `queryRuns` reads them. */
export const listRuns = (
  auditTable: string,
  access: HomeAccess,
  query: Omit<RunQuery, "home">,
): Promise<RunPage> => queryRuns(client, auditTable, { ...query, home: homeOf(access) });

/** What a device of the home reported, as `queryReports` reads it. */
export const readReports = (
  auditTable: string,
  access: HomeAccess,
  device: string,
  asked: Omit<Reports, "thing" | "home">,
) => {
  const home = homeOf(access);
  return queryReports(client, auditTable, {
    ...asked,
    home,
    thing: thingOf({ home, thingPrefix }, device),
  });
};

/** The signed head of the home's log, as `signedHead` reads it with the key whose 32 bytes these are. */
export const readSignedHead = (logTable: string, access: HomeAccess, publicKey: Uint8Array) => {
  const home = homeOf(access);
  return signedHead(openLog(client, logTable), home, { name: originOf(home), publicKey });
};

/** A record, by its sort key and exactly as it is stored, and how it stands to the log. */
export interface ProvedRecord {
  readonly record: string;
  readonly item: Item;
  readonly proof: RecordProof;
}

/** How each record of a run of the home stands to its log; empty when there is no such run. */
export const proveRun = async (
  tables: { readonly auditTable: string; readonly logTable: string },
  access: HomeAccess,
  run: string,
  head: SignedHead,
): Promise<readonly ProvedRecord[]> => {
  const home = homeOf(access);
  const partition = runKey(home, run);
  const records = await storedRecords(client, tables.auditTable, partition);
  const log = openLog(client, tables.logTable);
  const proofs = await proveRecords(log, home, partition, records, head);
  return records.map(({ sortKey, item }, at) => ({
    record: sortKey,
    item,
    proof: proofs[at] ?? { is: "not sealed" },
  }));
};
