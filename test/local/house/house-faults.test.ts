import { afterEach, beforeEach, expect, test } from "vitest";
import { parseHome } from "#domain/home/home.ts";
import { parseHomeId } from "#domain/home/home-id.ts";
import demoHome from "#house/demo-home.json" with { type: "json" };
import type { Faults } from "#house/simulated/faults.ts";
import { type House, startHouse } from "#house/simulated/house.ts";
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
let house: House | undefined;

beforeEach(async () => {
  broker = await startPlainBroker();
  backend = await connectBackend(broker.url);
});

afterEach(async () => {
  await house?.close();
  await backend.close();
  await broker.close();
});

const start = async (faults: Faults, latencyMs = 5): Promise<House> => {
  house = await startHouse({
    mqttUrl: broker.url,
    devices,
    initial: demoHome.initial,
    faults,
    latencyMs: () => latencyMs,
  });
  return house;
};

const off = { light: { on: false } };

test("a silent device hears its command, does not act and does not answer", async () => {
  const home = await start({ hall_lamp: { kind: "silent" } });
  await backend.delta("home-hall_lamp", { ...off, command: commandOf("run_a") });
  await backend.delta("home-kitchen_light", { ...off, command: commandOf("run_a") });

  await eventually(() => backend.answers("home-kitchen_light")).toHaveLength(1);
  await eventually(() => home.commandsReceived("hall_lamp")).toEqual(["run_a.0"]);

  expect(backend.answers("home-hall_lamp")).toEqual([]);
  expect(home.reported("hall_lamp")).toEqual({ light: { on: true }, online: true });
});

test("a silent device that is woken asks for its shadow, and does what is still wanted, once", async () => {
  const home = await start({ hall_lamp: { kind: "silent" } });
  const command = commandOf("run_a");
  await backend.delta("home-hall_lamp", { ...off, command });
  await eventually(() => home.commandsReceived("hall_lamp")).toHaveLength(1);

  await home.setFault("hall_lamp", undefined);
  await eventually(() => backend.seen("$aws/things/home-hall_lamp/shadow/get")).toHaveLength(2);
  const shadow = { state: { desired: { ...off, command } }, version: 2 };
  await backend.send("$aws/things/home-hall_lamp/shadow/get/accepted", shadow);
  await backend.send("$aws/things/home-hall_lamp/shadow/get/accepted", shadow);

  await eventually(() => backend.answers("home-hall_lamp")).toHaveLength(1);
  await backend.delta("home-hall_lamp", { command: commandOf("run_b") });
  await eventually(() => backend.answers("home-hall_lamp")).toHaveLength(2);
  expect(backend.answerOrder()).toEqual([
    "home-hall_lamp run_a.0 SUCCEEDED",
    "home-hall_lamp run_b.0 SUCCEEDED",
  ]);
  expect(home.reported("hall_lamp").light).toEqual({ on: false });
});

test("a silent device that is woken after the wish was withdrawn does nothing", async () => {
  const home = await start({ hall_lamp: { kind: "silent" } });
  await backend.delta("home-hall_lamp", { ...off, command: commandOf("run_a") });
  await eventually(() => home.commandsReceived("hall_lamp")).toHaveLength(1);

  backend.withdraw("home-hall_lamp");
  await home.setFault("hall_lamp", undefined);
  await backend.send("$aws/things/home-hall_lamp/shadow/get/accepted", {
    state: { reported: { light: { on: true }, online: true } },
    version: 3,
  });
  await backend.delta("home-hall_lamp", { light: { brightness: 50 }, command: commandOf("run_b") });

  await eventually(() => backend.answers("home-hall_lamp")).toHaveLength(1);
  expect(backend.answers("home-hall_lamp")[0]).toMatchObject({
    light: { on: true, brightness: 50 },
    command: { id: "run_b.0" },
  });
});

test("a device that falls silent while it acts does not finish", async () => {
  const home = await start({}, 300);
  await backend.delta("home-hall_lamp", { ...off, command: commandOf("run_a") });
  await eventually(() => home.commandsReceived("hall_lamp")).toHaveLength(1);
  await home.setFault("hall_lamp", { kind: "silent" });

  await backend.delta("home-kitchen_light", { ...off, command: commandOf("run_a") });
  await eventually(() => backend.answers("home-kitchen_light")).toHaveLength(1);

  expect(backend.answers("home-hall_lamp")).toEqual([]);
  expect(home.reported("hall_lamp").light).toEqual({ on: true });
});

test("a slow device answers later by what was asked for", async () => {
  await start({ hall_lamp: { kind: "slow", addedMs: 400 } });
  const sentAtMs = performance.now();

  await backend.delta("home-hall_lamp", { ...off, command: commandOf("run_a") });
  await backend.delta("home-kitchen_light", { ...off, command: commandOf("run_a") });

  await eventually(() => backend.answerOrder()).toEqual([
    "home-kitchen_light run_a.0 SUCCEEDED",
    "home-hall_lamp run_a.0 SUCCEEDED",
  ]);
  expect(performance.now() - sentAtMs).toBeGreaterThanOrEqual(400);
});

test("a device that refuses says so, and stays as it is", async () => {
  const home = await start({ front_door: { kind: "refuse" } });

  await backend.delta("home-front_door", { lock: { locked: true }, command: commandOf("run_a") });

  await eventually(() => backend.answers("home-front_door")).toHaveLength(1);
  expect(backend.answers("home-front_door")[0]).toMatchObject({
    lock: { locked: false },
    command: { id: "run_a.0", status: "REJECTED", reason: "LOCAL_OVERRIDE" },
  });
  expect(home.reported("front_door").lock).toEqual({ locked: false });
});

test("an offline device has reported that it is, and is not connected; woken, it comes and asks what it missed", async () => {
  const home = await start({ television: { kind: "offline" } });
  expect(broker.connected()).not.toContain("home-television");
  await eventually(() => backend.reports("home-television")).toHaveLength(1);
  expect(backend.reports("home-television")[0]).toEqual({
    media: { playback: "playing", volume: 25 },
    online: false,
  });
  expect(home.reported("television").online).toBe(false);
  await backend.delta("home-television", {
    media: { playback: "off" },
    command: commandOf("run_a"),
  });

  await home.setFault("television", undefined);

  expect(broker.connected()).toContain("home-television");
  await eventually(() => backend.seen("$aws/things/home-television/shadow/get")).toHaveLength(1);
  await eventually(() => backend.reports("home-television").at(-1)?.online).toBe(true);
  expect(home.reported("television").online).toBe(true);
  await eventually(() => home.commandsReceived("television")).toEqual(["run_a.0"]);
  expect(backend.seen("smarthome/home-television/last-will")).toEqual([]);
});

test("a device that goes offline while it acts does not finish, and takes the command up again when it is back", async () => {
  const home = await start({}, 300);
  const command = commandOf("run_a");
  await backend.delta("home-hall_lamp", { ...off, command });
  await eventually(() => home.commandsReceived("hall_lamp")).toHaveLength(1);

  await home.setFault("hall_lamp", { kind: "offline" });
  expect(home.reported("hall_lamp")).toEqual({ light: { on: true }, online: false });
  await home.setFault("hall_lamp", undefined);
  await backend.send("$aws/things/home-hall_lamp/shadow/get/accepted", {
    state: { desired: { ...off, command } },
    version: 2,
  });

  await eventually(() => backend.answers("home-hall_lamp")).toHaveLength(1);
  expect(home.reported("hall_lamp")).toEqual({ light: { on: false }, online: true });
});

test("a device with the fault duplicate acts once and sends its acknowledgement twice", async () => {
  await start({ bedside_lamp: { kind: "duplicate" } });

  await backend.delta("home-bedside_lamp", { light: { on: false }, command: commandOf("run_a") });

  await eventually(() => backend.answers("home-bedside_lamp")).toHaveLength(2);
  const [first, second] = backend.answers("home-bedside_lamp");
  expect(second).toEqual(first);
});

test("a jammed door fails and says that it is jammed; freed, it reports so and works", async () => {
  const home = await start({ garage_door: { kind: "jammed" } });
  await backend.delta("home-garage_door", { cover: { position: 0 }, command: commandOf("run_a") });
  await eventually(() => backend.answers("home-garage_door")).toHaveLength(1);
  expect(backend.answers("home-garage_door")[0]).toMatchObject({
    cover: { position: 100, jammed: true },
    command: { status: "FAILED", reason: "JAMMED" },
  });
  expect(home.reported("garage_door").cover).toEqual({ position: 100, jammed: true });

  await home.setFault("garage_door", undefined);
  await eventually(() => backend.reports("home-garage_door").at(-1)).toEqual({
    // null takes it out of the shadow.
    cover: { position: 100, jammed: null },
    online: true,
  });
  await backend.delta("home-garage_door", { cover: { position: 0 }, command: commandOf("run_b") });

  await eventually(() => backend.answers("home-garage_door")).toHaveLength(2);
  expect(backend.answers("home-garage_door")[1]).toMatchObject({
    cover: { position: 0 },
    command: { status: "SUCCEEDED", reason: null },
  });
});

test("a fault that the device cannot have is refused, and it goes on as before", async () => {
  const home = await start({});

  await expect(home.setFault("hall_lamp", { kind: "jammed" })).rejects.toMatchObject({
    code: "ArgumentsInvalid",
  });
  await backend.delta("home-hall_lamp", { ...off, command: commandOf("run_a") });

  await eventually(() => backend.answers("home-hall_lamp")).toHaveLength(1);
});
