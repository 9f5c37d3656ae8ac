import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type HomeAccess, homeOf } from "#domain/access/home-access.ts";
import type { Memberships } from "#domain/access/membership.ts";
import { runKey } from "#domain/home/keys.ts";
import { originOf } from "#domain/log/checkpoint.ts";
import {
  proveRecords,
  type RecordProof,
  type SignedHead,
  signedHead,
  storedRecords,
} from "./audit/prove-records.ts";
import { queryRuns, type RunPage, type RunQuery } from "./audit/query-runs.ts";
import { openLog } from "./audit/read-log.ts";
import { traced } from "./observed.ts";
import { queryMemberships } from "./query-memberships.ts";

const client = traced(new DynamoDBClient({}));

/** What somebody belongs to, as `queryMemberships` reads it. */
export const readMemberships = (tableName: string, sub: string): Promise<Memberships> =>
  queryMemberships(client, tableName, sub);

/** Some of the home's runs, as `queryRuns` reads them. */
export const listRuns = (
  auditTable: string,
  access: HomeAccess,
  query: Omit<RunQuery, "home">,
): Promise<RunPage> => queryRuns(client, auditTable, { ...query, home: homeOf(access) });

/** The signed head of the home's log, as `signedHead` reads it with the key whose 32 bytes these are. */
export const readSignedHead = (logTable: string, access: HomeAccess, publicKey: Uint8Array) => {
  const home = homeOf(access);
  return signedHead(openLog(client, logTable), home, { name: originOf(home), publicKey });
};

/** How each record of a run of the home stands to its log; empty when there is no such run. */
export const proveRun = async (
  tables: { readonly auditTable: string; readonly logTable: string },
  access: HomeAccess,
  run: string,
  head: SignedHead,
): Promise<readonly { readonly record: string; readonly proof: RecordProof }[]> => {
  const home = homeOf(access);
  const partition = runKey(home, run);
  const records = await storedRecords(client, tables.auditTable, partition);
  const log = openLog(client, tables.logTable);
  const proofs = await proveRecords(log, home, partition, records, head);
  return records.map(({ sortKey }, at) => ({
    record: sortKey,
    proof: proofs[at] ?? { is: "not sealed" },
  }));
};
