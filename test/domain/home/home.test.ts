import { expect, test } from "vitest";
import { parseHome } from "#domain/home/home.ts";
import { codeOf, messageOf } from "../code-of.ts";

const DOOR = { id: "front_door", name: "Front door", kind: "lock", room: "Hall" };
const LAMP = { id: "hall_lamp", name: "Hall lamp", kind: "light", room: "Hall" };
const GOODNIGHT = {
  id: "goodnight",
  name: "Good Night",
  version: 1,
  stages: [{ name: "lock", devices: { front_door: { lock: { locked: true } } } }],
};

test("a home is its devices and its scenes", () => {
  const home = parseHome({ devices: [DOOR, LAMP], scenes: [GOODNIGHT] });

  expect(home.devices.map((device) => device.id)).toEqual(["front_door", "hall_lamp"]);
  expect(home.scenes.map((scene) => scene.id)).toEqual(["goodnight"]);
});

test("a home may be empty", () => {
  expect(parseHome({ devices: [], scenes: [] })).toEqual({ devices: [], scenes: [] });
});

test.each([
  ["nothing", undefined, "HomeEmpty"],
  ["no devices", { scenes: [] }, "HomeEmpty"],
  ["no scenes", { devices: [] }, "HomeEmpty"],
  ["a device that is wrong", { devices: [{ ...DOOR, kind: "x" }], scenes: [] }, "DeviceInvalid"],
  ["a device id twice", { devices: [DOOR, { ...DOOR, thing: "b" }], scenes: [] }, "DeviceInvalid"],
  [
    "one thing for two devices",
    { devices: [DOOR, { ...LAMP, thing: "front_door" }], scenes: [] },
    "DeviceInvalid",
  ],
  ["a scene id twice", { devices: [DOOR], scenes: [GOODNIGHT, GOODNIGHT] }, "SceneInvalid"],
  ["a scene of unknown devices", { devices: [LAMP], scenes: [GOODNIGHT] }, "DeviceUnknown"],
])("a home with %s is refused", (_, value, code) => {
  expect(codeOf(() => parseHome(value))).toBe(code);
});

test("what is used twice is named", () => {
  const message = messageOf(() =>
    parseHome({ devices: [DOOR, { ...LAMP, thing: "front_door" }], scenes: [] }),
  );

  expect(message).toBe('"front_door" is used twice.');
});
