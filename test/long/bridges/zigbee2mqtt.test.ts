import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { connectAsync } from "mqtt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isObject } from "#domain/json.ts";
import { runToTheEnd } from "../../../scripts/command/follow-run.ts";
import {
  type FaultScenarios,
  fitsReason,
  TWENTY_FAULTS,
} from "../../support/bridges/twenty-faults.ts";
import { ROOT } from "../../support/command.ts";
import { type Journey, startJourney } from "../../support/journey.ts";
import { startZigbeeHub, type ZigbeeHub } from "./zigbee-hub.ts";
import { zigbeePackages } from "./zigbee-packages.ts";

type Item = Readonly<Record<string, unknown>>;

const packages = await zigbeePackages();
const DEVICES = {
  dimmer: "0x000b57fffe000001",
  ct: "0x000b57fffec00002",
  colour: "0x000b57fffec00007",
  plug: "0x000b57fffec00003",
  left: "0x001fee0000000008/l1",
  right: "0x001fee0000000008/l2",
  lock: "0x000d6f0000000004",
  blind: "0x680ae2fffe000005",
  thermostat: "0x0024460000000006",
  cellar: "0x00124b0000000009",
};
const COMMANDED = 9;
const UNLOCKED = { closuresDoorLock: { lockState: 2 } };

// With and without Zigbee2MQTT's wishes among what it publishes, and with every frame republishing its whole cache.
const SETTINGS: readonly (readonly [string, object])[] = [
  ["as it comes", {}],
  [
    "that publishes no wishes, and its cache with every frame",
    {
      device_options: { optimistic: false },
      advanced: {
        last_seen: "ISO_8601",
        log_level: "info",
        log_output: ["console"],
        network_key: Array(16).fill(7),
        pan_id: 6754,
      },
    },
  ],
];

describe.skipIf(packages === undefined).each(SETTINGS)("a Zigbee2MQTT %s", (_name, settings) => {
  let hub: ZigbeeHub;
  let house: Journey;
  let bridge: ChildProcess;
  const folder = mkdtempSync(join(tmpdir(), "bridge-"));
  const file = join(folder, "bridge.json");

  const startBridge = async (): Promise<void> => {
    bridge = spawn(
      process.execPath,
      ["scripts/bridge.ts", "zigbee2mqtt", "--config", file, "--data", house.data],
      { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] },
    );
    if (bridge.stdout === null) throw new Error("the bridge has no output");
    for await (const line of createInterface({ input: bridge.stdout })) {
      if (line.startsWith("bridge ready")) return;
    }
    throw new Error("the bridge ended");
  };
  const killBridge = async (signal: NodeJS.Signals = "SIGKILL"): Promise<void> => {
    const ended = once(bridge, "exit");
    bridge.kill(signal);
    await ended;
  };
  const run = (scene: string): Promise<Item> => runToTheEnd(house.client, { scene });
  /** How each device of a run ended: its outcome, its reason, and how it was before. */
  const outcomesOf = async (result: Item): Promise<Readonly<Record<string, Item>>> => {
    const records = await house.auditOf(String(result.run_id));
    const devices = records.find(({ SK }) => SK === "OUTCOME")?.devices;
    const items = Array.isArray(devices) ? devices.filter(isObject) : [];
    return Object.fromEntries(items.map((item) => [String(item.device), item]));
  };
  const fared = async (scene: string, device: string): Promise<Item> =>
    (await outcomesOf(await run(scene)))[device] ?? {};
  /** What it was told to do; that it may go back to sleep is none of it. */
  const commandsOf = async (device: string): Promise<readonly string[]> =>
    (await hub.truth(device)).commands.filter((command) => !command.startsWith("genPollCtrl"));
  const attribute = async (device: string, cluster: string, name: string): Promise<unknown> =>
    (await hub.truth(device)).attrs["1"]?.[cluster]?.[name];
  const onlineOf = async (device: string): Promise<unknown> =>
    (await house.shadowOf(device)).reported?.online;
  const withFault = async (device: string, fault: string, scene: string, id = device) => {
    await hub.control({ device, fault });
    try {
      return await fared(scene, id);
    } finally {
      await hub.control({ device, fault: null });
    }
  };

  beforeAll(async () => {
    const homeFile = join(import.meta.dirname, "zigbee-home.json");
    [hub, house] = await Promise.all([
      startZigbeeHub(packages ?? "", { settings }),
      startJourney({ homeFile }),
    ]);
    // The real ones take the places of the simulated.
    await house.home.house.close();
    writeFileSync(file, JSON.stringify({ url: hub.url, devices: DEVICES }));
    await startBridge();
  });
  afterAll(async () => {
    bridge.kill("SIGKILL");
    await house.close();
    await hub.close();
    rmSync(folder, { recursive: true, force: true });
  });

  // REQ: bridge-evidence
  test.for(["goodnight", "good_morning", "movie_night"])(
    "%s: each of nine devices says itself that it is as asked",
    async (scene) => {
      const result = await run(scene);

      expect(result).toMatchObject({
        result: "done",
        devices: COMMANDED,
        devices_not_confirmed: [],
      });
      const outcomes = Object.values(await outcomesOf(result)).map(({ outcome }) => outcome);
      expect(outcomes.filter((one) => one !== "confirmed" && one !== "already_there")).toEqual([]);
    },
  );

  test("what a sensor senses is reported when it says so", async () => {
    await hub.control({
      device: "climate_sensor",
      set: { msTemperatureMeasurement: { measuredValue: 1234 } },
    });

    await expect
      .poll(async () => (await house.shadowOf("cellar")).reported?.temperature, { timeout: 10_000 })
      .toEqual({ celsius: 12.34 });
  });

  test("a bridge that is killed in the middle of a scene finishes it when it is back", async () => {
    await run("goodnight");
    const before = (await commandsOf("dimmer")).length;

    const running = run("good_morning");
    await expect
      .poll(async () => (await commandsOf("dimmer")).length, { interval: 10, timeout: 10_000 })
      .toBeGreaterThan(before);
    await killBridge();
    await startBridge();

    const outcomes = Object.values(await outcomesOf(await running)).map(({ outcome }) => outcome);
    const good = ["confirmed", "confirmed_late", "already_there"];
    expect(outcomes.filter((outcome) => !good.includes(String(outcome)))).toEqual([]);
    expect(await attribute("dimmer", "genLevelCtrl", "currentLevel")).toBe(203);
    expect(await attribute("thermostat", "hvacThermostat", "occupiedHeatingSetpoint")).toBe(2100);
  });

  const SCENARIOS: FaultScenarios = {
    "power cut": () => withFault("dimmer", "dead", "lamp_on"),
    asleep: async () => {
      await run("blind_up");
      const before = await commandsOf("blind");
      const how = await withFault("blind", "asleep", "blind_down");
      // What Zigbee2MQTT keeps for a device that sleeps, it sends when it checks in; a frame of ours goes last.
      await run("blind_up");
      expect(await commandsOf("blind")).toEqual([
        ...before,
        "closuresWindowCovering.goToLiftPercentage",
      ]);
      return how;
    },
    mute: () => withFault("plug", "mute", "plug_on"),
    ignores: async () => {
      await run("lamp_off");
      return withFault("dimmer", "reject", "lamp_on");
    },
    refuses: async () => {
      await run("cool");
      return withFault("thermostat", "reject", "warm");
    },
    "refuses again": async () => {
      await run("cool");
      await withFault("thermostat", "reject", "warm");
      return withFault("thermostat", "reject", "warm");
    },
    "bolt stuck": async () => {
      await hub.control({ device: "lock", set: UNLOCKED });
      const how = await withFault("lock", "jammed", "lock_up");
      await hub.control({ device: "lock", set: UNLOCKED });
      return how;
    },
    "blind stuck": async () => {
      await run("blind_up");
      return withFault("blind", "jammed", "blind_down");
    },
    "report lost": async () => {
      await run("plug_off");
      return withFault("plug", "lost-report", "plug_on");
    },
    slow: async () => {
      await run("plug_off");
      await hub.control({ device: "plug", delayMs: 1500 });
      const how = await fared("plug_on", "plug");
      await hub.control({ device: "plug", delayMs: 30 });
      return how;
    },
    "by hand before": async () => {
      await run("lamp_off");
      await hub.control({ device: "dimmer", set: { genOnOff: { onOff: 1 } } });
      const how = await fared("lamp_off", "dimmer");
      expect(how.before).toMatchObject({ light: { on: true } });
      return how;
    },
    "by hand meanwhile": async () => {
      await run("plug_off");
      const before = (await commandsOf("plug")).length;
      const running = fared("plug_on", "plug");
      await hub.control({ device: "plug", fault: "jammed" });
      await expect
        .poll(async () => (await commandsOf("plug")).length, { interval: 20, timeout: 10_000 })
        .toBeGreaterThan(before);
      await hub.control({ device: "plug", set: { genOnOff: { onOff: 0 } } });
      const how = await running;
      await hub.control({ device: "plug", fault: null });
      return how;
    },
    "beyond its range": async () => {
      const before = await commandsOf("ct");
      const how = await fared("too_cold", "ct");
      expect(await commandsOf("ct")).toEqual(before);
      return how;
    },
    removed: async () => {
      await hub.request("device/remove", { id: DEVICES.dimmer, force: true });
      await expect.poll(() => onlineOf("dimmer"), { timeout: 10_000 }).toBe(false);
      const how = await fared("lamp_on", "dimmer");
      await hub.control({ join: "dimmer" });
      await expect.poll(() => onlineOf("dimmer"), { timeout: 20_000 }).toBe(true);
      return how;
    },
    renamed: async () => {
      await run("plug_off");
      await hub.request("device/rename", { from: DEVICES.plug, to: "kitchen/coffee" });
      const how = await fared("plug_on", "plug");
      await hub.request("device/rename", { from: "kitchen/coffee", to: DEVICES.plug });
      return how;
    },
    "hub away": async () => {
      await hub.stop();
      await expect.poll(() => onlineOf("plug"), { timeout: 10_000 }).toBe(false);
      return fared("plug_on", "plug");
    },
    "hub back": async () => {
      await hub.start();
      await expect.poll(() => onlineOf("plug"), { timeout: 20_000 }).toBe(true);
      await run("plug_on");
      return fared("plug_off", "plug");
    },
    "bridge killed": async () => {
      await run("blind_up");
      const before = (await commandsOf("blind")).length;
      const running = fared("blind_down", "blind");
      await expect
        .poll(async () => (await commandsOf("blind")).length, { interval: 10, timeout: 10_000 })
        .toBeGreaterThan(before);
      await killBridge();
      await startBridge();
      const how = await running;
      expect(how.before).toEqual({ cover: { position: 100 } });
      expect(
        await attribute("blind", "closuresWindowCovering", "currentPositionLiftPercentage"),
      ).toBe(100);
      return how;
    },
    "house away": async () => {
      await run("plug_off");
      await hub.control({ device: "plug", delayMs: 700 });
      const before = (await commandsOf("plug")).length;
      const running = fared("plug_on", "plug");
      await expect
        .poll(async () => (await commandsOf("plug")).length, { interval: 10, timeout: 10_000 })
        .toBeGreaterThan(before);
      // Whoever comes by a name that is connected takes the place of it.
      const thief = await connectAsync(house.home.endpoints.mqtt.url, { clientId: "home-plug" });
      await thief.endAsync(true);
      const how = await running;
      await hub.control({ device: "plug", delayMs: 30 });
      return how;
    },
    "newer command": async () => {
      await run("blind_up");
      const before = (await commandsOf("blind")).length;
      const running = fared("blind_down", "blind");
      await expect
        .poll(async () => (await commandsOf("blind")).length, { interval: 10, timeout: 10_000 })
        .toBeGreaterThan(before);
      const { outcome } = await fared("blind_up", "blind");
      expect(["confirmed", "already_there"]).toContain(outcome);
      return running;
    },
  };

  // REQ: bridge-asleep
  test.for(TWENTY_FAULTS)("$promise ($fault)", async (expected, { skip }) => {
    const scenario = SCENARIOS[expected.fault];
    if (scenario === undefined) return skip("this hub's test cannot make it so");

    const { outcome, reason } = await scenario();

    expect(expected.outcomes).toContain(outcome);
    expect(fitsReason(expected, reason), String(reason)).toBe(true);
  });

  test("the same command by Zigbee2MQTT's own topic is kept for a blind that sleeps, and done when it wakes", async () => {
    await run("blind_up");
    await hub.control({ device: "blind", fault: "asleep" });
    const before = (await commandsOf("blind")).length;
    const { missed } = await hub.truth("blind");

    await hub.client.publishAsync(`zigbee2mqtt/${DEVICES.blind}/set`, '{"position":0}', { qos: 1 });
    await expect
      .poll(async () => (await hub.truth("blind")).missed, { timeout: 10_000 })
      .toBeGreaterThan(missed);
    await hub.control({ device: "blind", fault: null });

    await expect
      .poll(async () => (await commandsOf("blind")).length, { timeout: 10_000 })
      .toBe(before + 1);
  });
});
