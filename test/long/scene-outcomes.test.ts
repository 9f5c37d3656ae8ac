import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import mqtt, { type MqttClient } from "mqtt";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { parseHome } from "#domain/home/home.ts";
import { parseHomeId } from "#domain/home/home-id.ts";
import { parseThingPrefix } from "#domain/home/home-place.ts";
import { createContractDevice } from "#house/contract/contract-device.ts";
import type { Fault } from "#house/simulated/faults.ts";
import { type House, startHouse } from "#house/simulated/house.ts";
import { type Journey, startJourney } from "../support/journey.ts";
import { callsOf } from "../support/person-calls.ts";
import { stallingLine } from "../support/stalling-line.ts";

// Every word for how a device fared, made by a fault that is injected into a running house: the tool's result, the record in
// the audit, the shadow and the simulated device itself must agree.

type Item = Readonly<Record<string, unknown>>;

const device = (id: string, kind: string, more: Item = {}) => ({
  id,
  name: id.replaceAll("_", " "),
  kind,
  room: "Hall",
  ...more,
});
const HOME = {
  rooms: ["Hall"],
  devices: [
    device("door", "lock", { windowSeconds: 2 }),
    device("lamp", "light", { windowSeconds: 2 }),
    device("shelf", "light", { windowSeconds: 2 }),
    device("window", "sensor", { senses: ["contact"] }),
    device("back_door", "lock", { windowSeconds: 2 }),
  ],
  scenes: [],
  initial: {
    door: { lock: { locked: false } },
    lamp: { light: { on: true } },
    shelf: { light: { on: true } },
    back_door: { lock: { locked: false } },
  },
};
const LOCKED = { lock: { locked: true } };
const devicesOf = (ids: readonly string[]) =>
  parseHome(HOME, {
    home: parseHomeId("home"),
    thingPrefix: parseThingPrefix(""),
  }).devices.filter(({ id }) => ids.includes(id));

let folder: string;
let house: Journey;
let devices: House;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "outcomes-"));
  const homeFile = join(folder, "home.json");
  writeFileSync(homeFile, JSON.stringify(HOME));
  // The house's own devices stay away; those of this test, which it can ask, come in their place.
  house = await startJourney({
    homeFile,
    faults: "door=offline,lamp=offline,shelf=offline,back_door=offline",
  });
  devices = await startHouse({
    mqttUrl: house.home.endpoints.mqtt.url,
    devices: devicesOf(["door", "lamp", "shelf"]),
  });
});
afterAll(async () => {
  await devices?.close();
  await house?.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await devices.setFault("door", undefined);
  await devices.setFault("lamp", undefined);
  await devices.setByHand("door", { locked: false });
  await devices.setByHand("lamp", { on: true });
  await devices.setByHand("shelf", { on: true });
});

/** Saves a scene and runs it to its end. */
const runScene = async (definition: Item): Promise<Item> => {
  await saveScene(definition);
  return house.client.callTool("run_scene", { scene: String(definition.name) });
};
const saveScene = async (definition: Item): Promise<void> => {
  const saved = await house.client.callTool("save_scene", {
    definition: JSON.stringify(definition),
  });
  expect(saved.say, JSON.stringify(saved)).toContain("saved");
};

/** How a device fared, by the tool and by the audit's record, which must say the same. */
const faredIn = async (result: Item, id: string): Promise<Item> => {
  const run = String(result.run_id);
  const full = await house.client.callTool("get_run", { run_id: run, detail: "full" });
  const told = (full.every_device as readonly Item[]).find((one) => one.device === id);
  const recorded = await recordedIn(result, id);
  if (told?.outcome !== "confirmed_late") {
    expect([told?.outcome, told?.reason]).toEqual([recorded?.outcome, recorded?.reason]);
  }
  return told ?? {};
};

const recordedIn = async (result: Item, id: string): Promise<Item | undefined> => {
  const records = await house.auditOf(String(result.run_id));
  const outcome = records.find(({ SK }) => SK === "OUTCOME");
  return (outcome?.devices as readonly Item[] | undefined)?.find((one) => one.device === id);
};

const NO_COMMAND = undefined;
const SINCE = /^SINCE 2/;
const isLocked = (): unknown => devices.reported("door").lock;

describe("a door that is to be locked", () => {
  interface Case {
    readonly fault?: Fault;
    readonly hand?: Item;
    readonly rules?: Item;
    readonly meanwhile?: () => Promise<void>;
    readonly outcome: string;
    readonly reason?: unknown;
    readonly is: Item;
  }
  test.for<readonly [string, Case]>([
    ["answers", { outcome: "confirmed", is: { locked: true } }],
    ["is so already", { hand: { locked: true }, outcome: "already_there", is: { locked: true } }],
    ["answers twice", { fault: { kind: "duplicate" }, outcome: "confirmed", is: { locked: true } }],
    [
      "refuses",
      {
        fault: { kind: "refuse" },
        outcome: "refused",
        reason: "LOCAL_OVERRIDE",
        is: { locked: false },
      },
    ],
    [
      "is jammed",
      {
        fault: { kind: "jammed" },
        outcome: "refused",
        reason: "JAMMED",
        is: { locked: false, jammed: true },
      },
    ],
    [
      "keeps silent",
      {
        fault: { kind: "silent" },
        outcome: "timed_out",
        reason: "CONNECTED",
        is: { locked: false },
      },
    ],
    [
      "is offline",
      {
        fault: { kind: "offline" },
        outcome: "offline",
        reason: expect.stringMatching(SINCE),
        is: { locked: false },
      },
    ],
    [
      "springs back",
      {
        fault: { kind: "springs_back", afterMs: 700 },
        rules: { hold: "2s" },
        outcome: "did_not_stay",
        is: { locked: false, jammed: true },
      },
    ],
    [
      "hears of it when its command has expired",
      {
        fault: { kind: "silent" },
        rules: { expires: "1s", retry: { tries: 1 } },
        meanwhile: async () => {
          // The expiry is in whole seconds, and good within its last.
          await pause(3_100);
          await devices.setFault("door", undefined);
        },
        outcome: "refused",
        reason: "EXPIRED",
        is: { locked: false },
      },
    ],
  ])("and %s", async ([, { fault, hand, rules, meanwhile, outcome, reason, is }], { task }) => {
    if (hand !== undefined) await devices.setByHand("door", hand);
    await devices.setFault("door", fault);
    const name = task.name.slice(0, 30).trim();
    const entities = { door: meanwhile === undefined ? LOCKED : { ...LOCKED, window: "6s" } };

    const running = runScene({ name, entities, ...rules });
    await meanwhile?.();
    const fared = await faredIn(await running, "door");

    expect(fared).toMatchObject({ outcome, ...(reason === undefined ? {} : { reason }) });
    expect(isLocked()).toEqual(is);
    const { desired } = await house.shadowOf("door");
    const isDone = ["confirmed", "already_there", "did_not_stay"].includes(outcome);
    if (!isDone) expect(desired?.command).toBe(NO_COMMAND);
  });

  test("and answers after its window", async () => {
    await devices.setFault("door", { kind: "slow", addedMs: 2_500 });

    const result = await runScene({ name: "Late", entities: { door: LOCKED } });

    expect(result.devices_not_confirmed).toMatchObject([
      { device: "door", outcome: "timed_out", reason: "CONNECTED" },
    ]);
    await expect
      .poll(async () => faredIn(result, "door"), { timeout: 5_000 })
      .toMatchObject({ outcome: "confirmed_late" });
    expect(isLocked()).toEqual({ locked: true });
  });

  test("and stands behind a gate that stays closed", async () => {
    await devices.setFault("lamp", { kind: "refuse" });

    const result = await runScene({
      name: "Gate",
      stages: [
        { name: "dark", required: true, entities: { lamp: { light: { on: false } } } },
        { name: "lock", entities: { door: LOCKED } },
      ],
    });

    expect(result.result).toBe("stopped");
    expect(await faredIn(result, "door")).toMatchObject({ outcome: "not_reached" });
    expect(isLocked()).toEqual({ locked: false });
  });

  test("and is left out by a condition", async () => {
    const when = { device: "window", is: { contact: { open: false } } };
    const client = await connected();
    await client.publishAsync(
      "$aws/things/home-window/shadow/update",
      JSON.stringify({ state: { reported: { contact: { open: true } } } }),
      { qos: 1 },
    );

    const result = await runScene({
      name: "If closed",
      entities: { door: { ...LOCKED, when }, lamp: { light: { on: false } } },
    });

    expect(result).toMatchObject({ result: "done", devices: 1 });
    expect(JSON.stringify(result)).toContain("skipped");
    expect(isLocked()).toEqual({ locked: false });
  });

  test("an acknowledgement of an earlier run, repeated now, confirms nothing", async () => {
    const earlier = await runScene({ name: "Stale", entities: { door: LOCKED } });
    expect(earlier.result).toBe("done");
    const { reported } = await house.shadowOf("door");
    await devices.setByHand("door", { locked: false });
    await devices.setFault("door", { kind: "silent" });
    const client = await connected();

    const running = house.client.callTool("run_scene", { scene: "Stale" });
    await pause(500);
    await client.publishAsync(
      "$aws/things/home-door/shadow/update",
      JSON.stringify({ state: { reported: { ...LOCKED, command: reported?.command } } }),
      { qos: 1 },
    );

    expect(await faredIn(await running, "door")).toMatchObject({ outcome: "timed_out" });
  });
});

describe("a lamp that two want", () => {
  test("is the later run's, and the other names it", async () => {
    await saveScene({ name: "Off", entities: { lamp: { light: { on: false } } } });
    await saveScene({ name: "On", entities: { lamp: { light: { on: true } } } });
    await devices.setFault("lamp", { kind: "slow", addedMs: 400 });

    const off = house.client.callTool("run_scene", { scene: "Off" });
    await pause(200);
    const on = await house.client.callTool("run_scene", { scene: "On" });

    // The lamp carries out one command after the other, or only the later one.
    const [first, second] = [await faredIn(await off, "lamp"), await faredIn(on, "lamp")];
    if (first.outcome !== "confirmed") {
      expect(first).toMatchObject({ outcome: "superseded" });
      expect(first.reason).toContain(String(on.run_id));
    }
    expect(["confirmed", "already_there"]).toContain(second.outcome);
    expect(devices.reported("lamp").light).toMatchObject({ on: true });
  });

  test("is superseded where it never answered the first", async () => {
    await devices.setFault("lamp", { kind: "silent" });

    const off = house.client.callTool("run_scene", { scene: "Off" });
    await pause(400);
    const on = house.client.callTool("run_scene", { scene: "On" });

    const { run_id: winner } = await on;
    expect(await faredIn(await off, "lamp")).toMatchObject({
      outcome: "superseded",
      reason: `BY ${String(winner)}.0`,
    });
  });

  /** A run that turns the lamp off, and is at it for a while: the lamp has its command. */
  const goesOff = async (): Promise<{ readonly running: Promise<Item> }> => {
    await saveScene({
      name: "Slowly off",
      entities: { lamp: { light: { on: false }, window: "10s" } },
    });
    await devices.setFault("lamp", { kind: "slow", addedMs: 3_000 });
    const commandOf = async (): Promise<string> =>
      JSON.stringify((await house.shadowOf("lamp")).desired?.command);
    const earlier = await commandOf();
    const running = house.client.callTool("run_scene", { scene: "Slowly off" });
    await expect.poll(commandOf, { timeout: 8_000 }).not.toBe(earlier);
    return { running };
  };
  const onWith = (rule: string): Item => ({
    name: `On, or ${rule}`,
    on_conflict: rule,
    entities: { lamp: { light: { on: true }, window: "10s" } },
  });

  test("is left to the run that goes on, where the other scene rejects: nothing is sent", async () => {
    await saveScene(onWith("reject"));
    const { running } = await goesOff();

    const rejected = await house.client.callTool("run_scene", { scene: "On, or reject" });
    const { desired } = await house.shadowOf("lamp");
    const off = await running;

    expect(rejected.error).toMatchObject({ code: "RunConflict" });
    expect(JSON.stringify(rejected.error)).toContain(`lamp (${String(off.run_id)})`);
    expect(desired?.command).toMatchObject({ id: `${String(off.run_id)}.0` });
    expect(off.result).toBe("done");
    expect(devices.reported("lamp").light).toMatchObject({ on: false });
  });

  test("is waited for where the other scene queues: both do as asked, one after the other", async () => {
    await saveScene(onWith("queue"));
    const { running } = await goesOff();

    const on = await house.client.callTool("run_scene", { scene: "On, or queue" });
    const off = await running;

    const [first, second] = [await recordedIn(off, "lamp"), await recordedIn(on, "lamp")];
    expect([first?.outcome, second?.outcome]).toEqual(["confirmed", "confirmed"]);
    expect(Number(second?.askedAtMs)).toBeGreaterThanOrEqual(Number(first?.acknowledgedAtMs));
    expect(devices.reported("lamp").light).toMatchObject({ on: true });
  });

  test("is one run's where both ask in the same moment, and the words and the lamp agree", async () => {
    for (let round = 0; round < 5; round += 1) {
      await devices.setByHand("lamp", { on: true });

      const [off = {}, on = {}] = await Promise.all(
        ["Off", "On"].map((scene) => house.client.callTool("run_scene", { scene })),
      );

      const { reported } = await house.shadowOf("lamp");
      const last = (reported?.command as Item | undefined)?.run;
      expect([off.run_id, on.run_id]).toContain(last);
      const [winner, loser] = last === on.run_id ? [on, off] : [off, on];
      expect(devices.reported("lamp").light).toMatchObject({ on: winner === on });
      expect(["confirmed", "already_there"]).toContain((await faredIn(winner, "lamp")).outcome);
      // The lamp may have done the one and then the other; else the loser says whose it is.
      const lost = await faredIn(loser, "lamp");
      if (!["confirmed", "already_there"].includes(String(lost.outcome))) {
        expect(lost).toMatchObject({
          outcome: "superseded",
          reason: `BY ${String(winner.run_id)}.0`,
        });
      }
    }
  });

  test("is left to whoever switches it, where the scene yields", async () => {
    await devices.setFault("door", { kind: "slow", addedMs: 1_200 });
    await devices.setByHand("lamp", { on: false });
    await saveScene({
      name: "Yield",
      on_conflict: "yield_to_manual",
      stages: [
        { name: "lock", entities: { door: LOCKED } },
        { name: "light", entities: { lamp: { light: { on: false } } } },
      ],
    });

    const running = house.client.callTool("run_scene", { scene: "Yield" });
    await pause(600);
    await devices.setByHand("lamp", { on: true });

    expect(await faredIn(await running, "lamp")).toMatchObject({
      outcome: "superseded",
      reason: "BY_HAND",
    });
    expect(devices.reported("lamp").light).toMatchObject({ on: true });
  });
});

describe("a run that is only partly done", () => {
  const OFF = { light: { on: false } };
  beforeEach(() => devices.setFault("door", { kind: "refuse" }));

  test("is taken back at once where its scene is to be done whole or not at all", async () => {
    const result = await runScene({
      name: "Whole",
      on_partial: "undo",
      entities: { lamp: OFF, door: LOCKED },
    });

    expect(result).toMatchObject({
      result: "partly_done",
      undone: {
        result: "done",
        devices: 1,
        undoes: result.run_id,
        left_alone: [{ device: "door" }],
      },
    });
    expect(devices.reported("lamp").light).toMatchObject({ on: true });
  });

  test("is undone on exactly those devices that confirmed and that nobody touched since", async () => {
    const result = await runScene({
      name: "Partly",
      entities: { lamp: OFF, shelf: OFF, door: LOCKED },
    });
    expect(result).toMatchObject({ result: "partly_done", confirmed: 2 });
    await devices.setByHand("shelf", { on: true });
    const heard = ["shelf", "door"].map((id) => devices.commandsReceived(id).length);

    const undone = await house.client.callTool("undo_run", { run_id: result.run_id });

    expect(undone).toMatchObject({
      result: "done",
      devices: 1,
      confirmed: 1,
      left_alone: [
        {
          device: "door",
          name: "door",
          why: "the run did not change it for certain (refused)",
        },
        { device: "shelf", name: "shelf", why: "it was changed since" },
      ],
    });
    expect(devices.reported("lamp").light).toMatchObject({ on: true });
    expect(["shelf", "door"].map((id) => devices.commandsReceived(id).length)).toEqual(heard);
  });
});

// REQ: approval-once
test("a door is unlocked for a resident who approves after reading, once, and for no machine", async () => {
  await devices.setByHand("door", { locked: true });
  await saveScene({ name: "Let in", entities: { door: { lock: { locked: false } } } });
  const asResident = await callsOf(house.home.endpoints, "resident", onTestFinished);
  const scene = "Let in";

  const asMachine = await house.client.callTool("run_scene", { scene });
  const asked = await asResident("run_scene", { scene });
  const approval_id = String(asked.approval_id);
  const machineApproves = await house.client.callTool("run_scene", { scene, approval_id });
  const inTheSameBreath = await asResident("run_scene", { scene, approval_id });

  expect(asked).toMatchObject({
    result: "needs_approval",
    needs_approval: [{ device: "door", what: "unlock" }],
  });
  expect([asMachine, machineApproves, inTheSameBreath].map(({ error }) => error)).toMatchObject([
    { code: "NeedsApproval" },
    { code: "NeedsApproval" },
    { code: "ApprovalTooSoon" },
  ]);
  expect(isLocked()).toEqual({ locked: true });
  await expect
    .poll(() => asResident("run_scene", { scene, approval_id }), {
      timeout: 30_000,
      interval: 1_000,
    })
    .toMatchObject({ result: "done", confirmed: 1 });
  expect(isLocked()).toEqual({ locked: false });
  expect(await asResident("run_scene", { scene, approval_id })).toMatchObject({
    error: { code: "ApprovalUsed" },
  });
}, 90_000);

test("a lock with a persistent session that comes back after its run has ended does nothing", async () => {
  const asleep = await connected({ clientId: "home-back_door", clean: false });
  const shadow = "$aws/things/home-back_door/shadow";
  await asleep.subscribeAsync([`${shadow}/update/delta`, `${shadow}/get/accepted`], { qos: 1 });
  asleep.end(true);

  const result = await runScene({ name: "Back door", entities: { "back door": LOCKED } });

  expect(await faredIn(result, "back_door")).toMatchObject({ outcome: "offline" });
  expect((await house.shadowOf("back_door")).desired?.command).toBe(NO_COMMAND);
  // A device that keeps the contract, on that session: the delta is only the bell, and the shadow has what is still wanted.
  const rung: unknown[] = [];
  const wanted: unknown[] = [];
  const carried: unknown[] = [];
  const awake = createContractDevice({
    device: { id: "back_door", kind: "lock", thing: "home-back_door" },
    memory: { values: { locked: false } },
    actuator: {
      isReady: () => true,
      carryOut: async (order) => {
        carried.push(order.id);
        return { status: "SUCCEEDED", reason: null, values: { locked: true } };
      },
    },
    openLink: (events) => {
      const client = mqtt.connect(house.home.endpoints.mqtt.url, {
        clientId: "home-back_door",
        clean: false,
      });
      const send = async (to: string, message: Item): Promise<void> => {
        await client.publishAsync(`${shadow}/${to}`, JSON.stringify(message), { qos: 1 });
      };
      client.on("connect", events.onReady);
      client.on("message", (topic, payload) => {
        const message = JSON.parse(payload.toString("utf8")) as {
          readonly state: Item;
          readonly clientToken?: string;
        };
        if (topic.endsWith("/delta")) {
          rung.push(message.state.command);
          events.onDelta(message);
        } else {
          wanted.push((message.state.desired as Item | undefined)?.command);
          events.onShadow(message, message.clientToken);
        }
      });
      return {
        report: (reported) => send("update", { state: { reported } }),
        askForShadow: (clientToken) => send("get", { clientToken }),
        close: () => client.endAsync(),
      };
    },
    onChange: () => {},
    onLost: () => {},
    onBack: () => {},
    log: () => {},
  });
  onTestFinished(() => awake.disconnect());
  await awake.connect();

  await expect.poll(() => rung.length, { timeout: 10_000 }).toBeGreaterThan(0);
  // Its greeting asked once; the bell made it ask, or its second look.
  await expect.poll(() => wanted.length, { timeout: 10_000 }).toBeGreaterThan(1);
  expect(wanted).toEqual(wanted.map(() => NO_COMMAND));
  expect(carried).toEqual([]);
  expect((await house.shadowOf("back_door")).reported).toMatchObject({ lock: { locked: false } });
});

test("a lock whose connection stalled until its run had ended is not locked afterwards", async () => {
  const line = await stallingLine(new URL(house.home.endpoints.mqtt.url));
  const lock = await startHouse({
    mqttUrl: line.url,
    devices: devicesOf(["back_door"]),
    initial: { back_door: HOME.initial.back_door },
  });
  onTestFinished(async () => {
    await lock.close();
    line.close();
  });
  const online = async () => (await house.shadowOf("back_door")).reported?.online;
  await expect.poll(online, { timeout: 10_000 }).toBe(true);
  const questions = await house.countMessages("$aws/things/home-back_door/shadow/get");

  line.stall();
  const result = await runScene({ name: "Back door", entities: { "back door": LOCKED } });
  line.goOn();

  expect(await faredIn(result, "back_door")).toMatchObject({ outcome: "timed_out" });
  const { desired } = await house.shadowOf("back_door");
  expect(desired?.command).toBe(NO_COMMAND);
  // It has heard late what was wanted, and asked; then three times as long as it would take.
  await expect.poll(questions, { timeout: 15_000 }).toBeGreaterThan(1);
  await pause(1000);
  expect(lock.reported("back_door").lock).toEqual({ locked: false });
  const { reported } = await house.shadowOf("back_door");
  expect(reported).toMatchObject({ lock: { locked: false }, online: true });
  expect(reported?.command).toBe(NO_COMMAND);
});

test("of twenty quick reconnects with a last will each, twenty end online", async () => {
  for (let round = 0; round < 20; round += 1) {
    // A second client of the same id: the broker ends the first one's connection, and its last will speaks.
    const intruder = await connected({ clientId: "home-lamp" });
    intruder.end(true);
    await expect
      .poll(async () => (await house.shadowOf("lamp")).reported?.online, {
        timeout: 15_000,
        interval: 50,
      })
      .toBe(true);
  }
  // The last will of the last round has had its time, and the device its second look.
  await pause(11_000);
  expect((await house.shadowOf("lamp")).reported?.online).toBe(true);
}, 300_000);

const connected = async (options: mqtt.IClientOptions = {}): Promise<MqttClient> => {
  const client = await mqtt.connectAsync(house.home.endpoints.mqtt.url, {
    reconnectPeriod: 0,
    ...options,
  });
  onTestFinished(() => client.endAsync(true));
  return client;
};

test("devices of whole mireds, 254 steps and half degrees are confirmed in every scene of the demo home", async () => {
  const coarse = ["bedside_lamp", "living_room_lamp", "bedroom_lamp", "hall_lamp", "thermostat"];
  const demo = await startJourney({ faults: coarse.map((id) => `${id}=coarse`).join(",") });
  onTestFinished(() => demo.close());

  const results: unknown[] = [];
  let film: unknown;
  for (const scene of ["goodnight", "good_morning", "movie_night", "away"]) {
    const { result } = await demo.client.callTool("run_scene", { scene });
    results.push([scene, result]);
    if (scene === "movie_night") film = (await demo.shadowOf("living_room_lamp")).reported;
  }

  expect(results).toEqual([
    ["goodnight", "done"],
    ["good_morning", "done"],
    ["movie_night", "done"],
    ["away", "done"],
  ]);
  // Asked for 2,200 K, which are 454.5 mireds: 455 of them are 2,198 K.
  expect(film).toMatchObject({ light: { brightness: 15, colorTempK: 2198 } });
}, 120_000);
