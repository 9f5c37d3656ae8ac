import { expect, test } from "vitest";
import { isWindow, parseDevice } from "#domain/home/device.ts";
import { isName } from "#domain/home/is-name.ts";
import { AT_HOME } from "../../support/at-home.ts";
import { codeOf, messageOf } from "../code-of.ts";
import { UNKNOWN_FORMATS } from "../unknown-formats.ts";

const DOOR = { id: "front_door", name: "Front door", kind: "lock", room: "Hall" };

test("a device without more is a thing of its home and has no other names", () => {
  const device = parseDevice(DOOR, AT_HOME);

  expect(device).toEqual({
    id: "front_door",
    name: "Front door",
    aliases: [],
    kind: "lock",
    room: "Hall",
    thing: "home-front_door",
  });
});

test("a device keeps its aliases, its thing and its window, and nothing that it does not know", () => {
  const device = parseDevice(
    {
      ...DOOR,
      aliases: ["Haustür", "🚪"],
      thing: "home-front_door",
      windowSeconds: 12.5,
      PK: "HOME#home",
    },
    AT_HOME,
  );

  expect(device).toEqual({
    id: "front_door",
    name: "Front door",
    aliases: ["Haustür", "🚪"],
    kind: "lock",
    room: "Hall",
    thing: "home-front_door",
    windowSeconds: 12.5,
  });
});

test("a cover says what it covers, in one of Home Assistant's words, and nothing else does", () => {
  const gate = { id: "gate", name: "Gate", kind: "cover", room: "Garden" };

  expect(parseDevice({ ...gate, deviceClass: "gate" }, AT_HOME)).toMatchObject({
    deviceClass: "gate",
  });
  expect(parseDevice(gate, AT_HOME)).not.toHaveProperty("deviceClass");
  expect(codeOf(() => parseDevice({ ...gate, deviceClass: "portal" }, AT_HOME))).toBe(
    "DeviceInvalid",
  );
  expect(codeOf(() => parseDevice({ ...DOOR, deviceClass: "door" }, AT_HOME))).toBe(
    "DeviceInvalid",
  );
});

test.each([
  ["an id of 64 letters", { ...DOOR, id: "a".repeat(64) }],
  ["an id with digits", { ...DOOR, id: "door_9" }],
  ["its own thing", { ...DOOR, thing: "home-front_door" }],
])("a record with %s is accepted", (_, record) => {
  expect(codeOf(() => parseDevice(record, AT_HOME))).toBeUndefined();
});

test.each([
  ["a text", "front_door"],
  ["null", null],
  ["a list", [DOOR]],
  ["no id", { ...DOOR, id: undefined }],
  ["an id in capitals", { ...DOOR, id: "Front_Door" }],
  ["an id with a space", { ...DOOR, id: "front door" }],
  ["an id with a dash", { ...DOOR, id: "front-door" }],
  ["an id that starts with a digit", { ...DOOR, id: "1_door" }],
  ["an id that starts with _", { ...DOOR, id: "_door" }],
  ["an id that ends with _", { ...DOOR, id: "door_" }],
  ["an id with a line end", { ...DOOR, id: "door\n" }],
  ["an id of 65 letters", { ...DOOR, id: "a".repeat(65) }],
  ["no name", { ...DOOR, name: undefined }],
  ["an empty name", { ...DOOR, name: "" }],
  ["a name with a space at its end", { ...DOOR, name: "Door " }],
  ["a name of 65 letters", { ...DOOR, name: "a".repeat(65) }],
  ["a name of two lines", { ...DOOR, name: "Front\ndoor" }],
  ["a name with a turned direction", { ...DOOR, name: "Front\u202edoor" }],
  ["an unknown kind", { ...DOOR, kind: "door" }],
  ["a kind of every object", { ...DOOR, kind: "constructor" }],
  ["no room", { ...DOOR, room: undefined }],
  ["an empty room", { ...DOOR, room: "" }],
  ["a thing with #", { ...DOOR, thing: "door#1" }],
  ["a thing with /", { ...DOOR, thing: "door/1" }],
  ["an empty thing", { ...DOOR, thing: "" }],
  ["a thing of 129 letters", { ...DOOR, thing: "a".repeat(129) }],
  ["a thing that is a number", { ...DOOR, thing: 1 }],
  ["a window of 0", { ...DOOR, windowSeconds: 0 }],
  ["a window below 0", { ...DOOR, windowSeconds: -1 }],
  ["a window above four minutes", { ...DOOR, windowSeconds: 240.1 }],
  ["a window that is a text", { ...DOOR, windowSeconds: "10" }],
  ["a window that is null", { ...DOOR, windowSeconds: null }],
  ["aliases that are a text", { ...DOOR, aliases: "door" }],
  ["an empty alias", { ...DOOR, aliases: ["door", ""] }],
  ["an alias that is a number", { ...DOOR, aliases: [1] }],
])("a record with %s is refused", (_, record) => {
  expect(codeOf(() => parseDevice(record, AT_HOME))).toBe("DeviceInvalid");
});

test("a refusal names the device and what its member must be", () => {
  const message = messageOf(() => parseDevice({ ...DOOR, kind: "door" }, AT_HOME));

  expect(message).toBe(
    'Device "front_door": kind must be one of light, plug, lock, cover, climate, media, alarm, fan, vacuum, humidifier, sensor.',
  );
});

test.each([
  ["a", true],
  ["a".repeat(64), true],
  ["Größe 1 (links)", true],
  ["چراغ\u200cها", true],
  ["👩\u200d🚀", true],
  ["a".repeat(65), false],
  ["", false],
  [" a", false],
  ["a\t", false],
  ["a\u0000b", false],
  ["a\u2028b", false],
  ["a\u{e0041}b", false],
  ["a\ud800b", false],
  [1, false],
  [undefined, false],
])("%j as a name: %s", (value, accepted) => {
  expect(isName(value)).toBe(accepted);
});

test.each([
  [0.001, true],
  [240, true],
  [0, false],
  [240.001, false],
  [Number.NaN, false],
  [Number.POSITIVE_INFINITY, false],
  ["1", false],
])("%j as a window: %s", (value, accepted) => {
  expect(isWindow(value)).toBe(accepted);
});

test("a device's record may carry its format's number, which is no part of the device", () => {
  expect(parseDevice({ ...DOOR, v: 1 }, AT_HOME)).toEqual(parseDevice(DOOR, AT_HOME));
});

test.each(UNKNOWN_FORMATS)("a device's record of the format %j is refused by name", (v, shown) => {
  const parse = () => parseDevice({ ...DOOR, v }, AT_HOME);

  expect(codeOf(parse)).toBe("FormatUnknown");
  expect(messageOf(parse)).toBe(
    `Device "front_door" has the format ${shown}; this version reads format 1. Use the version that wrote it. Nothing was changed.`,
  );
});

test("a record of another format is refused for that, and not for what else is new in it", () => {
  expect(codeOf(() => parseDevice({ id: "front_door", kinds: ["lock"], v: 2 }, AT_HOME))).toBe(
    "FormatUnknown",
  );
});
