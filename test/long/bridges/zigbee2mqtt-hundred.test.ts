import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningBridge, runBridge } from "#bridges/core/run-bridge.ts";
import { zigbee2mqtt } from "#bridges/zigbee2mqtt/zigbee2mqtt.ts";
import { openDeviceLink } from "#house/contract/device-link.ts";
import { DEFAULT_HOME } from "../../../scripts/command/default-home.ts";
import { runToTheEnd } from "../../../scripts/command/follow-run.ts";
import { readHomeFile } from "../../../scripts/homes/seed-home.ts";
import { type Journey, startJourney } from "../../support/journey.ts";
import { startZigbeeHub, type ZigbeeHub } from "./zigbee-hub.ts";
import { zigbeePackages } from "./zigbee-packages.ts";

const packages = await zigbeePackages();
const LAMPS = 100;
const numbers = Array.from({ length: LAMPS }, (_, at) => at + 1);
const addressOf = (number: number): string => `0x000b57fffe${number.toString(16).padStart(6, "0")}`;

const sceneOf = (id: string, name: string, light: object) => ({
  id,
  name,
  aliases: [],
  version: 1,
  stages: [
    {
      name: "all",
      devices: Object.fromEntries(numbers.map((number) => [`lamp_${number}`, { light }])),
    },
  ],
});

describe.skipIf(packages === undefined)("a hundred Zigbee lamps", () => {
  const folder = mkdtempSync(join(tmpdir(), "hundred-"));
  let hub: ZigbeeHub;
  let house: Journey;
  // Whatever could be started ends, also where the rest could not.
  const closings: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    const homeFile = join(folder, "home.json");
    writeFileSync(
      homeFile,
      JSON.stringify({
        rooms: ["Hall"],
        devices: numbers.map((number) => ({
          id: `lamp_${number}`,
          name: `Lamp ${number}`,
          kind: "light",
          room: "Hall",
          windowSeconds: 60,
        })),
        scenes: [
          sceneOf("all_off", "All off", { on: false }),
          sceneOf("all_dim", "All dim", { on: true, brightness: 40 }),
        ],
        initial: {},
      }),
    );
    const starting = startJourney({ homeFile });
    closings.unshift(async () => (await starting).close());
    hub = await startZigbeeHub(packages ?? "", { lamps: LAMPS });
    closings.unshift(hub.close);
    house = await starting;
    await house.home.house.close();
    const { devices } = readHomeFile(homeFile, { home: DEFAULT_HOME, thingPrefix: "" });
    const bridge: RunningBridge = await runBridge({
      bridge: zigbee2mqtt({ url: hub.url, baseTopic: "zigbee2mqtt" }),
      devices: devices.map((device, at) => ({ device, address: addressOf(at + 1) })),
      openLink: (thing, events) => openDeviceLink(house.home.endpoints.mqtt.url, thing, events),
      log: () => {},
    });
    closings.unshift(bridge.close);
  }, 120_000);
  afterAll(async () => {
    for (const close of closings) await close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Until the radio itself has all of them so. */
  const allAre = async (onOff: number): Promise<void> => {
    await expect
      .poll(
        async () => {
          const truths = await Promise.all(numbers.map((number) => hub.truth(`lamp_${number}`)));
          return truths.filter(({ attrs }) => attrs["1"]?.genOnOff?.onOff === onOff).length;
        },
        { timeout: 60_000, interval: 50 },
      )
      .toBe(LAMPS);
  };

  test("are all confirmed in one scene, in a time that is told beside Zigbee2MQTT's own", async () => {
    await runToTheEnd(house.client, { scene: "all_off" });

    const ownBeganMs = performance.now();
    for (const number of numbers) {
      hub.client.publish(`zigbee2mqtt/${addressOf(number)}/set`, '{"state":"ON","brightness":200}');
    }
    await allAre(1);
    const ownMs = performance.now() - ownBeganMs;

    const beganMs = performance.now();
    const result = await runToTheEnd(house.client, { scene: "all_dim" });
    const ms = performance.now() - beganMs;

    process.stdout.write(
      `${LAMPS} lamps: every one told and read, confirmed in ${Math.round(ms)} ms; Zigbee2MQTT's own /set of them, unconfirmed, took ${Math.round(ownMs)} ms until the radio had all\n`,
    );
    expect(result).toMatchObject({ result: "done", devices: LAMPS, devices_not_confirmed: [] });
    const truths = await Promise.all(numbers.map((number) => hub.truth(`lamp_${number}`)));
    expect(new Set(truths.map(({ attrs }) => attrs["1"]?.genLevelCtrl?.currentLevel))).toEqual(
      new Set([102]),
    );
  });
});
