import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isObject } from "#domain/json.ts";
import { type Journey, startJourney } from "../../support/journey.ts";
import { startZwaveNetwork, type ZwaveNetwork } from "./zwave-network.ts";
import { zwavePackages } from "./zwave-packages.ts";

type Item = Readonly<Record<string, unknown>>;

const packages = await zwavePackages();
const HOME_FILE = join(import.meta.dirname, "zwave-home.json");
const ADDRESSES = [
  "coffee_plug=7e571000-2",
  "sofa_lamp=7e571000-3",
  "front_door=7e571000-4",
  "thermostat=7e571000-5",
  "bedroom_blind=7e571000-6",
  "living_room_blind=7e571000-7",
  "hall_lamp=7e571000-8",
  "attic_lamp=7e571000-9",
  "fountain=7e571000-10-1",
  "bath_radiator=7e571000-14",
  "back_door=7e571000-15",
];

describe.skipIf(packages === undefined)("a house of Z-Wave devices", () => {
  let network: ZwaveNetwork;
  let house: Journey;
  let bridge: ChildProcess;

  const startBridge = async (): Promise<void> => {
    bridge = fork(
      join(import.meta.dirname, "zwave-bridge-process.ts"),
      [HOME_FILE, house.home.endpoints.mqtt.url, network.url, ...ADDRESSES],
      { stdio: ["ignore", "inherit", "inherit", "ipc"] },
    );
    const ended = once(bridge, "exit").then(([code]) => {
      throw new Error(`the bridge ended with ${code}`);
    });
    await Promise.race([once(bridge, "message"), ended]);
    // Later it is killed.
    ended.catch(() => {});
  };
  const run = async (scene: string): Promise<Item> => {
    const { client } = house;
    return client.callTool("run_scene", { scene });
  };
  /** How each device of a run ended: its outcome, its reason, and how it was before. */
  const outcomesOf = async ({ run_id }: Item): Promise<Readonly<Record<string, Item>>> => {
    const records = await house.auditOf(String(run_id));
    const devices = records.find(({ SK }) => SK === "OUTCOME")?.devices;
    const items = Array.isArray(devices) ? devices.filter(isObject) : [];
    return Object.fromEntries(items.map((item) => [String(item.device), item]));
  };

  beforeAll(async () => {
    [network, house] = await Promise.all([
      startZwaveNetwork(packages ?? ""),
      startJourney({ homeFile: HOME_FILE }),
    ]);
    // The real ones take the places of the simulated.
    await house.home.house.close();
    await startBridge();
  });
  afterAll(async () => {
    bridge.kill("SIGKILL");
    await house.close();
    await network.close();
  });

  test.for([
    ["goodnight", 10],
    ["good_morning", 8],
    ["movie_night", 8],
  ] as const)("%s: each device says itself that it is as asked", async ([scene, count]) => {
    const result = await run(scene);

    expect(result).toMatchObject({ result: "done", devices: count, devices_not_confirmed: [] });
    const outcomes = Object.values(await outcomesOf(result)).map(({ outcome }) => outcome);
    expect(outcomes.filter((one) => one !== "confirmed" && one !== "already_there")).toEqual([]);
  });

  test("a lock that is locked is read, and not told again", async () => {
    await run("movie_night");
    await network.told();

    const outcomes = await outcomesOf(await run("movie_night"));

    expect(outcomes.front_door?.outcome).toBe("already_there");
    expect(outcomes.coffee_plug?.outcome).toBe("already_there");
    const told = await network.told();
    expect(told.filter((node) => [2, 4, 10].includes(node))).toEqual([]);
  });

  test("a lamp that was switched by hand and told nobody is not already there", async () => {
    await run("movie_night");
    await network.ask("byHand", {
      node: 9,
      key: "MultilevelSwitch_currentValue",
      value: 99,
      silent: true,
    });

    const outcomes = await outcomesOf(await run("movie_night"));

    expect(outcomes.attic_lamp).toMatchObject({
      outcome: "confirmed",
      before: { light: { on: true, brightness: 100 } },
    });
  });

  test.for([
    ["dead", "coffee_plug", 2, "offline", "UNREACHABLE"],
    ["mute", "attic_lamp", 9, "offline", "UNREACHABLE"],
    ["refuses", "sofa_lamp", 3, "refused", "DEVICE_REFUSED"],
    ["deaf", "attic_lamp", 9, "refused", "NOT_AS_ASKED"],
    ["clamps", "thermostat", 5, "refused", "NOT_AS_ASKED"],
  ] as const)(
    "%s: %s says so, and all others are confirmed",
    async ([fault, device, node, outcome, reason]) => {
      await run("goodnight");
      await network.fault(node, fault);

      const outcomes = await outcomesOf(await run("good_morning"));

      await network.fault(node);
      await network.ask("ping", { node });
      const words = Object.values(outcomes).filter((one) => one.device !== device);
      expect(outcomes[device]).toMatchObject({ outcome, reason });
      expect(words.map((one) => one.outcome)).toEqual(Array(7).fill("confirmed"));
    },
  );

  test("a lock whose bolt is stuck says so", async () => {
    await network.ask("byHand", { node: 15, key: "DoorLock_currentMode", value: 0, silent: true });
    await network.fault(15, "jams");

    const outcomes = await outcomesOf(await run("goodnight"));

    await network.fault(15);
    expect(outcomes.back_door).toMatchObject({ outcome: "refused", reason: "JAMMED" });
    expect(await network.holds(15)).toMatchObject({ DoorLock_currentMode: 0 });
    expect((await house.shadowOf("back_door")).reported).toMatchObject({
      lock: { locked: false, jammed: true },
    });
  });

  test("a radiator that sleeps is offline, and does nothing when it wakes up", async () => {
    await network.ask("asleep", { node: 14 });
    await network.told();

    const outcomes = await outcomesOf(await run("warm_bath"));
    await network.ask("wakes", { node: 14 });
    await network.ask("ping", { node: 14 });

    expect(outcomes.bath_radiator).toMatchObject({ outcome: "offline", reason: "UNREACHABLE" });
    expect(await network.told()).toEqual([]);
  });

  test("a blind that is held on its way is not as asked", async () => {
    await run("goodnight");
    await network.told();

    const running = run("good_morning");
    await expect
      .poll(async () => (await network.told()).includes(6), { interval: 20, timeout: 10_000 })
      .toBe(true);
    await network.ask("holds", { node: 6, value: 35 });

    const outcomes = await outcomesOf(await running);
    expect(outcomes.bedroom_blind).toMatchObject({ outcome: "refused", reason: "NOT_AS_ASKED" });
  });

  test.for([1, 4, 7])(
    "killed after it told %i times, a bridge answers what it left, and nothing is done that was not asked",
    async (times) => {
      await run("goodnight");
      await network.told();
      const told: number[] = [];

      const running = run("good_morning");
      await expect
        .poll(async () => told.push(...(await network.told())), { interval: 10, timeout: 10_000 })
        .toBeGreaterThanOrEqual(times);
      bridge.kill("SIGKILL");
      await once(bridge, "exit");
      await startBridge();

      const outcomes = await outcomesOf(await running);
      told.push(...(await network.told()));
      const words = Object.values(outcomes).map(({ outcome }) => outcome);
      expect(words.filter((word) => word !== "confirmed" && word !== "confirmed_late")).toEqual([]);
      expect(words).toHaveLength(8);
      expect(await network.holds(3)).toMatchObject({ MultilevelSwitch_currentValue: 40 });
      expect(await network.holds(9)).toMatchObject({ MultilevelSwitch_currentValue: 99 });
      expect(await network.holds(6)).toMatchObject({ MultilevelSwitch_currentValue: 99 });
      // What was told and not answered is told once more, in absolute values; nobody else is told anything.
      expect([...new Set(told)].sort((one, other) => one - other)).toEqual([
        2, 3, 5, 6, 7, 8, 9, 10,
      ]);
      for (const node of [2, 3, 6, 7, 8, 9, 10]) {
        expect(told.filter((one) => one === node).length).toBeLessThanOrEqual(2);
      }
    },
  );

  test("a server that is away makes all offline, and none is told anything later", async () => {
    await run("goodnight");
    await network.ask("stopServer");
    await expect
      .poll(async () => (await house.shadowOf("sofa_lamp")).reported?.online, { timeout: 10_000 })
      .toBe(false);
    await network.told();

    const outcomes = await outcomesOf(await run("good_morning"));
    await network.ask("startServer");
    await expect
      .poll(async () => (await house.shadowOf("sofa_lamp")).reported?.online, { timeout: 10_000 })
      .toBe(true);

    const words = new Set(Object.values(outcomes).map(({ outcome }) => outcome));
    expect([...words]).toEqual(["offline"]);
    expect(await network.told()).toEqual([]);
    expect(await run("good_morning")).toMatchObject({ result: "done" });
  });
});
