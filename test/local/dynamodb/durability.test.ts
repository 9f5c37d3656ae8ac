import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import {
  DeleteItemCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
  GetItemCommand,
  PutItemCommand,
  paginateScan,
  TransactWriteItemsCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { openDynamoDb } from "#local/dynamodb/dynamo-db.ts";
import { ACCOUNT, REGION } from "../endpoint/test-endpoint.ts";
import { createAuditTable, startTestDynamoDb } from "./test-table.ts";

let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "dynamodb-"));
  file = join(directory, "dynamodb.sqlite");
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const open = () => openDynamoDb({ file, region: REGION, accountId: ACCOUNT });

const sortKeys = async (client: DynamoDBClient, IndexName?: string): Promise<string[]> => {
  const found: string[] = [];
  const input = { TableName: "Audit", ...(IndexName === undefined ? {} : { IndexName }) };
  for await (const { Items } of paginateScan({ client }, input)) {
    found.push(...(Items ?? []).map(({ sk }) => sk?.S ?? ""));
  }
  return found.sort();
};

const put = (client: DynamoDBClient, sk: string) =>
  client.send(
    new PutItemCommand({
      TableName: "Audit",
      Item: { pk: { S: "RUN#1" }, sk: { S: sk }, device: { S: `device-${sk.length}` } },
    }),
  );

test("tables, items, indexes and settings are there after a restart", async () => {
  const before = await startTestDynamoDb({ file });
  await createAuditTable(before.client);
  await put(before.client, "1");
  await before.client.send(
    new UpdateTimeToLiveCommand({
      TableName: "Audit",
      TimeToLiveSpecification: { Enabled: true, AttributeName: "expiresAt" },
    }),
  );
  await before.close();

  const after = await startTestDynamoDb({ file });
  await put(after.client, "2");

  expect(await sortKeys(after.client)).toEqual(["1", "2"]);
  expect(await sortKeys(after.client, "byDevice")).toEqual(["1", "2"]);
  const { TimeToLiveDescription } = await after.client.send(
    new DescribeTimeToLiveCommand({ TableName: "Audit" }),
  );
  expect(TimeToLiveDescription?.TimeToLiveStatus).toBe("ENABLED");
  await after.close();
});

const startProcess = async (): Promise<{
  readonly child: ChildProcess;
  readonly client: DynamoDBClient;
}> => {
  const script = fileURLToPath(new URL("./dynamo-db-process.ts", import.meta.url));
  const child = spawn(process.execPath, [script, file], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  return { child, client: new DynamoDBClient(JSON.parse(line) as DynamoDBClientConfig) };
};

test("kill -9 in the middle of writes loses nothing that was acknowledged, and leaves no half", async () => {
  const acknowledged: string[] = [];
  for (let round = 0; round < 3; round += 1) {
    const { child, client } = await startProcess();
    if (round === 0) await createAuditTable(client);
    const writer = async (name: string): Promise<void> => {
      for (let i = 0; ; i += 1) {
        const sk = `${name}-${i}`;
        await put(client, sk);
        acknowledged.push(sk);
        const pair = [`${sk}-left`, `${sk}-right`];
        await client.send(
          new TransactWriteItemsCommand({
            TransactItems: pair.map((part) => ({
              Put: {
                TableName: "Audit",
                Item: { pk: { S: "PAIR" }, sk: { S: part }, device: { S: "pair" } },
              },
            })),
          }),
        );
        acknowledged.push(...pair);
      }
    };
    const writers = Promise.allSettled(
      [0, 1, 2, 3].map((n) => writer(`round-${round}-writer-${n}`)),
    );

    await expect
      .poll(() => acknowledged.length, { timeout: 10_000 })
      .toBeGreaterThan((round + 1) * 150);
    child.kill("SIGKILL");
    await writers;
    client.destroy();
  }

  const after = await startTestDynamoDb({ file });
  const items = await sortKeys(after.client);
  expect(new Set(items).isSupersetOf(new Set(acknowledged))).toBe(true);
  expect(await sortKeys(after.client, "byDevice")).toEqual(items);
  const lefts = items.filter((sk) => sk.endsWith("-left"));
  expect(lefts.every((sk) => items.includes(sk.replace(/left$/, "right")))).toBe(true);
  await after.close();
});

test("a file that another process has open is not opened a second time", async () => {
  const first = await open();

  await expect(open()).rejects.toMatchObject({
    code: "AlreadyRunning",
    message: expect.stringContaining(file) as string,
  });

  await first.close();
  await (await open()).close();
});

const writeSomeItems = async (): Promise<void> => {
  const house = await startTestDynamoDb({ file });
  await createAuditTable(house.client);
  for (let i = 0; i < 50; i += 1) await put(house.client, `${i}-${"x".repeat(500)}`);
  await house.close();
};

test.each<[string, (bytes: Buffer) => Buffer]>([
  [
    "overwritten with something else",
    () => Buffer.from("not a database, but long enough to be read as one ".repeat(100)),
  ],
  ["cut in the middle", (bytes) => bytes.subarray(0, bytes.length / 2)],
  [
    "zeroed in the middle",
    (bytes) => Buffer.concat([bytes.subarray(0, 8192), Buffer.alloc(8192), bytes.subarray(16_384)]),
  ],
])("a file that was %s is refused in one line that says what to do", async (_what, damage) => {
  await writeSomeItems();
  writeFileSync(file, damage(readFileSync(file)));

  const error: unknown = await open().catch((caught: unknown) => caught);

  expect(error).toMatchObject({ name: "LocalError", code: "DataDamaged" });
  const { message } = error as Error;
  expect(message).toContain(file);
  expect(message).toContain("Put back a copy, or delete the file to begin with empty tables.");
  expect(message).not.toContain("\n");
});

test("how much a table holds is told without reading it, and stays true: written twice, deleted, after a restart", async () => {
  const first = await startTestDynamoDb({ file });
  await createAuditTable(first.client);
  for (const sk of ["a", "b", "b", "ccc"]) await put(first.client, sk);
  await first.client.send(
    new DeleteItemCommand({ TableName: "Audit", Key: { pk: { S: "RUN#1" }, sk: { S: "ccc" } } }),
  );
  await first.close();

  const again = await startTestDynamoDb({ file });
  await put(again.client, "dd");
  const { Table } = await again.client.send(new DescribeTableCommand({ TableName: "Audit" }));
  await again.close();

  expect(Table?.ItemCount).toBe(3);
  // As JSON, `{"pk":{"S":"RUN#1"},"sk":{"S":"a"},"device":{"S":"device-1"}}` is 61 characters long.
  expect(Table?.TableSizeBytes).toBe(61 + 61 + 62);
});

test("damage in a file that is too large to be read at the start is told when it is met, and what is whole is answered", async () => {
  await writeSomeItems();
  const db = new DatabaseSync(file);
  db.exec("INSERT INTO items (table_id, key, item) VALUES (99, '', hex(zeroblob(40000000)))");
  db.exec("UPDATE items SET item = replace(hex(zeroblob(20000)), '00', 'no') WHERE id = 7");
  db.close();
  const bytes = readFileSync(file);
  // A page in the midst of the seventh item's.
  const page = Math.floor(bytes.indexOf("nono".repeat(500)) / 4096) + 3;
  writeFileSync(file, bytes.fill(255, page * 4096, (page + 1) * 4096));

  const house = await startTestDynamoDb({ file });
  const read = (item: number) =>
    house.client.send(
      new GetItemCommand({
        TableName: "Audit",
        Key: { pk: { S: "RUN#1" }, sk: { S: `${item}-${"x".repeat(500)}` } },
      }),
    );

  await expect(read(6)).rejects.toMatchObject({ name: "InternalFailure" });
  expect(house.endpoint.lines.join("")).toContain(
    `The tables in ${file} cannot be read (database disk image is malformed). Put back a copy`,
  );
  expect((await read(5)).Item?.device).toEqual({ S: "device-502" });
  await house.close();
});

test("a file of a later version is refused, not misread", async () => {
  await (await open()).close();
  const db = new DatabaseSync(file);
  db.exec("PRAGMA user_version = 99");
  db.close();

  await expect(open()).rejects.toMatchObject({ code: "DataNewer" });
});
