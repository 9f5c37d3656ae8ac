import { describe, expect, test } from "vitest";
import type { Device } from "#domain/home/device.ts";
import { parseScene } from "#domain/home/scene.ts";
import { asksDevice, withDevice, withoutDevice } from "#domain/home/scene-devices.ts";
import { codeOf, messageOf } from "../code-of.ts";

const device = (id: string, kind: Device["kind"]): Device => ({
  id,
  name: id,
  aliases: [],
  kind,
  room: "Hall",
  thing: id,
});
const LOCK = device("front_door", "lock");
const LAMP = device("hall_lamp", "light");
const PORCH = device("porch_lamp", "light");
const HOME = [LOCK, LAMP];

const GOODNIGHT = parseScene(
  {
    id: "goodnight",
    name: "Goodnight",
    version: 3,
    stages: [
      {
        name: "lock",
        devices: { front_door: { lock: { locked: true } } },
        required: ["front_door"],
        windowSeconds: { front_door: 20 },
      },
      { name: "dark", devices: { hall_lamp: { light: { on: false } } }, transitionSeconds: 1 },
    ],
  },
  HOME,
);
const ONE_STAGE = parseScene(
  { id: "dark", name: "Dark", version: 1, stages: [GOODNIGHT.stages[1]] },
  HOME,
);
const OFF = { light: { on: false } };

describe("a scene that is to ask one more device", () => {
  // REQ: add-device
  test("asks it in the stage that was named, and is its own next version", () => {
    const scene = withDevice(GOODNIGHT, PORCH, OFF, "dark", HOME);

    expect(scene.version).toBe(4);
    expect(scene.stages[1]).toEqual({
      name: "dark",
      devices: { hall_lamp: { light: { on: false } }, porch_lamp: { light: { on: false } } },
      required: [],
      transitionSeconds: 1,
      windowSeconds: {},
    });
    expect(scene.stages[0]).toEqual(GOODNIGHT.stages[0]);
  });

  test("needs no stage named when it has but one", () => {
    const scene = withDevice(ONE_STAGE, PORCH, OFF, undefined, HOME);

    expect(asksDevice(scene, "porch_lamp")).toBe(true);
  });

  test.each([
    ["no stage named, and several there", OFF, undefined, "SceneInvalid", '"lock", "dark"'],
    ["a stage that it has not", OFF, "arm", "SceneInvalid", '"lock", "dark"'],
    [
      "a state that the device cannot have",
      { lock: { locked: true } },
      "dark",
      "StateInvalid",
      "lock",
    ],
    ["a value out of its range", { light: { brightness: 300 } }, "dark", "StateInvalid", "0-100"],
    ["no state at all", null, "dark", "StateInvalid", "porch_lamp"],
  ])("refuses %s", (_, want, stage, code, culprit) => {
    const join = () => withDevice(GOODNIGHT, PORCH, want, stage, HOME);

    expect(codeOf(join)).toBe(code);
    expect(messageOf(join)).toContain(culprit);
  });

  test("refuses a device that another stage asks already", () => {
    const join = () => withDevice(GOODNIGHT, LAMP, OFF, "lock", HOME);

    expect(codeOf(join)).toBe("SceneInvalid");
    expect(messageOf(join)).toContain("hall_lamp");
  });
});

describe("a scene that is to ask one device less", () => {
  test("loses it with its gate and its window, and the stage that asked nobody else", () => {
    const scene = withoutDevice(GOODNIGHT, "front_door", HOME);

    expect(scene.version).toBe(4);
    expect(scene.stages).toEqual([GOODNIGHT.stages[1]]);
  });

  test("keeps the stage's other devices as they are", () => {
    const both = withDevice(GOODNIGHT, PORCH, OFF, "dark", HOME);

    const scene = withoutDevice(both, "porch_lamp", [...HOME, PORCH]);

    expect(scene.stages).toEqual(GOODNIGHT.stages);
  });

  test("is refused when nothing would be left of it", () => {
    const leave = () => withoutDevice(ONE_STAGE, "hall_lamp", HOME);

    expect(codeOf(leave)).toBe("DeviceInUse");
    expect(messageOf(leave)).toContain("dark");
  });
});

test("a scene asks the devices of its stages and nobody else", () => {
  expect(asksDevice(GOODNIGHT, "hall_lamp")).toBe(true);
  expect(asksDevice(GOODNIGHT, "porch_lamp")).toBe(false);
  expect(asksDevice(GOODNIGHT, "constructor")).toBe(false);
});
