import { CreateTableCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseHome } from "#domain/home/home.ts";
import { type HomeMeta, metaRecord } from "#domain/home/home-meta.ts";
import { queryAll } from "../../../scripts/homes/directory.ts";
import { seedHome } from "../../../scripts/homes/seed-home.ts";
import { AT_HOME } from "../../support/at-home.ts";
import { startTestDynamoDb, type TestDynamoDb } from "../dynamodb/test-table.ts";

const META: HomeMeta = {
  home: AT_HOME.home,
  name: "Home",
  timeZone: "Europe/Berlin",
  state: "active",
  createdAt: "2026-01-01T00:00:00.000Z",
};
const COVER = { v: 1, kind: "cover", room: "Hall", aliases: [] };

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startTestDynamoDb();
  await db.client.send(
    new CreateTableCommand({
      TableName: "Home",
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
});
afterAll(() => db.close());

test("a home of before schedules is told where it is and what its covers cover, and keeps what it says itself", async () => {
  const put = (SK: string, item: object) =>
    db.client.send(
      new PutItemCommand({ TableName: "Home", Item: marshall({ PK: "HOME#home", SK, ...item }) }),
    );
  await put("META", metaRecord(META));
  await put("DEVICE#garage", { ...COVER, id: "garage", name: "Garage" });
  await put("DEVICE#gate", { ...COVER, id: "gate", name: "Gate", deviceClass: "blind" });
  await put("DEVICE#other", { ...COVER, id: "other", name: "Other" });
  const file = {
    devices: [
      { ...COVER, id: "garage", name: "Garage", deviceClass: "garage" },
      { ...COVER, id: "gate", name: "Gate", deviceClass: "gate" },
    ],
    scenes: [],
  };

  const position = { latitude: 52.52, longitude: 13.405 };
  const table = { dynamoDb: db.client, homeTable: "Home" };
  await seedHome(table, { ...META, position }, parseHome(file, AT_HOME), async () => []);
  await seedHome(
    table,
    { ...META, position: { latitude: 0, longitude: 0 } },
    parseHome(file, AT_HOME),
    async () => [],
  );

  const records = await queryAll(table, "HOME#home");
  expect(
    records.map((record) => [record.SK, record.deviceClass ?? record.position ?? "unsaid"]),
  ).toEqual([
    ["DEVICE#garage", "garage"],
    ["DEVICE#gate", "blind"],
    ["DEVICE#other", "unsaid"],
    ["META", { latitude: 52.52, longitude: 13.405 }],
  ]);
});
