import { expect, test } from "vitest";
import { parseHome } from "#domain/home/home.ts";
import { AT_HOME } from "../../support/at-home.ts";
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
  const home = parseHome({ devices: [DOOR, LAMP], scenes: [GOODNIGHT] }, AT_HOME);

  expect(home.devices.map((device) => device.id)).toEqual(["front_door", "hall_lamp"]);
  expect(home.scenes.map((scene) => scene.id)).toEqual(["goodnight"]);
});

test("a home may be empty", () => {
  expect(parseHome({ devices: [], scenes: [] }, AT_HOME)).toEqual({
    place: AT_HOME,
    devices: [],
    scenes: [],
    groups: [],
    floors: [],
  });
});

test.each([
  ["nothing", undefined, "HomeEmpty"],
  ["no devices", { scenes: [] }, "HomeEmpty"],
  ["no scenes", { devices: [] }, "HomeEmpty"],
  ["a device that is wrong", { devices: [{ ...DOOR, kind: "x" }], scenes: [] }, "DeviceInvalid"],
  ["a device id twice", { devices: [DOOR, DOOR], scenes: [] }, "DeviceInvalid"],
  [
    "one device's thing for another",
    { devices: [DOOR, { ...LAMP, thing: "home-front_door" }], scenes: [] },
    "DeviceInvalid",
  ],
  ["a scene id twice", { devices: [DOOR], scenes: [GOODNIGHT, GOODNIGHT] }, "SceneInvalid"],
  ["a scene of unknown devices", { devices: [LAMP], scenes: [GOODNIGHT] }, "DeviceUnknown"],
])("a home with %s is refused", (_, value, code) => {
  expect(codeOf(() => parseHome(value, AT_HOME))).toBe(code);
});

test("what is used twice is named", () => {
  const message = messageOf(() => parseHome({ devices: [DOOR, DOOR], scenes: [] }, AT_HOME));

  expect(message).toBe('"front_door" is used twice.');
});

// Attempt 20 of those that cross a home's border: a record that names somebody else's lock.
test("a record with another home's thing is refused by both names, and with it the whole home", () => {
  const message = messageOf(() =>
    parseHome({ devices: [LAMP, { ...DOOR, thing: "b-front_door" }], scenes: [] }, AT_HOME),
  );

  expect(message).toBe('Device "front_door": thing must be home-front_door, not "b-front_door".');
});
