import { CreateTableCommand, type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { queryHome } from "#adapters/query-home.ts";
import { queryPartition } from "#adapters/query-partition.ts";
import { accessTo } from "#domain/access/home-access.ts";
import { metaRecord } from "#domain/home/home-meta.ts";
import type { Scene } from "#domain/home/scene.ts";
import { withoutDevice } from "#domain/home/scene-devices.ts";
import { removeDevice } from "../../../scripts/devices/home-records.ts";
import { putSceneSchedules } from "../../../scripts/homes/home-settings.ts";
import { writeScene } from "../../../scripts/scenes/write-scene.ts";
import { AT_HOME } from "../../support/at-home.ts";
import { startTestDynamoDb } from "../dynamodb/test-table.ts";
import { REGION } from "../endpoint/test-endpoint.ts";

const { home, thingPrefix } = AT_HOME;
const TABLE = "home";
const AUDIT = "audit";
const access = accessTo(
  { homes: [{ home, role: "resident", name: "Home" }], isOperatorOfAll: false },
  undefined,
);

const closers: (() => Promise<void> | void)[] = [];
let dynamoDb: DynamoDBClient;
let putScene: typeof import("#adapters/scene-table.ts").putScene;

const put = (SK: string, record: object): Promise<unknown> =>
  dynamoDb.send(
    new PutItemCommand({
      TableName: TABLE,
      Item: marshall({ PK: "HOME#home", SK, v: 1, ...record }),
    }),
  );
const scene = (version: number, name: string): Scene => ({
  id: "goodnight",
  name,
  aliases: [],
  version,
  stages: [
    {
      name: "all at once",
      devices: { lamp: { light: { on: false } }, kettle: { plug: { on: false } } },
      required: [],
      transitionSeconds: 0,
      windowSeconds: {},
    },
  ],
});
const scenes = async (): Promise<readonly Scene[]> =>
  (await queryHome(dynamoDb, TABLE, AT_HOME)).scenes;
const keysIn = async (partition: string, table = TABLE): Promise<readonly unknown[]> =>
  (await queryPartition(dynamoDb, table, { partition })).map(({ SK }) => SK);

beforeAll(async () => {
  const started = await startTestDynamoDb();
  const { endpoint } = started;
  dynamoDb = started.client;
  closers.push(started.close);
  vi.stubEnv("POWERTOOLS_TRACE_ENABLED", "false");
  vi.stubEnv("AWS_ENDPOINT_URL_DYNAMODB", endpoint.client.endpoint);
  vi.stubEnv("AWS_REGION", REGION);
  vi.stubEnv("AWS_ACCESS_KEY_ID", endpoint.client.credentials.accessKeyId);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", endpoint.client.credentials.secretAccessKey);
  ({ putScene } = await import("#adapters/scene-table.ts"));
  for (const TableName of [TABLE, AUDIT]) {
    await dynamoDb.send(
      new CreateTableCommand({
        TableName,
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [
          { AttributeName: "PK", KeyType: "HASH" },
          { AttributeName: "SK", KeyType: "RANGE" },
        ],
        AttributeDefinitions: [
          { AttributeName: "PK", AttributeType: "S" },
          { AttributeName: "SK", AttributeType: "S" },
        ],
      }),
    );
  }
  const createdAt = "2026-11-27T00:00:00.000Z";
  await put(
    "META",
    metaRecord({ home, name: "Home", timeZone: "Europe/Berlin", state: "active", createdAt }),
  );
  await put("DEVICE#lamp", { id: "lamp", name: "Lamp", kind: "light", room: "Hall" });
  await put("DEVICE#kettle", { id: "kettle", name: "Kettle", kind: "plug", room: "Hall" });
  await put("SCENE#goodnight", scene(1, "Goodnight"));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  for (const close of closers.toReversed()) await close();
});

test("a scene of before is read, saved anew beside it, and each version is kept", async () => {
  const [first] = await scenes();
  const by = { savedBy: "anna", savedAt: "2026-11-27T20:00:00.000Z" };

  const second = await putScene(TABLE, access, first, { ...scene(2, "Night"), ...by });
  const late = await putScene(TABLE, access, first, { ...scene(2, "Evening"), ...by });
  const third = await putScene(TABLE, access, scene(2, "Night"), { ...scene(3, "Sleep"), ...by });

  expect([second, late, third]).toEqual([true, false, true]);
  expect(await scenes()).toEqual([scene(3, "Sleep")]);
  expect(await keysIn("HOME#home")).toEqual([
    "DEVICE#kettle",
    "DEVICE#lamp",
    "META",
    "SCENE#goodnight",
  ]);
  expect(await keysIn("HOME#home#SCENES")).toEqual([
    "SCENE#goodnight",
    "SCENEVERSION#goodnight#000001",
    "SCENEVERSION#goodnight#000002",
  ]);
});

test("commands write to the same place: an import, what may run by itself, a device that goes", async () => {
  const tables = {
    dynamoDb,
    homeTable: TABLE,
    auditTable: AUDIT,
    recordRetentionDays: 400,
    thingPrefix,
  };
  const [third] = await scenes();

  const saved = await writeScene(tables, home, third, scene(4, "Imported"), "import-scenes");
  const again = await writeScene(
    tables,
    home,
    scene(4, "Imported"),
    scene(5, "Imported"),
    "the same",
  );
  await putSceneSchedules(tables, home, "goodnight", false);
  const { devices, scenes: before } = await queryHome(dynamoDb, TABLE, AT_HOME);
  const next = before.map((one) => withoutDevice(one, "kettle", devices));
  await removeDevice(tables, home, "kettle", next, []);

  expect([saved, again]).toEqual([true, false]);
  const [last] = await scenes();
  expect(last).toMatchObject({ version: 5, name: "Imported", schedules: false });
  expect(Object.keys(last?.stages[0]?.devices ?? {})).toEqual(["lamp"]);
  expect(
    await queryPartition(dynamoDb, AUDIT, {
      partition: `HOME#home#CHANGE#${new Date().toISOString().slice(0, 7)}`,
    }),
  ).toMatchObject([
    {
      change: "scene-saved",
      subject: "goodnight",
      details: { version: 4, changed: ["its name"] },
      by: { command: "npm run import-scenes" },
    },
  ]);
});
