import { once } from "node:events";
import { createWriteStream, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { nodeSha256 } from "#adapters/audit/node-sha256.ts";
import { storedRecords } from "#adapters/audit/prove-records.ts";
import { queryRuns } from "#adapters/audit/query-runs.ts";
import { queryPages } from "#adapters/sdk/query-pages.ts";
import type { HomeId } from "#domain/home/home-id.ts";
import { logOf, runKey, SEAL_INDEX, sealsOf } from "#domain/home/keys.ts";
import { recordLine } from "#domain/log/exported-records.ts";
import { parseLeaf } from "#domain/log/leaf.ts";
import { logFiles } from "#domain/log/log-files.ts";
import { Problem } from "../command/problem.ts";
import { EXPORT_FILES, type ExportNote } from "./export-files.ts";
import { type AuditTables, type LogSource, openLogSource } from "./log-source.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
// Partitions that are read at once: enough that the wire is never idle, few enough that a table is not throttled.
const AT_ONCE = 8;

/** What was exported. */
export interface Exported {
  readonly entries: number;
  readonly records: number;
}

/**
 * Writes a home's log and records into a folder: the signed head, its entries and tiles in C2SP's forms, and each record
 * with its salt.
 * @throws Problem when the folder has something in it, or nothing is sealed
 */
export const exportLog = async (
  registry: AuditTables,
  home: HomeId,
  folder: string,
  nowMs: number,
): Promise<Exported> => {
  mkdirSync(folder, { recursive: true });
  if (readdirSync(folder).length > 0) {
    throw new Problem(`${folder} has something in it already. Name another folder.`);
  }
  const source = await openLogSource(registry, home);
  const { log, head, vkey } = source;
  const write = (path: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  write(EXPORT_FILES.checkpoint, head.note);
  const partitions = new Set<string>();
  const entries = async function* (): AsyncGenerator<Uint8Array> {
    for await (const { bytes, record } of log.entries(home, 0, head.size)) {
      partitions.add(partitionOf(record));
      yield bytes;
    }
  };
  for await (const { path, bytes } of logFiles(nodeSha256, entries())) write(path, bytes);
  const sinceMs = await beginOf(source, home);
  for await (const partition of notSealed(registry, home, sinceMs, nowMs)) {
    partitions.add(partition);
  }

  const lines = createWriteStream(join(folder, EXPORT_FILES.records));
  let records = 0;
  for (const some of chunksOf([...partitions], AT_ONCE)) {
    const read = await Promise.all(
      some.map(async (partition) => ({
        items: await storedRecords(registry.dynamoDb, registry.auditTable, partition),
        receipts: await log.receiptsOf(partition),
      })),
    );
    for (const { items, receipts } of read) {
      for (const { sortKey, item } of items) {
        const receipt = receipts.get(sortKey);
        const isSealed = receipt !== undefined && receipt.index < head.size;
        records += 1;
        if (!lines.write(`${recordLine(item, isSealed ? receipt : undefined)}\n`)) {
          await once(lines, "drain");
        }
      }
    }
  }
  lines.end();
  await once(lines, "finish");
  const note: ExportNote = { v: 1, log: home, exportedAt: new Date(nowMs).toISOString(), vkey };
  write(EXPORT_FILES.note, `${JSON.stringify(note)}\n`);
  return { entries: head.size, records };
};

// What is sealed late is so within two days.
const beginOf = async ({ log, head }: LogSource, home: HomeId): Promise<number> =>
  head.size === 0 ? 0 : parseLeaf((await log.entry(home, 0)).bytes).at - 2 * DAY_MS;

/** The partition of a record that an entry names. */
const partitionOf = (record: string): string => record.slice(0, record.indexOf("|"));

/**
 * Partitions with records that may have no entry: of today and yesterday, and of every run since the log began that the list of
 * runs shows, so that one that was slipped in long ago is found.
 */
async function* notSealed(
  { dynamoDb, auditTable }: AuditTables,
  home: HomeId,
  sinceMs: number,
  nowMs: number,
): AsyncGenerator<string> {
  for (const ms of [nowMs, nowMs - DAY_MS]) {
    for (const seal of sealsOf(new Date(ms).toISOString().slice(0, 10))) {
      const pages = queryPages(dynamoDb, () => ({
        TableName: auditTable,
        IndexName: SEAL_INDEX,
        KeyConditionExpression: "seal = :seal",
        ExpressionAttributeValues: { ":seal": { S: seal } },
      }));
      for await (const { Items = [] } of pages) {
        for (const { PK } of Items) {
          if (PK?.S !== undefined && logOf(PK.S) === home) yield PK.S;
        }
      }
    }
  }
  const { runs } = await queryRuns(dynamoDb, auditTable, {
    home,
    since: new Date(sinceMs).toISOString(),
    until: new Date(nowMs).toISOString(),
    filter: {},
    most: Number.POSITIVE_INFINITY,
  });
  for (const { run } of runs) yield runKey(home, run);
}

function* chunksOf<T>(all: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
}
