import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseHomeId } from "#domain/home/home-id.ts";
import { putMembership } from "../../scripts/homes/members.ts";
import { readHomeFile, seedHome } from "../../scripts/homes/seed-home.ts";
import { type HouseProcess, startHouseProcess } from "../../scripts/start/house-process.ts";
import { DEMO_HOME_FILE } from "../../scripts/start/start-home.ts";
import { type Ended, runScript } from "../support/command.ts";
import { type Journey, startJourney } from "../support/journey.ts";

type Item = Readonly<Record<string, unknown>>;

const CABIN = parseHomeId("cabin");
const DEVICES = [
  ...["hall_lamp", "front_door", "garage_door", "alarm", "thermostat", "television"],
  ...["living_room_lamp", "living_room_ceiling", "living_room_blinds", "kitchen_light"],
  ...["coffee_machine", "bedroom_lamp", "bedside_lamp", "bedroom_blinds"],
];
const WITHOUT_LAMP = DEVICES.slice(1);

/** Makes a cabin of the same devices and scenes as the house's own home, where the machine client lives too. */
const addCabin = async (house: Journey): Promise<void> => {
  const { endpoint, region, credentials } = house.home.stack.aws;
  const dynamoDb = new DynamoDBClient({ endpoint, region, credentials });
  const table = { dynamoDb, homeTable: house.home.endpoints.aws.tables.home };
  const at = new Date().toISOString();
  await seedHome(
    table,
    { home: CABIN, name: "Cabin", timeZone: "Europe/Oslo", state: "active", createdAt: at },
    readHomeFile(DEMO_HOME_FILE, { home: CABIN, thingPrefix: "" }),
    async () => [],
  );
  await putMembership(table, {
    sub: house.home.endpoints.cognito.clients.machine.clientId,
    home: CABIN,
    role: "resident",
    name: "Cabin",
    who: "machine client",
    by: "test",
    since: at,
  });
  dynamoDb.destroy();
};

describe("two homes with the same devices and the same scenes, on one house; in one the hall lamp is silent", () => {
  let house: Journey;
  let cabin: HouseProcess;
  beforeAll(async () => {
    house = await startJourney();
    await addCabin(house);
    cabin = await startHouseProcess({
      mqttUrl: house.home.endpoints.mqtt.url,
      homeFile: DEMO_HOME_FILE,
      home: CABIN,
      stateFile: join(house.data, "cabin.json"),
      faults: "hall_lamp=silent",
    });
  });
  afterAll(async () => {
    await cabin?.close();
    await house?.close();
  });

  const inBoth = (tool: string, args: Item) =>
    Promise.all([
      house.client.callTool(tool, { ...args, home: "home" }),
      house.client.callTool(tool, { ...args, home: "Cabin" }),
    ]);
  const script = (name: string, ...args: readonly string[]): Promise<Ended> =>
    runScript(name, [...args, "--data", house.data]);

  /** The sort keys of a run's records, and the homes that they say they are of. */
  const recordedOf = async (run: unknown, home: string) => {
    const records = await house.auditOf(String(run), home);
    return {
      // After the stage of an acknowledgement: the shadow's version, and the moment.
      keys: records
        .map(({ SK }) => String(SK).replace(/#\d+#\d{13}$/, ""))
        // What is sent again to a silent device.
        .filter((key) => !key.startsWith("TRY#"))
        .sort(),
      homes: new Set(records.map((record) => record.home)),
    };
  };

  /** The devices of a home that last answered a command of a run. */
  const answeredTo = async (run: unknown, home: string): Promise<readonly string[]> => {
    const shadows = await Promise.all(DEVICES.map((device) => house.shadowOf(device, home)));
    return DEVICES.filter(
      (_, at) => (shadows[at]?.reported?.command as Item | undefined)?.run === run,
    );
  };

  // REQ: scenes-at-once
  test("goodnight in both at once: each answers, reports and records its own", async () => {
    const [home, away] = await inBoth("run_scene", { scene: "goodnight", reason: "bed" });

    expect(home).toMatchObject({
      home: "home",
      result: "done",
      devices: 14,
      devices_not_confirmed: [],
    });
    expect(home.say).toMatch(/^Home: Goodnight is done: all 14 devices confirmed/);
    expect(away).toMatchObject({
      home: "cabin",
      result: "partly_done",
      devices: 14,
      devices_not_confirmed: [{ device: "hall_lamp", outcome: "timed_out" }],
    });
    expect(away.say).toMatch(/^Cabin: Goodnight: 13 of 14 devices confirmed/);
    expect(away.say).toContain("Hall lamp did not answer within 3 s.");
    expect(away.run_id).not.toBe(home.run_id);

    expect(await answeredTo(home.run_id, "home")).toEqual(DEVICES);
    expect(await answeredTo(away.run_id, "cabin")).toEqual(WITHOUT_LAMP);
    const [lamp, cabinsLamp] = [
      await house.shadowOf("hall_lamp"),
      await house.shadowOf("hall_lamp", "cabin"),
    ];
    expect(lamp.reported).toMatchObject({ light: { on: false } });
    expect(cabinsLamp.reported).toMatchObject({ light: { on: true } });
    expect(cabinsLamp.desired?.command).toBeUndefined();
  });

  // REQ: audit-record
  test("the records of a run are its home's alone: what was asked, what each device answered, and how it ended", async () => {
    const [home, away] = await inBoth("run_scene", { scene: "goodnight" });

    const keys = (prefix: string, devices: readonly string[]): readonly string[] =>
      [
        "OUTCOME",
        "RUN",
        // The alarm is the third stage, the door, the garage and the blinds are the first.
        ...devices.map((device) => `ACK#${prefix}-${device}#${stageOf(device)}`),
      ].sort();
    expect(await recordedOf(home.run_id, "home")).toEqual({
      keys: keys("home", DEVICES),
      homes: new Set(["home"]),
    });
    expect(await recordedOf(away.run_id, "cabin")).toEqual({
      keys: keys("cabin", WITHOUT_LAMP),
      homes: new Set(["cabin"]),
    });
    expect(await house.auditOf(String(home.run_id), "cabin")).toEqual([]);
    expect(await house.auditOf(String(away.run_id), "home")).toEqual([]);
  });

  // REQ: request-id
  test("the same request_id in both is two runs, and each home finds its own", async () => {
    const [home, away] = await inBoth("run_scene", { scene: "goodnight", request_id: "bedtime" });

    const [homes, aways] = await inBoth("get_run", { request_id: "bedtime" });
    const elsewhere = await house.client.callTool("get_run", {
      home: "cabin",
      run_id: String(home.run_id),
    });

    expect([home.repeated, away.repeated]).toEqual([undefined, undefined]);
    expect([homes.run_id, aways.run_id]).toEqual([home.run_id, away.run_id]);
    expect([homes.result, aways.result]).toEqual(["done", "partly_done"]);
    expect(home.run_id).not.toBe(away.run_id);
    expect(elsewhere.error).toMatchObject({ code: "RunUnknown" });
  });

  test("without the home the call is refused with the names of both, and nothing is sent", async () => {
    const before = await house.shadowOf("hall_lamp");
    const commands = await house.countMessages("$aws/things/+/shadow/update/#");

    const refused = await house.client.callTool("run_scene", { scene: "good morning" });
    const unknown = await house.client.callTool("run_scene", {
      scene: "good morning",
      home: "castle",
    });

    expect(refused.error).toMatchObject({ code: "HomeAmbiguous", closest: ["cabin", "home"] });
    expect(unknown.error).toMatchObject({ code: "HomeUnknown", closest: ["cabin", "home"] });
    expect(commands()).toBe(0);
    expect(await house.shadowOf("hall_lamp")).toEqual(before);
  });

  test("a fault in the one is no fault in the other, though their devices have the same names", async () => {
    await house.home.house.setFault("front_door", "refuse");
    const [home, away] = await inBoth("run_scene", { scene: "goodnight" });
    await house.home.house.setFault("front_door");

    expect(home.result).toBe("stopped");
    expect(home.devices_not_confirmed).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ device: "front_door", outcome: "refused" }),
      ]),
    );
    expect(away.devices_not_confirmed).toMatchObject([
      { device: "hall_lamp", outcome: "timed_out" },
    ]);
  });

  test("the commands speak of the home that --home names: the run, its lines, and where to look closer", async () => {
    const ran = await script("scene.ts", "goodnight", "--home", "cabin");

    const [, run = ""] =
      /Look closer: npm run audit -- (run_\w+) --home cabin /.exec(ran.output) ?? [];
    const cabins = await script("audit.ts", "runs", "--home", "cabin");
    const homes = await script("audit.ts", "runs");
    const one = await script("audit.ts", run, "--home", "cabin");
    const notHere = await script("audit.ts", run);
    const lamp = await script("audit.ts", "device", "hall_lamp", "--home", "cabin");

    expect(ran.code, ran.output).toBe(1);
    expect(ran.output.match(/^ {2}✓ /gm)).toHaveLength(13);
    expect(ran.output).toMatch(/^ {2}✗ Hall lamp +off +timed out \(it is connected\)$/m);
    expect(ran.output).toContain("  Cabin: Goodnight: 13 of 14 devices confirmed");
    expect(cabins.output).toMatch(
      new RegExp(`${run}  goodnight  partly_done, 13 of 14 devices confirmed`),
    );
    expect(cabins.output).not.toContain("  done, ");
    expect(homes.output).not.toContain(run);
    expect(homes.output).not.toContain("partly_done");
    expect(one.output).toContain("partly_done: Cabin: Goodnight: 13 of 14 devices confirmed");
    expect(notHere).toMatchObject({ code: 2 });
    expect(notHere.output).toContain(`There is no run "${run}".`);
    expect(lamp.output).toBe('No acknowledgement of "hall_lamp" is recorded.\n');
  });
});

const FIRST = new Set(["front_door", "garage_door", "living_room_blinds", "bedroom_blinds"]);

/** Goodnight closes and locks, then makes it dark and quiet, then arms. */
const stageOf = (device: string): number => {
  if (FIRST.has(device)) return 0;
  return device === "alarm" ? 2 : 1;
};
