import { randomUUID } from "node:crypto";
import { userInfo } from "node:os";
import { setTimeout } from "node:timers/promises";
import {
  PutItemCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { type StoredRecord, storedRecords } from "#adapters/audit/prove-records.ts";
import type { LogReader } from "#adapters/audit/read-log.ts";
import { erasureRecord } from "#domain/audit/changes/erasure-record.ts";
import { stampOf } from "#domain/audit/stamp.ts";
import { counted } from "#domain/counted.ts";
import type { HomeId } from "#domain/home/home-id.ts";
import { accessKey, changeKey, REQUEST_KEY, runKey } from "#domain/home/keys.ts";
import { isObject } from "#domain/json.ts";
import { listOf, numberOf, textOf } from "#domain/log/exported-records.ts";
import { spelt } from "#domain/printable.ts";
import { Problem } from "../command/problem.ts";
import type { Registry } from "../devices/registry.ts";
import { openAudit } from "./audit-reader.ts";
import { openLogSource } from "./log-source.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** What is to be erased. */
export type Erased = { readonly run: string } | { readonly person: string };

/** A record that is to go, and its place in the log. */
interface Doomed {
  readonly partition: string;
  readonly sortKey: string;
  readonly receipt: string;
  readonly index: number;
}

/** How the erasure is done. */
export interface ErasureOptions {
  readonly reason: string;
  /** Without it, it is only told what would go. */
  readonly isMeant: boolean;
  /** How long to wait for the erasure's own record to be sealed. */
  readonly waitMs: number;
  readonly tell: (line: string) => void;
}

/**
 * Erases a run, or what names a person: writes a record of it, waits until that is sealed, and only then deletes the
 * records and their salts. The log stays whole: its entries say nothing without the salts.
 * @returns whether it was done
 * @throws Problem when there is nothing, when something is not sealed yet, or the erasure's record is not sealed in time
 */
export const eraseRecords = async (
  registry: Registry,
  home: HomeId,
  what: Erased,
  options: ErasureOptions,
): Promise<boolean> => {
  const { log, days } = await openLogSource(registry, home);
  const partitions =
    "run" in what
      ? [{ partition: runKey(home, what.run), names: () => true }]
      : await partitionsOfPerson(registry, home, what.person, days);
  const doomed: Doomed[] = [];
  for (const { partition, names } of partitions) {
    const records = await storedRecords(registry.dynamoDb, registry.auditTable, partition);
    doomed.push(...(await sealedOf(log, partition, records.filter(names))));
  }
  const whose = "run" in what ? `the run ${what.run}` : `the person ${what.person}`;
  if (doomed.length === 0) throw new Problem(spelt(`There is no record of ${whose} in ${home}.`));
  for (const { partition, sortKey, index } of doomed) {
    options.tell(spelt(`  entry ${index}  ${partition} ${sortKey}`));
  }
  if (!options.isMeant) {
    options.tell(
      spelt(
        `${counted(doomed.length, "record")} of ${whose} would be erased for good. Give --yes to do it.`,
      ),
    );
    return false;
  }
  const erasure = await announce(registry, home, doomed, options.reason, days);
  options.tell(`The erasure is recorded; waiting until that is sealed, about a minute …`);
  await sealed(log, home, erasure, options.waitMs);
  for (let at = 0; at < doomed.length; at += PAIRS) {
    const some = doomed.slice(at, at + PAIRS);
    await registry.dynamoDb.send(
      new TransactWriteItemsCommand({
        TransactItems: some.flatMap((one): TransactWriteItem[] => [
          deletion(registry.auditTable, one.partition, one.sortKey),
          deletion(registry.logTable, one.partition, one.receipt),
        ]),
      }),
    );
  }
  options.tell(
    spelt(
      `Erased: ${counted(doomed.length, "record")} of ${whose}, with the salts. The log stays whole, and says that they were erased and why. Backups of the tables keep them for up to 35 days.`,
    ),
  );
  return true;
};

// A transaction takes 100 items.
const PAIRS = 50;

const deletion = (TableName: string, PK: string, SK: string): TransactWriteItem => ({
  Delete: { TableName, Key: marshall({ PK, SK }) },
});

/** Where something may name a person, and which records there do. A device's history names none, and stays. */
const partitionsOfPerson = async (
  registry: Registry,
  home: HomeId,
  person: string,
  days: number,
): Promise<
  readonly { readonly partition: string; readonly names: (one: StoredRecord) => boolean }[]
> => {
  const now = Date.now();
  const { runs } = await openAudit(registry, home).runs({
    since: new Date(now - (days + 2) * DAY_MS).toISOString(),
    until: new Date(now).toISOString(),
    filter: { person },
    most: Number.POSITIVE_INFINITY,
  });
  const months = new Set(
    Array.from({ length: days + 3 }, (_, back) =>
      new Date(now - back * DAY_MS).toISOString().slice(0, 7),
    ),
  );
  return [
    ...runs.map(({ run }) => ({
      partition: runKey(home, run),
      names: ({ sortKey }: StoredRecord) => sortKey === REQUEST_KEY,
    })),
    ...[...months].flatMap((month) =>
      [accessKey(home, month), changeKey(home, month)].map((partition) => ({
        partition,
        names: ({ item }: StoredRecord) => namesPerson(item, person),
      })),
    ),
  ];
};

const namesPerson = (item: Readonly<Record<string, unknown>>, person: string): boolean =>
  ["sub", "username", "subject"].some((name) => textOf(item[name]) === person) ||
  (isObject(item.details) &&
    isObject(item.details.M) &&
    Object.values(item.details.M).some((value) => textOf(value) === person));

const sealedOf = async (
  log: LogReader,
  partition: string,
  records: readonly StoredRecord[],
): Promise<readonly Doomed[]> => {
  if (records.length === 0) return [];
  const receipts = await log.receiptsOf(partition);
  return records.map(({ sortKey }) => {
    const receipt = receipts.get(sortKey);
    if (receipt !== undefined) {
      return { partition, sortKey, index: receipt.index, receipt: receipt.sortKey };
    }
    throw new Problem(
      spelt(
        `${partition} ${sortKey} is not sealed yet, and without its entry nobody could say that it was erased. Try again in a minute; nothing was changed.`,
      ),
    );
  });
};

/** Writes the record of the erasure, or finds the one that an attempt before left. */
const announce = async (
  registry: Registry,
  home: HomeId,
  doomed: readonly Doomed[],
  reason: string,
  days: number,
): Promise<{ readonly PK: string; readonly SK: string }> => {
  const now = new Date();
  const { accessKeyId } = await registry.dynamoDb.config.credentials();
  const indices = doomed.map(({ index }) => index).toSorted((one, other) => one - other);
  const record = erasureRecord(home, {
    indices,
    reason,
    by: { command: "npm run audit -- erase", user: userInfo().username, accessKeyId },
    at: now.toISOString(),
    id: randomUUID(),
  });
  const earlier = await storedRecords(registry.dynamoDb, registry.auditTable, record.PK);
  const same = earlier.find(
    ({ item }) =>
      textOf(item.reason) === reason &&
      listOf(item.indices).map(numberOf).join() === indices.join(),
  );
  if (same !== undefined) return { PK: record.PK, SK: same.sortKey };
  await registry.dynamoDb.send(
    new PutItemCommand({
      TableName: registry.auditTable,
      Item: marshall({ ...record, ...stampOf(record.PK, now.getTime(), days) }),
      ConditionExpression: "attribute_not_exists(PK)",
    }),
  );
  return record;
};

const LOOK_EVERY_MS = 1000;

const sealed = async (
  log: LogReader,
  home: HomeId,
  erasure: { readonly PK: string; readonly SK: string },
  waitMs: number,
): Promise<void> => {
  for (let waited = 0; waited <= waitMs; waited += LOOK_EVERY_MS) {
    const receipt = (await log.receiptsOf(erasure.PK)).get(erasure.SK);
    const head = receipt === undefined ? undefined : await log.head(home);
    if (receipt !== undefined && head !== undefined && receipt.index < head.size) return;
    await setTimeout(LOOK_EVERY_MS);
  }
  throw new Problem(
    "The erasure is recorded and not sealed yet, and nothing was erased. Give the same command again in a few minutes: it goes on where this one stopped.",
  );
};
