import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Bridge, BridgeEvents } from "#bridges/core/bridge.ts";
import { zwaveBridge } from "#bridges/zwave/zwave-bridge.ts";
import { startZwaveNetwork, type ZwaveNetwork } from "./zwave-network.ts";
import { zwavePackages } from "./zwave-packages.ts";

const packages = await zwavePackages();
const AT_ONCE = { transitionSeconds: 0, isOver: new AbortController().signal };
const { isOver } = AT_ONCE;

const FRONT_DOOR = "7e571000-4";
const SOFA_LAMP = "7e571000-3";
const ATTIC_LAMP = "7e571000-9";
const COFFEE_PLUG = "7e571000-2";
const THERMOSTAT = "7e571000-5";

describe.skipIf(packages === undefined)("the real zwave-js-server on its mock network", () => {
  let network: ZwaveNetwork;
  let bridge: Bridge;
  const heard: unknown[] = [];

  beforeAll(async () => {
    network = await startZwaveNetwork(packages ?? "");
    bridge = zwaveBridge(network.url);
    const told: BridgeEvents = {
      onHub: (isThere) => heard.push({ hub: isThere }),
      onDevices: () => heard.push("devices"),
      onHint: (address) => heard.push({ hint: address }),
      onReadings: (address, readings) => heard.push({ address, readings }),
      onTrouble: (what) => heard.push({ trouble: what }),
    };
    await bridge.events(told);
  });
  afterAll(async () => {
    await bridge.close();
    await network.close();
  });

  test("its nodes are devices of the home's kinds, each endpoint by itself", () => {
    const found = bridge.discover();

    expect(
      found.map(({ address, name, room, capabilities }) => [
        address.slice("7e571000-".length),
        name,
        room,
        capabilities?.kind,
        Object.keys(capabilities?.fields ?? {}).join(" "),
        capabilities?.senses.join(" "),
        capabilities?.evidence,
        capabilities?.isSleepy,
      ]),
    ).toEqual([
      ["2", "Coffee plug", "Kitchen", "plug", "on", "", "own word", false],
      ["3", "Sofa lamp", "Living room", "light", "on brightness", "", "own word", false],
      ["4", "Front door", "Hall", "lock", "locked", "battery", "own word", false],
      ["5", "Thermostat", "Living room", "climate", "mode targetC", "", "read", false],
      ["6", "Bedroom blind", "Bedroom", "cover", "position", "", "read", false],
      ["7", "Living room blind", "Living room", "cover", "position tilt", "", "own word", false],
      ["8", "Hall lamp", "Hall", "light", "on brightness", "", "own word", false],
      ["9", "Attic lamp", "Attic", "light", "on brightness", "", "read", false],
      ["10-1", "Garden plugs 1", "Garden", "plug", "on", "", "own word", false],
      ["10-2", "Garden plugs 2", "Garden", "plug", "on", "", "own word", false],
      ["11", "Bath window", "Bath", "sensor", "", "contact battery", "read", true],
      ["12", "Hall motion", "Hall", "sensor", "", "motion temperature battery", "read", true],
      ["13", "Cellar leak", "Cellar", "sensor", "", "leak", "read", false],
      ["14", "Bath radiator", "Bath", "climate", "mode targetC", "battery", "read", true],
      ["15", "Back door", "Kitchen", "lock", "locked", "battery", "read", false],
      ["16", "Guest plug", "Bedroom", "plug", "on", "", "own word", false],
    ]);
  });

  test("a supervised device says itself that it did it; another is read", async () => {
    const plug = await bridge.set(COFFEE_PLUG, { on: false }, AT_ONCE);
    const lamp = await bridge.set(ATTIC_LAMP, { brightness: 60 }, AT_ONCE);
    const read = await bridge.read(ATTIC_LAMP, ["on", "brightness"], isOver);

    expect(plug).toEqual({ said: "done" });
    expect(lamp).toEqual({ said: "taken" });
    expect(read).toMatchObject({ said: "values", values: { on: true, brightness: 59 } });
    expect(await network.holds(2)).toMatchObject({ BinarySwitch_currentValue: false });
  });

  test("a bolt is on its way before it is there", async () => {
    const set = await bridge.set(FRONT_DOOR, { locked: true }, AT_ONCE);
    const early = await bridge.read(FRONT_DOOR, ["locked"], isOver);

    expect(set).toEqual({ said: "taken" });
    expect(early).toMatchObject({ values: { locked: 0 }, isMoving: true, isJammed: false });
    await expect
      .poll(() => bridge.read(FRONT_DOOR, ["locked"], isOver), { timeout: 5000 })
      .toMatchObject({ values: { locked: 255 }, isMoving: false });
  });

  test("a thermostat's mode and target are two commands and one answer", async () => {
    const set = await bridge.set(THERMOSTAT, { mode: "heat", targetC: 17.5 }, AT_ONCE);
    const read = await bridge.read(THERMOSTAT, ["mode", "targetC"], isOver);

    expect(set).toEqual({ said: "taken" });
    expect(read).toMatchObject({ values: { mode: 1, targetC: 17.5 } });
  });

  test.for([
    ["refuses", SOFA_LAMP, { on: false }, "DEVICE_REFUSED"],
    ["jams", FRONT_DOOR, { locked: false }, "JAMMED"],
    ["dead", COFFEE_PLUG, { on: true }, "UNREACHABLE"],
  ] as const)("a device that %s is told as such", async ([fault, address, asked, reason]) => {
    const node = Number(address.split("-")[1]);
    await network.fault(node, fault);

    const answer = await bridge.set(address, asked, AT_ONCE);

    await network.fault(node);
    await network.ask("ping", { node });
    expect(answer).toMatchObject({ said: "failed", reason });
  });

  test("a device that took it and did not do it is found out by reading, whatever the driver hopes", async () => {
    await network.fault(9, "deaf");

    const set = await bridge.set(ATTIC_LAMP, { on: false }, AT_ONCE);
    const read = await bridge.read(ATTIC_LAMP, ["on", "brightness"], isOver);

    await network.fault(9);
    expect(set).toEqual({ said: "taken" });
    expect(read).toMatchObject({ values: { on: true, brightness: 59 } });
  });

  test("one that answers nothing is not reached", async () => {
    await network.fault(9, "mute");

    const read = await bridge.read(ATTIC_LAMP, ["on"], isOver);

    await network.fault(9);
    expect(read).toMatchObject({ said: "nothing", reason: "UNREACHABLE" });
  });

  test("a sleeping radiator is told nothing, and does nothing when it wakes up", async () => {
    await network.ask("asleep", { node: 14 });
    await network.told();

    const set = await bridge.set("7e571000-14", { mode: "heat", targetC: 22 }, AT_ONCE);
    const read = await bridge.read("7e571000-14", ["mode", "targetC"], isOver);
    await network.ask("wakes", { node: 14 });
    await network.ask("ping", { node: 14 });

    expect(set).toMatchObject({ said: "failed", reason: "UNREACHABLE" });
    expect(read).toMatchObject({ said: "nothing", reason: "UNREACHABLE" });
    expect(await network.told()).toEqual([]);
    expect(await network.holds(14)).not.toHaveProperty("setpoint");
  });

  test("what sensors notice is told as it comes", async () => {
    heard.length = 0;

    await network.ask("notify", { node: 11, type: 6, event: 22 });
    await network.ask("notify", { node: 12, type: 7, event: 8 });
    await network.ask("notify", { node: 13, type: 5, event: 2 });

    await expect
      .poll(() => heard.filter((one) => typeof one === "object"))
      .toEqual([
        { address: "7e571000-11", readings: { contact: { open: true } } },
        { address: "7e571000-12", readings: { motion: { detected: true } } },
        { address: "7e571000-13", readings: { leak: { detected: true } } },
      ]);
  });

  test("a hand at the switch is a reason to look", async () => {
    await bridge.read(SOFA_LAMP, ["on", "brightness"], isOver);
    heard.length = 0;

    await network.ask("byHand", { node: 3, key: "MultilevelSwitch_currentValue", value: 12 });

    await expect.poll(() => heard).toContainEqual({ hint: SOFA_LAMP });
  });

  test("a new name is followed, and a node that is taken out is gone", async () => {
    await network.ask("rename", { node: 8, name: "Porch lamp", room: "Porch" });
    await network.ask("remove", { node: 13 });

    await expect
      .poll(() => bridge.discover().map(({ address, name, room }) => [address, name, room]))
      .toContainEqual(["7e571000-8", "Porch lamp", "Porch"]);
    await expect
      .poll(() => bridge.discover().map(({ address }) => address))
      .not.toContain("7e571000-13");
    expect(await bridge.set("7e571000-13", { on: true }, AT_ONCE)).toMatchObject({
      reason: "UNREACHABLE",
    });
  });

  test("a server that goes takes all devices with it, and brings them back", async () => {
    await network.ask("stopServer");
    await expect.poll(() => bridge.discover().some(({ isOnline }) => isOnline)).toBe(false);
    const away = await bridge.set(COFFEE_PLUG, { on: true }, AT_ONCE);

    await network.ask("startServer");

    expect(away).toMatchObject({ said: "failed", reason: "UNREACHABLE" });
    await expect
      .poll(() => bridge.discover().every(({ isOnline }) => isOnline), { timeout: 10_000 })
      .toBe(true);
    expect(await bridge.set(COFFEE_PLUG, { on: true }, AT_ONCE)).toEqual({ said: "done" });
  });
});
