import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { DescribeTableCommand, DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { DescribeThingCommand, ListThingPrincipalsCommand } from "@aws-sdk/client-iot";
import { GetThingShadowCommand } from "@aws-sdk/client-iot-data-plane";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { afterEach, expect, test } from "vitest";
import { openDynamoDb } from "#local/dynamodb/dynamo-db.ts";
import { takeDataDirectory } from "#local/wire/data-directory.ts";
import { olderDataFolder } from "../../support/older-data-folder.ts";
import {
  authorizeUrl,
  browser,
  claimsOf,
  poolTemplate,
  postForm,
  startTestCognito,
} from "../cognito/support.ts";
import { ACCOUNT, REGION, startTestEndpoint } from "../endpoint/test-endpoint.ts";
import { startSecureBench } from "../iot/tls/secure-bench.ts";

// What version 0.1.0 wrote, each file opened by its own service: these tests know nothing of our home, and hold for as
// long as data folders of that version exist.

const cleanUp: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const each of cleanUp.splice(0).toReversed()) await each();
});
const folder = (): string => {
  const older = olderDataFolder();
  cleanUp.push(older.remove);
  return older.path;
};

const AUDIT = "SmarthomeScenes-TablesAuditTable74DDE525";
const HOME = "SmarthomeScenes-TablesHomeTableFCD40F51";

const startDynamoDb = async (file: string): Promise<DynamoDBClient> => {
  const dynamoDb = await openDynamoDb({ file, region: REGION, accountId: ACCOUNT });
  const endpoint = await startTestEndpoint();
  endpoint.register(dynamoDb.service);
  const client = new DynamoDBClient(endpoint.client);
  cleanUp.push(async () => {
    client.destroy();
    await endpoint.close();
    await dynamoDb.close();
  });
  return client;
};

const keysOf = async (client: DynamoDBClient, table: string, pk: string): Promise<string[]> => {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: "PK = :pk",
      ExpressionAttributeValues: { ":pk": { S: pk } },
    }),
  );
  return Items.map((item) => item.SK?.S ?? "");
};

// REQ: state-survives
test("DynamoDB answers from an older file: tables, items and both indexes", async () => {
  const client = await startDynamoDb(join(folder(), "dynamodb.sqlite"));

  const { Table } = await client.send(new DescribeTableCommand({ TableName: AUDIT }));
  const home = await keysOf(client, HOME, "HOME");
  const cutOff = await keysOf(client, AUDIT, "RUN#run_gssqd9jh9zqj0p89zre0");
  const { Items: ofDay = [] } = await client.send(
    new QueryCommand({
      TableName: AUDIT,
      IndexName: "byDay",
      KeyConditionExpression: "#day = :day",
      ExpressionAttributeNames: { "#day": "day" },
      ExpressionAttributeValues: { ":day": { S: "2026-11-27" } },
    }),
  );
  const { Items: ofDoor = [] } = await client.send(
    new QueryCommand({
      TableName: AUDIT,
      IndexName: "byDevice",
      KeyConditionExpression: "thing = :thing",
      ExpressionAttributeValues: { ":thing": { S: "front_door" } },
      ScanIndexForward: false,
    }),
  );

  expect(Table).toMatchObject({
    TableStatus: "ACTIVE",
    TableId: "9e13286e-8f38-48a7-98b1-c717e8470010",
    DeletionProtectionEnabled: true,
    ItemCount: 27,
  });
  expect(home.filter((key) => key.startsWith("DEVICE#"))).toHaveLength(15);
  expect(home.filter((key) => key.startsWith("SCENE#"))).toEqual([
    "SCENE#away",
    "SCENE#good_morning",
    "SCENE#goodnight",
    "SCENE#movie_night",
  ]);
  expect(cutOff).toEqual(["ACK#front_door#0", "ACK#garage_door#0", "RUN"]);
  expect(ofDay.map((item) => item.run?.S)).toEqual([
    "run_rx74t7ntt8m0jpjz9529",
    "run_n71xj3tav7ydf0pw1n9k",
    "run_gssqd9jh9zqj0p89zre0",
  ]);
  expect(ofDoor.map((item) => unmarshall(item))).toMatchObject([
    {
      SK: "ACK#front_door#0",
      acknowledgedAt: 1_795_793_814_508,
      after: { lock: { locked: true } },
    },
    { PK: "RUN#run_n71xj3tav7ydf0pw1n9k", before: { lock: { locked: false } } },
  ]);
});

// REQ: state-survives
test("the IoT core answers from an older file: shadows, things, and a device with its certificate", async () => {
  const path = folder();
  const core = await startSecureBench({
    file: join(path, "iot.sqlite"),
    authority: { key: join(path, "root-ca.key"), certificate: join(path, "root-ca.pem") },
  });
  cleanUp.push(core.close);

  const { payload } = await core.dataPlane.send(
    new GetThingShadowCommand({ thingName: "front_door" }),
  );
  const thing = await core.control.send(new DescribeThingCommand({ thingName: "porch_lamp" }));
  const { principals } = await core.control.send(
    new ListThingPrincipalsCommand({ thingName: "porch_lamp" }),
  );
  const device = await core.signIn({
    thing: "porch_lamp",
    key: readFileSync(join(path, "devices", "porch_lamp", "private.key"), "utf8"),
    cert: readFileSync(join(path, "devices", "porch_lamp", "certificate.pem"), "utf8"),
  });

  expect(JSON.parse(Buffer.from(payload ?? []).toString())).toMatchObject({
    state: {
      desired: { lock: { locked: true } },
      reported: {
        lock: { locked: true },
        online: false,
        command: { id: "run_gssqd9jh9zqj0p89zre0.0", status: "SUCCEEDED" },
      },
    },
    version: 7,
  });
  expect(thing).toMatchObject({
    thingId: "1a2d1559-36b8-46db-ad54-60ee4660b8a7",
    attributes: { kind: "light" },
  });
  expect(principals).toEqual([
    "arn:aws:iot:us-east-1:000000000000:cert/a09abc92e2dfa7a43821bbc2e9628bc035ab69825ca0884b7af123bff583361e",
  ]);
  expect(device.connected).toBe(true);
});

// REQ: state-survives
test("Cognito answers from an older file: users with their passwords, clients with their secrets, the same keys", async () => {
  const ids: Readonly<Record<string, string>> = {
    machine: "msgtzurxg79wm0qyhnirzyz81d",
    web: "dd3sbjjh36tvk4y1zp0m6ykevk",
    local: "tzk77753i9stvuah2m2vqnpa2n",
  };
  const pool = poolTemplate({}, { poolId: "us-east-1_ozmrp41c0" });
  const clients = pool.clients.map((one) => ({ ...one, clientId: ids[one.clientId] ?? "" }));
  const cognito = await startTestCognito({
    file: join(folder(), "cognito.sqlite"),
    pools: [{ ...pool, clients }],
    seedUsers: [
      { username: "resident", groups: [] },
      { username: "operator", groups: [] },
      { username: "guest", groups: [] },
    ],
  });
  cleanUp.push(cognito.close);
  const visitor = browser(cognito.url);
  const form = await visitor.visit(
    authorizeUrl(cognito, { client_id: "dd3sbjjh36tvk4y1zp0m6ykevk" }),
  );

  const signedIn = await visitor.submit(form, {
    username: "resident",
    password: "b8zSkqbvxkjqxU4KAa1!",
  });
  const { json } = await postForm(`${cognito.url}/oauth2/token`, {
    grant_type: "authorization_code",
    client_id: "dd3sbjjh36tvk4y1zp0m6ykevk",
    client_secret: "mnqupbmddmqzwug9m0fs6jlc7m8yjboxanv05wf48gx97ankmx6e",
    redirect_uri: "http://localhost:9/callback",
    code: new URL(signedIn.url).searchParams.get("code") ?? "",
  });
  const machine = await postForm(`${cognito.url}/oauth2/token`, {
    grant_type: "client_credentials",
    client_id: "msgtzurxg79wm0qyhnirzyz81d",
    client_secret: "ouh3qdndocfoegt8txui1cram1kv1suw1vef5v1vmiuk4r28qzcc",
  });
  const keys = (await (
    await fetch(`${cognito.url}/us-east-1_ozmrp41c0/.well-known/jwks.json`)
  ).json()) as { readonly keys: readonly { readonly kid: string }[] };

  const { access_token: token } = json as { readonly access_token: string };
  expect(claimsOf(token)).toMatchObject({ username: "resident", "cognito:groups": ["residents"] });
  expect(machine.status).toBe(200);
  expect(keys.keys.map(({ kid }) => kid).sort()).toEqual([
    "4sv6P+i/xVFnroU5KqZ1QcYR/CmOnuNWSo3u3ALgpvo=",
    "VM1Ddn1eKsbG5vwaeSFWUEqpxhTjO1qGpDlA4/o9otk=",
  ]);
  expect(cognito.seededUsers().map(({ username, password }) => [username, password])).toEqual([
    ["resident", "b8zSkqbvxkjqxU4KAa1!"],
    ["operator", "eP8nl5kkvij4JxfIAa1!"],
    ["guest", "CUXiBa5i2xStPTXDAa1!"],
  ]);
});

test("an older folder, which others could read, is closed to them, and keeps its secret", () => {
  const path = folder();

  const taken = takeDataDirectory(path);
  taken.release();

  expect(taken.masterSecret).toBe(readFileSync(join(path, "master-secret"), "utf8").trim());
  expect(statSync(path).mode & 0o777).toBe(0o700);
  expect(statSync(join(path, "lock")).mode & 0o777).toBe(0o600);
});

test("an older version still opens what this one had open: the layout's number is the same", async () => {
  const path = folder();
  const file = join(path, "dynamodb.sqlite");

  await startDynamoDb(file);
  await cleanUp.pop()?.();

  const db = new DatabaseSync(file);
  cleanUp.push(() => db.close());
  expect(db.prepare("PRAGMA user_version").get()).toEqual({ user_version: 1 });
  expect(db.prepare("PRAGMA application_id").get()).toEqual({ application_id: 0x53486462 });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test.each(["dynamodb.sqlite", "iot.sqlite", "cognito.sqlite"])(
  "%s of a newer version is refused by its service, and nothing is changed",
  async (name) => {
    const path = folder();
    const file = join(path, name);
    const db = new DatabaseSync(file);
    db.exec("PRAGMA user_version = 99");
    db.close();
    const before = readFileSync(file);
    const start = {
      "dynamodb.sqlite": () => startDynamoDb(file),
      "iot.sqlite": () => startSecureBench({ file }),
      "cognito.sqlite": () => startTestCognito({ file }),
    }[name];

    await expect(start?.()).rejects.toMatchObject({ code: "DataNewer" });

    expect(readFileSync(file).equals(before)).toBe(true);
  },
);

test("Cognito's file belongs to one process at a time", async () => {
  const file = join(folder(), "cognito.sqlite");
  const first = await startTestCognito({ file });
  cleanUp.push(first.close);

  await expect(startTestCognito({ file })).rejects.toMatchObject({ code: "AlreadyRunning" });
});
