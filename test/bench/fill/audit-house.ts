import { createPrivateKey, createPublicKey, randomBytes, sign } from "node:crypto";
import { CreateTableCommand, type CreateTableCommandInput } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { App, Stack } from "aws-cdk-lib";
import db from "dynalite/db/index.js";
import { nodeSha256 } from "#adapters/audit/node-sha256.ts";
import { storedItem } from "#adapters/audit/stored-item.ts";
import { stageNames } from "#aws/names/stage.ts";
import { Tables } from "#aws/tables.ts";
import { retentionRecord } from "#domain/audit/changes/retention-record.ts";
import { outcomeRecord } from "#domain/audit/outcome-record.ts";
import { requestRecord } from "#domain/audit/request-record.ts";
import { stampOf } from "#domain/audit/stamp.ts";
import {
  CHECKPOINT_KEY,
  entryKey,
  logControlKey,
  logKey,
  receiptKey,
  recordName,
  runKey,
  tileKey,
} from "#domain/home/keys.ts";
import { checkpointText, originOf } from "#domain/log/checkpoint.ts";
import { append, emptyTree, type Frontier, rootOf } from "#domain/log/frontier.ts";
import { leafHashOf } from "#domain/log/hashing.ts";
import { commitmentOf, type Item, makeLeaf } from "#domain/log/leaf.ts";
import { signedBytesOf, signedNote, vkeyOf } from "#domain/log/note.ts";
import { kindOfRecord } from "#domain/log/record-kind.ts";
import { buildTiles } from "#domain/log/tile-builder.ts";
import { tileBytes } from "#domain/log/tiles.ts";
import type { DeviceOutcome } from "#domain/run/outcome.ts";
import { type Plan, planHash, planText } from "#domain/run/plan.ts";
import { runResult } from "#domain/run/run-result.ts";
import { toBase32, toHex } from "#domain/sha256.ts";
import type { AttributeMap } from "#local/dynamodb/store/dynalite-types.ts";
import { updateIndexRows } from "#local/dynamodb/store/index-rows.ts";
import { openStore, type Store, type Table } from "#local/dynamodb/store/store.ts";
import { expiryOf } from "#local/dynamodb/store/time-to-live.ts";
import { startTestDynamoDb } from "../../local/dynamodb/test-table.ts";
import { AT_HOME } from "../../support/at-home.ts";

const { home } = AT_HOME;
const DAY_MS = 24 * 60 * 60 * 1000;
const DAYS = 400;

/** The tables of the stack as they are declared, made in a file. */
export const createStackTables = async (file: string): Promise<void> => {
  const app = new App();
  const stack = new Stack(app, "Bench");
  new Tables(stack, "Tables", {
    names: stageNames(undefined),
    workflowLog: "everything",
    logRetention: 30,
    recordRetentionDays: DAYS,
    protectData: false,
    refuseDeletion: false,
    leaveOutGrants: [],
  });
  const template = app.synth().getStackByName("Bench").template as {
    readonly Resources: Readonly<Record<string, { readonly Properties: CreateTableCommandInput }>>;
  };
  const house = await startTestDynamoDb({ file });
  for (const [id, { Properties: table }] of Object.entries(template.Resources)) {
    const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes } = table;
    await house.client.send(
      new CreateTableCommand({
        TableName: id.replace(/^Tables|Table[0-9A-F]{8}$/g, ""),
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions,
        KeySchema,
        ...(GlobalSecondaryIndexes === undefined ? {} : { GlobalSecondaryIndexes }),
      }),
    );
  }
  await house.close();
};

const DEVICES = Array.from({ length: 14 }, (_, at) => `lamp_${at}`);
const PLAN: Plan = {
  v: 1,
  home,
  scene: "goodnight",
  sceneName: "Goodnight",
  sceneVersion: 1,
  stages: [
    {
      index: 0,
      name: "make it dark",
      commands: DEVICES.map((device) => ({
        device,
        name: `Lamp ${device}`,
        thing: `home-${device}`,
        kind: "light" as const,
        want: { light: { on: false, brightness: 0 } },
        required: false,
        transitionSeconds: 0,
        windowSeconds: 5,
      })),
    },
  ],
  leftOut: [],
};
const PLAN_HASH = await planHash(PLAN);
const BEFORE = { light: { on: true, brightness: 40 }, battery: 80 };
const AFTER = { light: { on: false, brightness: 0 }, battery: 80 };

/** Id of the run number `at`. */
export const runIdOf = (at: number): string =>
  `run_${toBase32(nodeSha256(new TextEncoder().encode(String(at))), 20)}`;

type Written = Readonly<Record<string, unknown>> & { readonly PK: string; readonly SK: string };

/** The records of a run of fourteen devices, as the functions, the rule and the workflow write them. */
function* recordsOf(at: number, atMs: number, devices: readonly string[]): Generator<Written> {
  const run = runIdOf(at);
  const stamped = (record: Written, afterMs: number): Written => ({
    ...record,
    ...stampOf(record.PK, atMs + afterMs, DAYS),
  });
  const request = {
    id: run,
    scene: "goodnight",
    caller: {
      sub: `5a0c0000-0000-4000-8000-00000000000${at % 3}`,
      clientId: "4q2v8r0p7c1m6k5j3h9g2f1d0s",
      username: ["alice", "bob", "carol"][at % 3] ?? "alice",
      scopes: ["read", "write"],
    },
    role: "resident",
    reason: "going to bed",
    requestedAt: new Date(atMs).toISOString(),
  } as const;
  yield stamped(
    { ...requestRecord(home, request, PLAN_HASH, DEVICES), plan: planText(PLAN) } as Written,
    0,
  );
  for (const [index, device] of devices.entries()) {
    const command = { id: `${run}.0`, run, stage: 0, expiresAt: 1, transitionSeconds: 0 };
    const reportedMs = atMs + 100 + index * 7;
    yield stamped(
      {
        PK: runKey(home, run),
        SK: `ACK#home-${device}#0#${at + 2}#${reportedMs}`,
        v: 1,
        home,
        thing: `home-${device}`,
        command: { ...command, status: "SUCCEEDED", reason: null },
        before: BEFORE,
        after: { ...AFTER, command: { ...command, status: "SUCCEEDED", reason: null } },
        asked: { light: { on: false, brightness: 0 }, command },
        askedAt: Math.floor(atMs / 1000),
        acknowledgedAt: reportedMs,
        version: at + 2,
      },
      100 + index * 7,
    );
  }
  const outcomes: readonly DeviceOutcome[] = DEVICES.map((device) => ({
    device,
    name: `Lamp ${device}`,
    stage: 0,
    stageName: "make it dark",
    outcome: at % 50 === 0 && device === "lamp_3" ? "timed_out" : "confirmed",
    asked: { light: { on: false, brightness: 0 } },
    before: { light: { on: true, brightness: 40 } },
    after: { light: { on: false, brightness: 0 } },
    askedAtMs: atMs,
    acknowledgedAtMs: atMs + 100,
    windowSeconds: 5,
  }));
  const result = runResult(request, PLAN, PLAN_HASH, outcomes, new Date(atMs + 700).toISOString());
  yield stamped(outcomeRecord(home, result, outcomes, []) as Written, 700);
}

/** What a filled file holds. */
export interface Filled {
  readonly runs: number;
  readonly records: number;
  readonly entries: number;
  readonly seconds: number;
}

/**
 * Fills the tables of a file with whole runs over 400 days, the last one a minute before `nowMs`. The newest `sealed` runs
 * have all their acknowledgements and are in the log, the 5,000 newest have those of one device; of the others there are
 * request and outcome, which is all that a list reads.
 *
 * Straight into the emulator's store, with its own keys and index rows, because a million requests over HTTP would take
 * an hour; what is there afterwards is what the same PutItems would have left.
 */
export const fillAudit = (
  file: string,
  {
    runs,
    sealed,
    nowMs,
  }: { readonly runs: number; readonly sealed: number; readonly nowMs: number },
): Filled => {
  const began = performance.now();
  const store = openStore(file);
  const audit = tableIn(store, "Audit");
  const seal = sealerInto(store, tableIn(store, "Log"));
  const firstSealed = runs - sealed;
  const everyMs = ((DAYS - 10) * DAY_MS) / runs;
  // What is not sealed lies days before the log, as in a stack that had records before it had one.
  const timeOf = (at: number): number =>
    Math.floor(nowMs - 60_000 - (runs - 1 - at) * everyMs - (at < firstSealed ? 3 * DAY_MS : 0));
  let records = 0;
  const putAudit = (record: Written, isSealed: boolean): void => {
    const item = marshall(record, { removeUndefinedValues: true });
    put(store, audit, item as unknown as AttributeMap);
    records += 1;
    if (isSealed) seal.add(record.PK, record.SK, storedItem(item), Number(record.recordedAt));
  };
  store.transaction(() => {
    const terms = { size: 0, days: DAYS, vkey: seal.vkey, nowMs: timeOf(firstSealed) - 60_000 };
    const record = retentionRecord(home, terms);
    const { recordedAt, seal: partition } = stampOf(record.PK, terms.nowMs, DAYS);
    putAudit({ ...record, recordedAt, seal: partition }, true);
  });
  const BATCH = 500;
  for (let from = 0; from < runs; from += BATCH) {
    store.transaction(() => {
      for (let at = from; at < Math.min(runs, from + BATCH); at += 1) {
        const isSealed = at >= firstSealed;
        const devices = isSealed ? DEVICES : at >= runs - 5000 ? DEVICES.slice(0, 1) : [];
        for (const record of recordsOf(at, timeOf(at), devices)) putAudit(record, isSealed);
      }
    });
    store.commit();
  }
  store.transaction(() => seal.sign());
  store.close();
  return { runs, records, entries: seal.size(), seconds: (performance.now() - began) / 1000 };
};

/**
 * Fills the audit table of a house that has a sealer of its own with whole runs over 390 days, the newest first and a minute
 * before `nowMs`, until there are `runs` or the time is up. The newest `whole` have all their acknowledgements.
 */
export const fillHouse = (
  file: string,
  of: {
    readonly auditTable: string;
    readonly runs: number;
    readonly whole: number;
    readonly nowMs: number;
    readonly seconds: number;
  },
): number => {
  const began = performance.now();
  const store = openStore(file);
  const audit = tableIn(store, of.auditTable);
  const everyMs = ((DAYS - 10) * DAY_MS) / of.runs;
  const BATCH = 500;
  let filled = 0;
  while (filled < of.runs && performance.now() - began < of.seconds * 1000) {
    const until = Math.min(of.runs, filled + BATCH);
    store.transaction(() => {
      for (; filled < until; filled += 1) {
        const atMs = Math.floor(of.nowMs - 60_000 - filled * everyMs);
        const devices = filled < of.whole ? DEVICES : [];
        for (const record of recordsOf(of.runs - 1 - filled, atMs, devices)) {
          const item = marshall(record, { removeUndefinedValues: true });
          put(store, audit, item as unknown as AttributeMap);
        }
      }
    });
    store.commit();
  }
  store.close();
  return filled;
};

const tableIn = (store: Store, name: string): Table => {
  const table = store.table(name);
  if (table === undefined) throw new Error(`There is no table ${name}.`);
  return table;
};

const put = (store: Store, table: Table, item: AttributeMap): void => {
  const key = db.createKey(item, table.description);
  const itemId = store.putItem(table, key, JSON.stringify(item), expiryOf(item, table.settings));
  updateIndexRows(store, table, { itemId, itemKey: key, before: undefined, after: item });
};

/** Seals as the sealer does, record after record, without the transactions that two sealers would need. */
const sealerInto = (store: Store, log: Table) => {
  const privateKey = createPrivateKey({
    key: Buffer.concat([
      Buffer.from("302e020100300506032b657004220420", "hex"),
      Buffer.alloc(32, 7),
    ]),
    format: "der",
    type: "pkcs8",
  });
  const spki = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  const key = { name: originOf(home), publicKey: Uint8Array.from(spki.subarray(-32)) };
  const tiles = buildTiles(nodeSha256);
  let tree: Frontier = emptyTree;
  const putLog = (item: Readonly<Record<string, unknown>>): void =>
    put(store, log, storedItem(marshall(item)) as AttributeMap);
  return {
    vkey: vkeyOf(nodeSha256, key),
    size: () => tree.size,
    add: (PK: string, SK: string, item: Item, recordedAt: number): void => {
      const salt = Uint8Array.from(randomBytes(32));
      const commit = commitmentOf(nodeSha256, salt, item);
      const leaf = makeLeaf({ kind: kindOfRecord(PK, SK), at: recordedAt + 60_000, commit });
      const index = tree.size;
      const leafHash = leafHashOf(nodeSha256, leaf);
      tree = append(nodeSha256, tree, leafHash);
      const rec = recordName(PK, SK);
      const hash = toHex(nodeSha256(new TextEncoder().encode(rec))).slice(0, 16);
      putLog({
        PK: logKey(home),
        SK: entryKey(index),
        leaf: new TextDecoder().decode(leaf),
        rec,
        recordedAt,
      });
      putLog({ PK, SK: receiptKey(SK, hash), index, salt });
      for (const tile of tiles.push(leafHash)) {
        putLog({
          PK: logKey(home),
          SK: tileKey(tile.level, tile.index),
          hashes: tileBytes(tile.hashes),
        });
      }
    },
    sign: (): void => {
      const text = checkpointText({
        origin: key.name,
        size: tree.size,
        root: rootOf(nodeSha256, tree),
      });
      const note = signedNote(nodeSha256, text, key, sign(null, signedBytesOf(text), privateKey));
      putLog({ PK: logControlKey(home), SK: CHECKPOINT_KEY, leaves: tree.size, note });
    },
  };
};
