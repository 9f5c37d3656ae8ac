import { createHash } from "node:crypto";
import { QueryCommand } from "@aws-sdk/client-dynamodb";
import { GetThingShadowCommand } from "@aws-sdk/client-iot-data-plane";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import canonicalize from "canonicalize";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type InProcessHouse,
  type Item,
  startInProcessHouse,
} from "../isolation/in-process-house.ts";

const ANN = { sub: "ann" };

let house: InProcessHouse;
beforeAll(async () => {
  house = await startInProcessHouse();
  await house.addHome("a");
  await house.addMember("ann", "a");
}, 60_000);
afterAll(() => house.close());

const recordsOf = async (partition: string): Promise<readonly Item[]> => {
  const { Items = [] } = await house.dynamoDb.send(
    new QueryCommand({
      TableName: house.auditTable,
      KeyConditionExpression: "PK = :partition",
      ExpressionAttributeValues: { ":partition": { S: partition } },
      ConsistentRead: true,
    }),
  );
  return Items.map((item) => unmarshall(item));
};
const report = (thing: string, reported: unknown) =>
  house.device.publishAsync(
    `$aws/things/${thing}/shadow/update`,
    JSON.stringify({ state: { reported } }),
    { qos: 1 },
  );
const commandOf = async (thing: string): Promise<Item> => {
  const { payload } = await house.dataPlane.send(new GetThingShadowCommand({ thingName: thing }));
  const shadow = JSON.parse(new TextDecoder().decode(payload)) as {
    state: { reported: { command: Item } };
  };
  return shadow.state.reported.command;
};
const thisMonth = new Date().toISOString().slice(0, 7);
const acknowledgementsOf = async (run: unknown): Promise<readonly Item[]> =>
  (await recordsOf(`HOME#a#RUN#${String(run)}`)).filter(
    ({ SK, thing }) => String(SK).startsWith("ACK#") && thing === "a-hall_lamp",
  );

// REQ: record-never-overwritten
test("a device that reports a command, another run's, and the first again has overwritten nothing, and get_run shows both", async () => {
  const first = await house.call(ANN, "run_scene", { scene: "goodnight" });
  const command = await commandOf("a-hall_lamp");
  await house.call(ANN, "run_scene", { scene: "goodnight" });
  const before = await acknowledgementsOf(first.run_id);

  await report("a-hall_lamp", { light: { on: true }, command: { ...command, status: "FAILED" } });
  await expect.poll(() => acknowledgementsOf(first.run_id)).toHaveLength(2);

  expect(before).toHaveLength(1);
  const all = await acknowledgementsOf(first.run_id);
  expect(all).toContainEqual(before[0]);
  const view = await house.call(ANN, "get_run", { run_id: first.run_id, detail: "full" });
  expect(view.result).toBe("done");
  expect(view.every_device).toContainEqual(
    expect.objectContaining({
      device: "hall_lamp",
      reported_again_at: [expect.stringMatching(/Z$/)],
    }),
  );
});

// REQ: receipt
test("the receipt of a run is the hash of its outcome as it is stored, which lists those of the other records", async () => {
  const { run_id: run, receipt } = await house.call(ANN, "run_scene", { scene: "goodnight" });

  const { Items = [] } = await house.dynamoDb.send(
    new QueryCommand({
      TableName: house.auditTable,
      KeyConditionExpression: "PK = :run",
      ExpressionAttributeValues: { ":run": { S: `HOME#a#RUN#${String(run)}` } },
    }),
  );
  const hash = (item: Item): string =>
    `sha256:${createHash("sha256")
      .update(String(canonicalize(item)))
      .digest("hex")}`;
  const outcome = Items.find(({ SK }) => SK?.S === "OUTCOME") ?? {};
  const others = Items.filter((item) => item !== outcome);
  expect(receipt).toEqual({ record: hash(outcome) });
  expect(others).toHaveLength(3);
  expect(outcome.judgedBy?.L?.map(({ S }) => S)).toEqual(
    [...others.slice(-1), ...others.slice(0, -1)].map(hash),
  );
});

// REQ: retention
test("every record of a run says when it was written, where it is found until it is sealed, and when it may go", async () => {
  const { run_id: run } = await house.call(ANN, "run_scene", { scene: "goodnight" });

  const records = await recordsOf(`HOME#a#RUN#${String(run)}`);

  expect(records).toHaveLength(4);
  for (const { recordedAt, seal, expiresAt } of records) {
    expect(new Date(Number(recordedAt)).toISOString().slice(0, 10)).toBe(
      String(seal).replace(/#[0-9a-f]$/, ""),
    );
    const days = (Number(expiresAt) - Number(recordedAt) / 1000) / 86_400;
    expect(days).toBeGreaterThan(399.9999);
    expect(days).toBeLessThan(400.0001);
  }
});

// REQ: change-without-run
describe("what a device changes without a command", () => {
  const changes = () => recordsOf(`HOME#a#CHANGE#${thisMonth}`);

  test("is recorded once, with the state before and after; a sensor's reading and the same state again are not", async () => {
    await report("a-front_door", { lock: { locked: true }, battery: 81 });
    await expect.poll(() => commandOf("a-front_door")).toBeDefined();
    const before = (await changes()).length;

    await report("a-front_door", { battery: 80 });
    await report("a-front_door", { lock: { locked: true } });
    await report("a-front_door", { lock: { locked: false } });
    await expect.poll(async () => (await changes()).length).toBe(before + 1);

    expect((await changes()).at(-1)).toMatchObject({
      v: 1,
      home: "a",
      change: "reported",
      thing: "a-front_door",
      before: { lock: { locked: true }, battery: 80 },
      after: { lock: { locked: false }, battery: 80 },
    });
  });

  test("is none where a command asked for it", async () => {
    const before = await changes();

    await house.call(ANN, "run_scene", { scene: "goodnight" });

    expect(await changes()).toEqual(before);
  });
});

// REQ: refusals-recorded
test("of a thousand refusals of the same in a minute one record is kept", async () => {
  const day = new Date().toISOString().slice(0, 10);
  const minutes = new Set<string>();
  const refused = async () => {
    minutes.add(new Date().toISOString().slice(11, 16));
    await house.call(ANN, "run_scene", { scene: "no such scene" });
    minutes.add(new Date().toISOString().slice(11, 16));
  };

  for (let batch = 0; batch < 20; batch += 1) {
    await Promise.all(Array.from({ length: 50 }, refused));
  }

  const records = await recordsOf(`REFUSED#${day}`);
  expect(records.map(({ SK }) => String(SK).slice(0, 5)).sort()).toEqual([...minutes].sort());
  expect(records[0]).toMatchObject({
    tool: "run_scene",
    code: "SceneUnknown",
    home: "a",
    caller: { sub: "ann" },
  });
});
