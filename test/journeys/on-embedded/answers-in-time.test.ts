import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient, QueryCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, test } from "vitest";
import { type Journey, startJourney } from "../../support/journey.ts";
import { callsOf } from "../../support/person-calls.ts";

type Item = Readonly<Record<string, unknown>>;

// Lamps that keep silent hold a scene for their six seconds, longer than these callers wait; shelves answer at once, but the last,
// whose undo is to go on while somebody else asks for it. Each test has its own, so that all of them run in the same seconds.
const light = (id: string) => ({
  id,
  name: id.replace("_", " "),
  kind: "light",
  room: "Hall",
  windowSeconds: 6,
});
const scene = (id: string, ...devices: readonly string[]) => ({
  id,
  name: id,
  version: 1,
  stages: [
    {
      name: "dark",
      devices: Object.fromEntries(devices.map((device) => [device, { light: { on: false } }])),
    },
  ],
});
const LAMPS = ["lamp_1", "lamp_2", "lamp_3", "lamp_4", "lamp_5"];
const SHELVES = ["shelf_1", "shelf_2", "shelf_3", "shelf_4", "shelf_5"];
const HOME = {
  rooms: ["Hall"],
  devices: [...LAMPS, ...SHELVES].map(light),
  scenes: [
    scene("dark", "lamp_1"),
    scene("late", "lamp_2", "shelf_2"),
    { ...scene("whole", "lamp_3", "shelf_3"), rules: { onPartial: "undo" } },
    { ...scene("half", "lamp_5", "shelf_5"), rules: { onPartial: "undo" } },
    scene("quick", "shelf_4"),
    scene("dim", "lamp_4", "shelf_1"),
  ],
  initial: Object.fromEntries([...LAMPS, ...SHELVES].map((id) => [id, { light: { on: true } }])),
};

let folder: string;
let house: Journey;
let dynamoDb: DynamoDBClient;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "in-time-"));
  const homeFile = join(folder, "home.json");
  writeFileSync(homeFile, JSON.stringify(HOME));
  const faults = [...LAMPS.map((lamp) => `${lamp}=silent`), "shelf_5=slow:2000"].join(",");
  house = await startJourney({ homeFile, faults });
  dynamoDb = new DynamoDBClient(house.home.stack.aws);
});
afterAll(async () => {
  dynamoDb?.destroy();
  await house?.close();
  rmSync(folder, { recursive: true, force: true });
});

const runScene = (name: string, more: Item = {}): Promise<Item> =>
  house.client.callTool("run_scene", { scene: name, wait_s: 0, ...more });
const endOf = (run: unknown): Promise<Item> =>
  house.client.callTool("get_run", { run_id: run, wait_s: 20 });

describe.concurrent("calls that do not wait for the end", () => {
  // REQ: answers-in-time
  // REQ: joined-runs
  test("the same call at once and again is told what is awaited, and is one run; after its end it is a new one", async ({
    expect,
  }) => {
    const both = await Promise.all([
      runScene("dark", { wait_s: 2 }),
      runScene("dark", { wait_s: 2 }),
    ]);
    const later = await runScene("dark");
    const run = later.run_id;
    // A loaded machine may publish later than those callers wait.
    await expect
      .poll(() => house.client.callTool("get_run", { run_id: run }), { timeout: 4_000 })
      .toMatchObject({
        result: "running",
        still_awaited: [{ device: "lamp_1", name: "lamp 1", stage: "dark" }],
      });
    const end = await endOf(run);
    const next = await runScene("dark");

    expect(both.map(({ run_id: id }) => id)).toEqual([run, run]);
    expect(both.filter(({ joined }) => joined !== undefined)).toHaveLength(1);
    expect(later.joined).toContain("Nothing was sent again");
    for (const answer of [...both, later]) {
      expect(answer).toMatchObject({ result: "running", devices: 1, confirmed: 0 });
    }
    expect(end).toMatchObject({
      result: "failed",
      devices_not_confirmed: [{ device: "lamp_1", outcome: "timed_out" }],
    });
    expect(next).toMatchObject({ result: "running" });
    expect(next).not.toHaveProperty("joined");
    expect(next.run_id).not.toBe(run);
  });

  // REQ: joined-runs
  test("another caller, another plan and another request id are other runs; the same id is the same run", async ({
    expect,
    onTestFinished,
  }) => {
    const asResident = await callsOf(house.home.endpoints, "resident", onTestFinished);
    const first = await runScene("late");

    const others = await Promise.all([
      asResident("run_scene", { scene: "late", wait_s: 0 }),
      runScene("late", { except: ["shelf 2"] }),
      runScene("late", { request_id: "one" }),
      runScene("late", { request_id: "one" }),
      runScene("late", { request_id: "two" }),
    ]);

    const answers = [first, ...others];
    const runs = answers.map(({ run_id: id }) => id);
    expect(answers.map(({ result }) => result)).toEqual(Array(6).fill("running"));
    expect(new Set(runs).size).toBe(5);
    expect(runs[4]).toBe(runs[3]);
  });

  // REQ: answers-in-time
  // REQ: joined-runs
  test("get_run tells what is confirmed so far; a call without a request id joins a run that goes on with one", async ({
    expect,
  }) => {
    const { run_id: run } = await runScene("dim", { request_id: "three", wait_s: 1 });

    await expect
      .poll(() => house.client.callTool("get_run", { run_id: run }), { timeout: 4_000 })
      .toMatchObject({
        result: "running",
        devices: 2,
        confirmed: 1,
        still_awaited: [{ device: "lamp_4", name: "lamp 4", stage: "dark" }],
      });
    const joined = await runScene("dim");

    expect(joined).toMatchObject({ result: "running", run_id: run });
    expect(joined.joined).toContain("Nothing was sent again");
  });

  // REQ: joined-runs
  test("a run that is claimed and not begun is begun by the next who asks, unless the claim is older than a run can be", async ({
    expect,
  }) => {
    const { run_id: first } = await runScene("quick", { wait_s: 20 });
    const claim = await claimOf(first);

    await claim.is("run_00000000000000000001", Date.now());
    const begun = await runScene("quick", { wait_s: 20 });
    await claim.is("run_00000000000000000002", Date.now() - 331_000);
    const fresh = await runScene("quick", { wait_s: 20 });

    expect(begun).toMatchObject({ result: "done", run_id: "run_00000000000000000001" });
    expect(fresh).toMatchObject({ result: "done" });
    expect(fresh.run_id).not.toBe("run_00000000000000000002");
    expect(fresh.run_id).not.toBe(first);
  });

  // REQ: undone-by-itself
  test("a scene that is to be done whole or not at all is taken back though nobody waits", async ({
    expect,
  }) => {
    const { run_id: run } = await runScene("whole");

    await expect
      .poll(() => endOf(run), { timeout: 20_000 })
      .toMatchObject({
        result: "partly_done",
        undone: { left_alone: [{ device: "lamp_3" }], run_id: expect.any(String) as string },
      });
    const { undone } = (await endOf(run)) as { readonly undone: Item };
    expect(await endOf(undone.run_id)).toMatchObject({ result: "done", devices: 1 });
    expect((await house.shadowOf("shelf_3")).reported).toMatchObject({ light: { on: true } });
  });

  // REQ: undone-once-at-a-time
  test("a scene that is taken back by itself while another resident takes it back is taken back once", async ({
    expect,
    onTestFinished,
  }) => {
    const asResident = await callsOf(house.home.endpoints, "resident", onTestFinished);
    const { run_id: run } = await runScene("half");
    await expect
      .poll(() => endOf(run), { timeout: 20_000 })
      .toMatchObject({ result: "partly_done" });

    const taken = await asResident("undo_run", { run_id: run, wait_s: 20 });

    expect(taken).toMatchObject({ result: "done", devices: 1, undoes: run });
    await expect
      .poll(() => endOf(run), { timeout: 20_000 })
      .toMatchObject({ undone: { run_id: taken.run_id } });
  });
});

/** The claim that names a run, which the test changes behind the house's back. */
const claimOf = async (run: unknown) => {
  const TableName = house.home.endpoints.aws.tables.home;
  const { Items = [] } = await dynamoDb.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: "PK = :claims",
      FilterExpression: "run = :run",
      ExpressionAttributeValues: {
        ":claims": { S: "HOME#home#CLAIMS" },
        ":run": { S: String(run) },
      },
    }),
  );
  const [{ PK, SK } = {}] = Items;
  if (PK === undefined || SK === undefined) throw new Error(`nothing claims ${String(run)}`);
  return {
    is: (claimed: string, claimedAtMs: number) =>
      dynamoDb.send(
        new UpdateItemCommand({
          TableName,
          Key: { PK, SK },
          UpdateExpression: "SET run = :run, claimedAtMs = :at",
          ExpressionAttributeValues: { ":run": { S: claimed }, ":at": { N: String(claimedAtMs) } },
        }),
      ),
  };
};
