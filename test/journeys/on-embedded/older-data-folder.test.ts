import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import mqtt from "mqtt";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { claimsOf } from "../../local/cognito/support.ts";
import { runScript } from "../../support/command.ts";
import { type Journey, startJourney } from "../../support/journey.ts";
import { olderDataFolder } from "../../support/older-data-folder.ts";
import { personOf } from "../../support/person.ts";

type Item = Readonly<Record<string, unknown>>;

const DONE = "run_rx74t7ntt8m0jpjz9529";
const PARTLY = "run_n71xj3tav7ydf0pw1n9k";
const CUT_OFF = "run_gssqd9jh9zqj0p89zre0";

// REQ: state-survives
describe("a house on the data folder that version 0.1.0 left", () => {
  const older = olderDataFolder();
  let house: Journey;
  beforeAll(async () => {
    house = await startJourney({ data: older.path, lan: { port: 0, host: "127.0.0.1" } });
  });
  afterAll(async () => {
    await house?.close();
    older.remove();
  });
  const audit = async (...args: readonly string[]): Promise<string> =>
    (await runScript("audit.ts", [...args, "--data", older.path])).output;

  test("knows every run: the one that was done, the one that partly was, the one that was cut off", async () => {
    const runs = await Promise.all(
      [DONE, PARTLY, CUT_OFF].map((run_id) => house.client.callTool("get_run", { run_id })),
    );

    expect(runs).toMatchObject([
      {
        result: "done",
        say: "Movie night is done: all 6 devices confirmed.",
        plan_hash: "sha256:31736d4878ecb574acf0038bd3cd51eab65c6961783beef5ef2a6f0f69e444db",
        finished_at: expect.stringMatching(/^2026-11-27T15:36:48\./) as string,
      },
      {
        result: "partly_done",
        confirmed: 10,
        already_there: 4,
        devices_not_confirmed: [{ device: "porch_lamp", outcome: "timed_out" }],
        plan_hash: "sha256:516d38af2082b8cf19ba034411259e89457985b785afa662f28e7bc530337da4",
      },
      {
        result: "failed",
        say: expect.stringContaining("Away broke off, and its outcome was not recorded.") as string,
        plan_hash: "sha256:fcd938fce1152e24d6266fedc93493f7cb04fe349781dc495ee0497f6f8de365",
      },
    ]);
  });

  test("shows them to the audit command", async () => {
    const runs = await audit("runs", "--day", "2026-11-27");
    const partly = await audit(PARTLY);
    const door = await audit("device", "front_door");

    expect(runs).toMatch(
      new RegExp(`${DONE} +movie_night.*\\n.*${PARTLY} +goodnight.*\\n.*${CUT_OFF} +away`),
    );
    expect(partly).toContain("Porch lamp (dark and quiet): timed_out");
    expect(partly).toContain('  after   15:36:49.692  {"lock":{"locked":true}}');
    expect(door).toMatch(new RegExp(`^2026-11-27T15:36:54.508Z  ${CUT_OFF}  SUCCEEDED`));
  });

  test("has the home with the device that was added, and the scene that asks it", async () => {
    const home = await house.client.callTool("get_home", { detail: "full" });
    const plan = await house.client.callTool("plan_scene", { scene: "goodnight" });

    expect(JSON.stringify(home)).toContain('"device":"porch_lamp"');
    expect(plan.say).toBe("Goodnight would ask 15 devices in 3 stages. Nothing was sent.");
  });

  test("has the shadows: what each device reported last", async () => {
    const [door, blinds, alarm] = await Promise.all(
      ["front_door", "bedroom_blinds", "alarm"].map((thing) => house.shadowOf(thing)),
    );

    expect(door?.reported).toMatchObject({
      lock: { locked: true },
      command: { id: `${CUT_OFF}.0`, status: "SUCCEEDED" },
    });
    expect(blinds?.reported).toMatchObject({ cover: { position: 0 } });
    expect(alarm?.reported).toMatchObject({ alarm: { mode: "armed_night" } });
  });

  test("signs in the same users with the same passwords, through the same clients with the same secrets", async () => {
    const { clients, users } = house.home.endpoints.cognito;

    const { access_token } = await personOf(
      house.home.endpoints,
      "resident",
      "b8zSkqbvxkjqxU4KAa1!",
    ).tokens("smarthome-gateway/read");

    expect(clients).toEqual({
      machine: {
        clientId: "msgtzurxg79wm0qyhnirzyz81d",
        clientSecret: "ouh3qdndocfoegt8txui1cram1kv1suw1vef5v1vmiuk4r28qzcc",
      },
      claudeWeb: {
        clientId: "dd3sbjjh36tvk4y1zp0m6ykevk",
        clientSecret: "mnqupbmddmqzwug9m0fs6jlc7m8yjboxanv05wf48gx97ankmx6e",
      },
      local: { clientId: "tzk77753i9stvuah2m2vqnpa2n" },
    });
    expect(users.map(({ username, password }) => [username, password])).toEqual([
      ["resident", "b8zSkqbvxkjqxU4KAa1!"],
      ["operator", "eP8nl5kkvij4JxfIAa1!"],
      ["guest", "CUXiBa5i2xStPTXDAa1!"],
    ]);
    expect(claimsOf(access_token)).toMatchObject({ username: "resident" });
  });

  test("lets in the device by the certificate that it was given then", async () => {
    const folder = join(older.path, "devices", "porch_lamp");
    const read = (file: string): string => readFileSync(join(folder, file), "utf8");

    const device = await mqtt.connectAsync(house.home.endpoints.mqtt.tlsUrl ?? "", {
      clientId: "porch_lamp",
      key: read("private.key"),
      cert: read("certificate.pem"),
      ca: read("root-ca.pem"),
    });
    onTestFinished(() => device.endAsync());

    expect(device.connected).toBe(true);
  });

  test("runs scenes on it, and what it records from now on has a format", async () => {
    const result = await house.client.callTool("run_scene", { scene: "movie_night" });

    const records = await house.auditOf(String(result.run_id));
    const request = records.find((item) => item.SK === "RUN");
    expect(result).toMatchObject({ result: "done", devices: 6 });
    expect(records).toHaveLength(8);
    expect(records.map((item) => item.v)).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
    expect(JSON.parse(String(request?.plan))).toMatchObject({ v: 1, scene: "movie_night" });
  });

  test("keeps all of it from the other users of the machine", () => {
    const openToOthers = readdirSync(older.path).filter(
      (name) => (statSync(join(older.path, name)).mode & 0o077) !== 0,
    );

    expect(statSync(older.path).mode & 0o777).toBe(0o700);
    expect(openToOthers).toEqual(["devices"]);
  });
});

// REQ: state-survives
test("a new home's devices and scenes are stored with their format", async () => {
  const house = await startJourney();
  onTestFinished(house.close);
  const { aws } = house.home.stack;
  const client = new DynamoDBClient(aws);
  onTestFinished(() => client.destroy());
  const items: Item[] = [];
  for await (const { Items = [] } of paginateScan(
    { client },
    { TableName: house.home.endpoints.aws.tables.home },
  )) {
    items.push(...Items.map((item) => unmarshall(item)));
  }

  expect(items).toHaveLength(18);
  expect(new Set(items.map((item) => item.v))).toEqual(new Set([1]));
});
