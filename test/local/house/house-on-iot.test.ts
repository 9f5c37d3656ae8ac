import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseHome } from "#domain/home/home.ts";
import { parseHomeId } from "#domain/home/home-id.ts";
import { isObject } from "#domain/json.ts";
import demoHome from "#house/demo-home.json" with { type: "json" };
import { type House, type HouseOptions, startHouse } from "#house/simulated/house.ts";
import { type Iot, startIot } from "#local/iot/iot.ts";
import { type Backend, commandOf, connectBackend, eventually } from "./backend.ts";

const PLACE = { home: parseHomeId("home"), thingPrefix: "" } as const;
const { devices } = parseHome(demoHome, PLACE);

let iot: Iot;
let backend: Backend;
let folder: string;
const houses: House[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "house-"));
  iot = await startIot({
    file: ":memory:",
    mqtt: { kind: "embedded", port: 0 },
    region: "us-east-1",
    accountId: "000000000000",
    access: () => {
      throw new Error("no rule is in use");
    },
    rules: [],
  });
  backend = await connectBackend(iot.mqttUrl);
  await backend.client.subscribeAsync("$aws/things/+/shadow/get/accepted", { qos: 1 });
});

afterEach(async () => {
  await Promise.all(houses.splice(0).map((house) => house.close()));
  await backend.close();
  await iot.close();
  await rm(folder, { recursive: true, force: true });
});

const start = async (options: Partial<HouseOptions> = {}): Promise<House> => {
  const house = await startHouse({
    mqttUrl: iot.mqttUrl,
    devices,
    initial: demoHome.initial,
    latencyMs: () => 5,
    ...options,
  });
  houses.push(house);
  return house;
};

/** Asks a device for something, through its shadow. */
const ask = (
  thing: string,
  want: Readonly<Record<string, unknown>>,
  command: Readonly<Record<string, unknown>>,
): Promise<void> =>
  backend.send(`$aws/things/${thing}/shadow/update`, {
    state: { desired: { ...want, command } },
    clientToken: String(command.id),
  });

let questions = 0;

/** A device's shadow, as the service has it. */
const shadowOf = async (thing: string): Promise<Readonly<Record<string, unknown>>> => {
  questions += 1;
  const token = `test-${questions}`;
  const found = () =>
    backend
      .seen(`$aws/things/${thing}/shadow/get/accepted`)
      .map(({ message }) => message)
      .find((message) => isObject(message) && message.clientToken === token);
  await backend.send(`$aws/things/${thing}/shadow/get`, { clientToken: token });
  await eventually(found).toBeDefined();
  const message = found();
  return isObject(message) && isObject(message.state) ? message.state : {};
};

test("each answer closes the delta, though a delta holds only what differs", async () => {
  await start();
  const command = commandOf("run_a");
  await ask("home-bedside_lamp", { light: { on: true, brightness: 10 } }, command);
  await eventually(() => backend.answerOrder()).toHaveLength(1);

  // Same stage, same expiry, same fade, and the lamp is as wanted already.
  const again = { ...command, id: "run_b.0", run: "run_b" };
  await ask("home-bedside_lamp", { light: { on: true, brightness: 10 } }, again);
  await eventually(() => backend.answerOrder()).toHaveLength(2);

  expect(await shadowOf("home-bedside_lamp")).toEqual({
    desired: { light: { on: true, brightness: 10 }, command: again },
    reported: {
      light: { on: true, brightness: 10, colorTempK: 2700 },
      online: true,
      command: { ...again, status: "SUCCEEDED" },
    },
  });
});

test("a reason is gone from the shadow once a command succeeds", async () => {
  const house = await start({ faults: { garage_door: { kind: "jammed" } } });
  await ask("home-garage_door", { cover: { position: 0 } }, commandOf("run_a"));
  await eventually(() => backend.answerOrder()).toEqual(["home-garage_door run_a.0 FAILED"]);
  expect((await shadowOf("home-garage_door")).reported).toMatchObject({
    cover: { position: 100, jammed: true },
    command: { status: "FAILED", reason: "JAMMED" },
  });

  await house.setFault("garage_door", undefined);
  const command = commandOf("run_b");
  await ask("home-garage_door", { cover: { position: 0 } }, command);
  await eventually(() => backend.answerOrder()).toHaveLength(2);

  expect((await shadowOf("home-garage_door")).reported).toEqual({
    cover: { position: 0 },
    online: true,
    command: { ...command, status: "SUCCEEDED" },
  });
});

/** How the first of two fared: done, ended by the second, or never seen, so that the second is the first answer. */
const wordOf = (command: unknown): unknown =>
  isObject(command) ? (command.reason ?? command.status) : command;

test.each([0, 1, 30])(
  "of two wishes at once the last one stands; the first is done before it, or ended by it (latency %i ms)",
  async (latencyMs) => {
    const house = await start({ latencyMs: () => latencyMs });
    await ask("home-front_door", { lock: { locked: true } }, commandOf("run_0"));
    await eventually(() => backend.answerOrder()).toHaveLength(1);

    // The first delta is { locked: false }; in the second, `locked` equals what is still reported and is left out.
    await Promise.all([
      ask("home-front_door", { lock: { locked: false } }, commandOf("run_a")),
      ask(
        "home-front_door",
        { lock: { locked: true } },
        commandOf("run_b", { stage: 1, id: "run_b.1" }),
      ),
    ]);

    await eventually(() => backend.answerOrder().at(-1)).toBe("home-front_door run_b.1 SUCCEEDED");
    const [, first] = backend.answers("home-front_door").map(({ command }) => command);
    expect(["SUCCEEDED", "SUPERSEDED"]).toContain(wordOf(first));
    expect(house.reported("front_door").lock).toEqual({ locked: true });
    expect(await shadowOf("home-front_door")).not.toHaveProperty("delta");
  },
);

test("a device that was away does at its return what is still wanted of it", async () => {
  await ask("home-front_door", { lock: { locked: true } }, commandOf("run_a"));

  const house = await start();

  await eventually(() => backend.answerOrder()).toEqual(["home-front_door run_a.0 SUCCEEDED"]);
  expect(house.reported("front_door").lock).toEqual({ locked: true });
  expect(await shadowOf("home-front_door")).not.toHaveProperty("delta");
});

test("a device that was away refuses at its return what has expired, and does not act", async () => {
  const expiresAt = Math.floor(Date.now() / 1000) - 2;
  await ask("home-front_door", { lock: { locked: true } }, commandOf("run_a", { expiresAt }));

  const house = await start();

  await eventually(() => backend.answerOrder()).toEqual(["home-front_door run_a.0 REJECTED"]);
  expect(house.reported("front_door").lock).toEqual({ locked: false });
  expect((await shadowOf("home-front_door")).reported).toMatchObject({
    command: { id: "run_a.0", reason: "EXPIRED" },
  });
});

test("a silent device that is woken does what is still wanted, and nothing that was withdrawn", async () => {
  const house = await start({
    faults: { hall_lamp: { kind: "silent" }, kitchen_light: { kind: "silent" } },
  });
  await ask("home-hall_lamp", { light: { on: false } }, commandOf("run_a"));
  await ask("home-kitchen_light", { light: { on: false } }, commandOf("run_a"));
  await eventually(() => house.commandsReceived("kitchen_light")).toEqual(["run_a.0"]);
  await backend.send("$aws/things/home-hall_lamp/shadow/update", {
    state: { desired: { light: null, command: null } },
  });

  await house.setFault("hall_lamp", undefined);
  await house.setFault("kitchen_light", undefined);

  await eventually(() => backend.answerOrder()).toEqual(["home-kitchen_light run_a.0 SUCCEEDED"]);
  await ask("home-hall_lamp", { light: { brightness: 50 } }, commandOf("run_b"));
  await eventually(() => backend.answerOrder()).toHaveLength(2);
  expect(house.reported("hall_lamp").light).toEqual({ on: true, brightness: 50 });
});

test("an answer that the shadow never had is sent again after a restart", async () => {
  const statePath = join(folder, "house.json");
  const command = commandOf("run_a");
  const before = await start({ statePath });
  await ask("home-front_door", { lock: { locked: true } }, command);
  await eventually(() => backend.answerOrder()).toHaveLength(1);
  await before.close();
  // As if the shadow had been lost, and the wish repeated.
  await backend.send("$aws/things/home-front_door/shadow/delete", {});
  await ask("home-front_door", { lock: { locked: true } }, command);

  const after = await start({ statePath });

  await eventually(() => backend.answerOrder()).toHaveLength(2);
  expect(await shadowOf("home-front_door")).toEqual({
    desired: { lock: { locked: true }, command },
    reported: {
      lock: { locked: true },
      online: true,
      command: { ...command, status: "SUCCEEDED" },
    },
  });
  expect(after.commandsReceived("front_door")).toEqual([]);
});

test("of twenty devices whose older connection's last will comes after their report, all twenty end online", async () => {
  const lamps = Array.from({ length: 20 }, (_, n) => ({
    id: `lamp_${n}`,
    name: `Lamp ${n}`,
    aliases: [],
    kind: "light" as const,
    room: "Hall",
    thing: `home-lamp_${n}`,
  }));
  await start({ devices: lamps, initial: {} });
  const onlineOf = async (thing: string): Promise<unknown> => {
    const { reported } = await shadowOf(thing);
    return isObject(reported) ? reported.online : undefined;
  };

  // As the rule republishes a last will.
  for (const { thing } of lamps) {
    await backend.send(`$aws/things/${thing}/shadow/update`, {
      state: { reported: { online: false } },
    });
  }
  expect(await onlineOf("home-lamp_19")).toBe(false);

  await expect
    .poll(async () => Promise.all(lamps.map(({ thing }) => onlineOf(thing))), {
      timeout: 8_000,
      interval: 500,
    })
    .toEqual(lamps.map(() => true));
});
