import { Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { parseHome } from "#domain/home/home.ts";
import { parseHomeId } from "#domain/home/home-id.ts";
import demoHome from "#house/demo-home.json" with { type: "json" };
import { generatedLights } from "#house/simulated/generated-lights.ts";
import { type House, type HouseOptions, startHouse } from "#house/simulated/house.ts";
import { HEARD_BY_DEVICES } from "../../../scripts/cell-size/measured.ts";
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
const houses: House[] = [];

beforeEach(async () => {
  broker = await startPlainBroker();
  backend = await connectBackend(broker.url);
});

afterEach(async () => {
  await Promise.all(houses.splice(0).map((house) => house.close()));
  await backend.close();
  await broker.close();
});

const start = async (options: Partial<HouseOptions> = {}): Promise<House> => {
  const house = await startHouse({
    mqttUrl: broker.url,
    devices,
    initial: demoHome.initial,
    latencyMs: () => 5,
    ...options,
  });
  houses.push(house);
  return house;
};

describe("coming and going", () => {
  test("every device is a client under its thing's name, reports that it is there, and asks what it missed", async () => {
    const house = await start();

    expect(broker.connected()).toEqual(
      [...devices.map((device) => device.thing), "backend"].sort(),
    );
    await eventually(() => backend.reports("home-front_door")).toHaveLength(1);
    expect(backend.reports("home-front_door")).toEqual([{ lock: { locked: false }, online: true }]);
    await eventually(() => backend.reports("home-thermostat")).toHaveLength(1);
    expect(backend.reports("home-thermostat")).toEqual([
      { climate: { mode: "heat", targetC: 21, currentC: 20.8 }, online: true },
    ]);
    await eventually(() => backend.seen("$aws/things/home-front_door/shadow/get")).toHaveLength(1);
    expect(house.reported("front_door")).toEqual({ lock: { locked: false }, online: true });
  });

  test("a device hears its deltas and the answers to its questions, and nothing else", async () => {
    await start();

    await eventually(() => broker.filters("home-front_door")).toEqual(
      HEARD_BY_DEVICES.map((topic) => `$aws/things/home-front_door/shadow/${topic}`),
    );
  });

  test("a thing may be called otherwise than its device", async () => {
    const lamp = {
      ...generatedLights(PLACE, 1)[0],
      id: "hall_lamp",
      thing: "Hall:lamp-1",
    } as const;
    const house = await start({ devices: [lamp as (typeof devices)[number]], initial: {} });

    await backend.delta("Hall:lamp-1", { light: { on: true }, command: commandOf("run_a") });

    await eventually(() => backend.answers("Hall:lamp-1")).toHaveLength(1);
    expect(house.reported("hall_lamp")).toEqual({ light: { on: true }, online: true });
  });

  test("a house that is closed reports every device offline, and sends no last will", async () => {
    const house = await start();

    await house.close();

    expect(broker.connected()).toEqual(["backend"]);
    await eventually(() =>
      devices.map(({ thing }) => backend.reports(thing).at(-1)?.online),
    ).toEqual(devices.map(() => false));
    expect(devices.flatMap(({ thing }) => backend.seen(`smarthome/${thing}/last-will`))).toEqual(
      [],
    );
    expect(house.reported("hall_lamp").online).toBe(false);
  });

  test("a device whose connection breaks leaves a last will, comes back and reports again", async () => {
    await start();
    await eventually(() => backend.reports("home-hall_lamp")).toHaveLength(1);

    broker.cut("home-hall_lamp");

    await eventually(() => backend.seen("smarthome/home-hall_lamp/last-will")).toHaveLength(1);
    await eventually(() => backend.reports("home-hall_lamp")).toHaveLength(2);
    expect(backend.reports("home-hall_lamp")[1]).toEqual({ light: { on: true }, online: true });
    await eventually(() => backend.seen("$aws/things/home-hall_lamp/shadow/get")).toHaveLength(2);
  });

  // REQ: broker-comes-back
  test("a device whose shadow does not answer reports and asks again", async () => {
    await start();
    await eventually(() => backend.seen("$aws/things/home-hall_lamp/shadow/get")).toHaveLength(1);

    await eventually(() => backend.seen("$aws/things/home-hall_lamp/shadow/get")).toHaveLength(2);

    const [first, second] = backend
      .seen("$aws/things/home-hall_lamp/shadow/get")
      .map(({ message }) => message);
    expect(second).not.toEqual(first);
    await eventually(() => backend.reports("home-hall_lamp")).toHaveLength(2);
    expect(backend.reports("home-hall_lamp")[1]).toEqual(backend.reports("home-hall_lamp")[0]);
  });

  test("small packets are sent at once: Nagle's algorithm is off on every device's socket", async () => {
    const noDelay = vi.spyOn(Socket.prototype, "setNoDelay");

    await start();

    const sockets = noDelay.mock.contexts.filter(
      (socket) => socket instanceof Socket && socket.remotePort === broker.port,
    );
    expect(new Set(sockets).size).toBe(14);
    expect(noDelay.mock.calls.every(([on]) => on === true)).toBe(true);
    noDelay.mockRestore();
  });

  test("when the broker goes away and comes back, so does every device, and an answer that was owed arrives", async () => {
    const lines: string[] = [];
    const house = await start({ latencyMs: () => 500, log: (line) => lines.push(line) });
    await backend.delta("home-hall_lamp", { light: { on: false }, command: commandOf("run_a") });
    await eventually(() => house.commandsReceived("hall_lamp")).toEqual(["run_a.0"]);

    await broker.close();
    await eventually(() => house.reported("hall_lamp").light).toEqual({ on: false });
    await backend.close();
    const { port } = broker;
    broker = await startPlainBroker(port);
    backend = await connectBackend(broker.url);

    await eventually(() => broker.connected().length).toBe(15);
    await eventually(() => backend.answers("home-hall_lamp").length).toBe(1);
    await eventually(() => lines).toHaveLength(2);
    expect(lines).toEqual([
      `the broker at ${broker.url} is away; trying again`,
      "all devices are connected again",
    ]);
  });
});

describe("a command", () => {
  // REQ: whole-echo
  test("is carried out, and reported with its whole echo in one update", async () => {
    const house = await start();
    const command = commandOf("run_a", { expiresAt: 4_000_000_000 });

    await backend.delta("home-front_door", { lock: { locked: true }, command });

    await eventually(() => backend.answers("home-front_door")).toHaveLength(1);
    expect(backend.answers("home-front_door")).toEqual([
      {
        lock: { locked: true },
        online: true,
        command: {
          id: "run_a.0",
          run: "run_a",
          stage: 0,
          expiresAt: 4_000_000_000,
          transitionSeconds: 0,
          status: "SUCCEEDED",
          reason: null,
        },
      },
    ]);
    expect(house.reported("front_door")).toEqual({ lock: { locked: true }, online: true });
    expect(house.commandsReceived("front_door")).toEqual(["run_a.0"]);
  });

  // REQ: answered-once
  test("that is delivered again is not answered again", async () => {
    const house = await start();
    const state = { lock: { locked: true }, command: commandOf("run_a") };
    await backend.delta("home-front_door", state);
    await backend.delta("home-front_door", state);
    await eventually(() => backend.answers("home-front_door")).toHaveLength(1);
    await backend.delta("home-front_door", state);

    // A later command is answered after whatever the repetitions would have led to.
    await backend.delta("home-front_door", { lock: { locked: true }, command: commandOf("run_b") });

    await eventually(() => backend.answers("home-front_door").length).toBeGreaterThanOrEqual(2);
    expect(backend.answers("home-front_door").map((one) => one.command)).toMatchObject([
      { id: "run_a.0" },
      { id: "run_b.0" },
    ]);
    expect(house.commandsReceived("front_door")).toEqual(["run_a.0", "run_b.0"]);
  });

  test("must be there: a delta without a new one changes nothing", async () => {
    const house = await start();
    await backend.delta("home-front_door", { lock: { locked: true } });
    await backend.delta("home-front_door", { lock: { locked: true }, command: { stage: 1 } });
    await backend.send("$aws/things/home-front_door/shadow/update/delta", "not an object");
    await backend.client.publishAsync("$aws/things/home-front_door/shadow/update/delta", "{", {
      qos: 1,
    });

    await backend.delta("home-front_door", {
      lock: {},
      command: commandOf("run_b", { expiresAt: 1 }),
    });

    await eventually(() => backend.answers("home-front_door")).toHaveLength(1);
    expect(house.reported("front_door").lock).toEqual({ locked: false });
    expect(backend.answers("home-front_door")[0]?.command).toMatchObject({ id: "run_b.0" });
  });

  // REQ: expired-refused
  test("is refused when it has expired by the device's clock, and the state stays", async () => {
    const house = await start();
    const expiresAt = Math.floor(Date.now() / 1000) - 2;

    await backend.delta("home-front_door", {
      lock: { locked: true },
      command: commandOf("run_a", { expiresAt }),
    });

    await eventually(() => backend.answers("home-front_door")).toHaveLength(1);
    expect(backend.answers("home-front_door")[0]).toMatchObject({
      lock: { locked: false },
      command: { id: "run_a.0", expiresAt, status: "REJECTED", reason: "EXPIRED" },
    });
    expect(house.reported("front_door").lock).toEqual({ locked: false });
  });

  test("with a value that cannot be fails with a reason, and the state stays", async () => {
    const lines: string[] = [];
    const house = await start({ log: (line) => lines.push(line) });

    await backend.delta("home-living_room_blinds", {
      cover: { position: 130 },
      command: commandOf("run_a"),
    });

    await eventually(() => backend.answers("home-living_room_blinds")).toHaveLength(1);
    expect(backend.answers("home-living_room_blinds")[0]).toMatchObject({
      cover: { position: 100 },
      command: { status: "FAILED", reason: "INVALID_STATE" },
    });
    expect(house.reported("living_room_blinds").cover).toEqual({ position: 100 });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("living_room_blinds: position must be 0-100");
  });

  test("ends the one before it, which is answered as superseded, and is carried out itself", async () => {
    const house = await start({ latencyMs: () => 500 });

    await Promise.all(
      [true, false, true, false, true].map((locked, index) =>
        backend.delta("home-front_door", { lock: { locked }, command: commandOf(`run_${index}`) }),
      ),
    );

    const answers = () => backend.answers("home-front_door").map(({ command }) => command);
    await eventually(() => answers().at(-1)).toMatchObject({ run: "run_4", status: "SUCCEEDED" });
    for (const command of answers().slice(0, -1)) {
      expect(command).toMatchObject({ status: "FAILED", reason: "SUPERSEDED" });
    }
    expect(house.reported("front_door").lock).toEqual({ locked: true });
  });

  test("to a dimmer is answered when the fade is over; a lamp that only switches does not fade", async () => {
    await start({ latencyMs: () => 0 });
    const command = commandOf("run_a", { transitionSeconds: 0.4 });
    const sentAtMs = performance.now();

    await backend.delta("home-bedside_lamp", { light: { on: true, brightness: 10 }, command });
    await backend.delta("home-hall_lamp", { light: { on: false }, command });

    await eventually(() => backend.answerOrder()).toEqual([
      "home-hall_lamp run_a.0 SUCCEEDED",
      "home-bedside_lamp run_a.0 SUCCEEDED",
    ]);
    // setTimeout may be a millisecond early against this clock.
    expect(performance.now() - sentAtMs).toBeGreaterThanOrEqual(398);
  });

  test("to a cover is answered when it has arrived, with nothing reported on the way", async () => {
    await start({ latencyMs: () => 300 });

    await backend.delta("home-bedroom_blinds", {
      cover: { position: 0 },
      command: commandOf("run_a"),
    });

    await eventually(() => backend.answers("home-bedroom_blinds")).toHaveLength(1);
    expect(backend.reports("home-bedroom_blinds")).toMatchObject([
      { cover: { position: 100 } },
      { cover: { position: 0 }, command: { status: "SUCCEEDED" } },
    ]);
  });

  test("that came while the device was away is found in its shadow and carried out", async () => {
    await start();

    await backend.send("$aws/things/home-front_door/shadow/get/accepted", {
      state: {
        desired: { lock: { locked: true }, command: commandOf("run_a") },
        reported: { lock: { locked: false }, online: false },
      },
      version: 7,
    });

    await eventually(() => backend.answers("home-front_door")).toHaveLength(1);
    expect(backend.answers("home-front_door")[0]).toMatchObject({
      lock: { locked: true },
      command: { id: "run_a.0", status: "SUCCEEDED" },
    });
  });

  test("makes the device ask for its shadow once, and what cannot be read there either is answered", async () => {
    await start();
    await eventually(() => backend.seen("$aws/things/home-front_door/shadow/get")).toHaveLength(1);
    const { id, run, expiresAt } = commandOf("run_a");

    await backend.delta("home-front_door", {
      lock: { locked: true },
      command: { id, run, expiresAt },
    });

    await eventually(() => backend.answers("home-front_door")).toMatchObject([
      { command: { status: "FAILED", reason: "COMMAND_INVALID" } },
    ]);
    expect(backend.seen("$aws/things/home-front_door/shadow/get")).toHaveLength(2);
  });
});

test("two hundred lights start, and all answer one command each", async () => {
  const lights = generatedLights(PLACE, 200);
  const house = await start({ devices: lights, initial: {}, latencyMs: () => 0 });

  await Promise.all(
    lights.map(({ thing }) =>
      backend.delta(thing, { light: { on: true }, command: commandOf("run_a") }),
    ),
  );

  await eventually(
    () => lights.filter(({ thing }) => backend.answers(thing).length === 1).length,
  ).toBe(200);
  expect(house.reported("light_200")).toEqual({ light: { on: true }, online: true });
});

describe("what a house is started with", () => {
  test("gives each device a latency of its own, which it tells", async () => {
    const house = await startHouse({ mqttUrl: broker.url, devices, seed: 1 });
    houses.push(house);

    expect(house.latencyMs("front_door")).toBe(216);
    expect(house.latencyMs("garage_door")).toBe(952);
  });

  test("must fit its devices", async () => {
    const base = { mqttUrl: broker.url, devices };

    await expect(startHouse({ ...base, initial: { hall_lmap: {} } })).rejects.toMatchObject({
      code: "DeviceUnknown",
      closest: ["hall_lamp"],
    });
    await expect(
      startHouse({ ...base, initial: { hall_lamp: { plug: { on: true } } } }),
    ).rejects.toMatchObject({ code: "StateInvalid" });
    await expect(
      startHouse({ ...base, initial: { hall_lamp: { light: { brightness: 700 } } } }),
    ).rejects.toMatchObject({ code: "StateInvalid" });
    await expect(
      startHouse({ ...base, faults: { television: { kind: "jammed" } } }),
    ).rejects.toMatchObject({ code: "ArgumentsInvalid" });
    expect(broker.connected()).toEqual(["backend"]);
  });

  test("a device that the house does not have is refused by name", async () => {
    const house = await start();

    expect(() => house.reported("hall_lmap")).toThrow(
      expect.objectContaining({ code: "DeviceUnknown", closest: ["hall_lamp"] }),
    );
    await expect(house.setFault("__proto__", undefined)).rejects.toMatchObject({
      code: "DeviceUnknown",
    });
  });
});
