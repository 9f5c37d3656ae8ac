import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseHome } from "#domain/home/home.ts";
import { parseHomeId } from "#domain/home/home-id.ts";
import demoHome from "#house/demo-home.json" with { type: "json" };
import { type House, type HouseOptions, startHouse } from "#house/simulated/house.ts";
import {
  type Backend,
  commandOf,
  connectBackend,
  eventually,
  type PlainBroker,
  startPlainBroker,
} from "./backend.ts";

const PLACE = { home: parseHomeId("home"), thingPrefix: "" } as const;
const { devices } = parseHome(demoHome, PLACE);

let broker: PlainBroker;
let backend: Backend;
let folder: string;
const houses: House[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "house-"));
  broker = await startPlainBroker();
  backend = await connectBackend(broker.url);
});

afterEach(async () => {
  await Promise.all(houses.splice(0).map((house) => house.close()));
  await backend.close();
  await broker.close();
  await rm(folder, { recursive: true, force: true });
});

const statePath = (): string => join(folder, "data", "house.json");

const start = async (options: Partial<HouseOptions> = {}): Promise<House> => {
  const house = await startHouse({
    mqttUrl: broker.url,
    devices,
    initial: demoHome.initial,
    statePath: statePath(),
    latencyMs: () => 0,
    ...options,
  });
  houses.push(house);
  return house;
};

/** Has the front door lock itself, and waits until its answer is there. */
const lockFrontDoor = async (run: string): Promise<void> => {
  await backend.delta("home-front_door", { lock: { locked: true }, command: commandOf(run) });
  await eventually(() => backend.answerOrder()).toContain(`home-front_door ${run}.0 SUCCEEDED`);
};

test("the physical state of the devices survives a restart", async () => {
  const before = await start();
  await lockFrontDoor("run_a");
  await before.close();

  const after = await start();

  expect(after.reported("front_door")).toEqual({ lock: { locked: true }, online: true });
  expect(after.reported("thermostat").climate).toEqual({
    mode: "heat",
    targetC: 21,
    currentC: 20.8,
  });
});

test("a command that was answered before a restart is not answered again", async () => {
  const before = await start();
  const command = commandOf("run_a");
  await backend.delta("home-front_door", { lock: { locked: true }, command });
  await eventually(() => backend.answers("home-front_door")).toHaveLength(1);
  await before.close();
  const after = await start();

  await backend.delta("home-front_door", { lock: { locked: true }, command });
  await lockFrontDoor("run_b");

  expect(backend.answerOrder()).toEqual([
    "home-front_door run_a.0 SUCCEEDED",
    "home-front_door run_b.0 SUCCEEDED",
  ]);
  expect(after.commandsReceived("front_door")).toEqual(["run_b.0"]);
});

test("the file follows each change soon, and nothing is left beside it", async () => {
  await start();

  await lockFrontDoor("run_a");

  await eventually(() => readFile(statePath(), "utf8")).toContain("run_a.0");
  const content: unknown = JSON.parse(await readFile(statePath(), "utf8"));
  expect(content).toMatchObject({
    devices: {
      front_door: {
        state: { lock: { locked: true } },
        lastAnswer: { id: "run_a.0", status: "SUCCEEDED", reason: null },
      },
      hall_lamp: { state: { light: { on: true } } },
    },
  });
  await eventually(() => readdir(join(folder, "data"))).toEqual(["house.json"]);
});

test("a jam is gone after a restart without the fault, and the device reports so", async () => {
  const before = await start({ faults: { garage_door: { kind: "jammed" } } });
  await backend.delta("home-garage_door", { cover: { position: 0 }, command: commandOf("run_a") });
  await eventually(() => backend.answers("home-garage_door")).toHaveLength(1);
  await before.close();

  const after = await start();

  expect(after.reported("garage_door").cover).toEqual({ position: 100 });
  await eventually(() => backend.reports("home-garage_door").at(-1)).toEqual({
    cover: { position: 100, jammed: null },
    online: true,
  });
});

test("a device that is new to the home starts as given, one that left is forgotten, one of another kind starts anew", async () => {
  const before = await start({ devices: devices.slice(0, 3), initial: {} });
  await before.close();
  const remade = devices
    .slice(1, 5)
    .map((device) => (device.id === "hall_lamp" ? { ...device, kind: "plug" as const } : device));

  const after = await start({ devices: remade, initial: {} });

  expect(after.reported("hall_lamp").plug).toEqual({ on: false });
  expect(after.reported("alarm").alarm).toEqual({ mode: "disarmed" });
  expect(after.reported("living_room_lamp").light).toEqual({ on: false });
  await after.close();
  expect(await readFile(statePath(), "utf8")).not.toContain("front_door");
});

test.each([
  ["cut short", '{"devices":{"front_door":{"state":{"lo'],
  ["empty", ""],
  ["of another form", '{"front_door":true}'],
  ["with a device that is no object", '{"devices":{"front_door":1}}'],
])("a state file that is %s is named, and left as it is", async (_what, text) => {
  const path = join(folder, "house.json");
  await writeFile(path, text);

  const starting = start({ statePath: path });

  await expect(starting).rejects.toMatchObject({ code: "RecordInvalid" });
  await expect(starting).rejects.toThrow(path);
  expect(await readFile(path, "utf8")).toBe(text);
  expect(broker.connected()).toEqual(["backend"]);
});

test("a file that cannot be written is told, and the devices go on", async () => {
  const lines: string[] = [];

  await start({ statePath: join(folder, "data.json"), log: (line) => lines.push(line) });
  await eventually(() => readdir(folder)).toContain("data.json");
  await mkdir(join(folder, "data.json.tmp"));
  await lockFrontDoor("run_a");

  await eventually(() => lines.length).toBeGreaterThan(0);
  expect(lines[0]).toContain(`cannot write ${join(folder, "data.json")}`);
});
