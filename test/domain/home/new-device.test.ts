import { describe, expect, test } from "vitest";
import { parseHome } from "#domain/home/home.ts";
import { newDevice } from "#domain/home/new-device.ts";
import { AT_HOME } from "../../support/at-home.ts";
import { codeOf, messageOf } from "../code-of.ts";

const HOME = parseHome(
  {
    devices: [
      { id: "hall_lamp", name: "Hall lamp", aliases: ["hall light"], kind: "light", room: "Hall" },
      { id: "tv", name: "Television", kind: "media", room: "Living room" },
    ],
    scenes: [],
  },
  AT_HOME,
);
const EMPTY = { place: AT_HOME, devices: [], scenes: [], groups: [], floors: [] };

describe("a device that joins", () => {
  // REQ: add-device
  test("by its name gets an id made of the name's words, and its thing is called so", () => {
    const device = newDevice(HOME, { name: "Porch lamp", kind: "light", room: "Porch" });

    expect(device).toEqual({
      id: "porch_lamp",
      name: "Porch lamp",
      aliases: [],
      kind: "light",
      room: "Porch",
      thing: "home-porch_lamp",
    });
  });

  test("by its id gets a name that people can say", () => {
    const device = newDevice(HOME, { name: "porch_lamp", kind: "light", room: "Porch" });

    expect(device).toMatchObject({ id: "porch_lamp", name: "Porch lamp" });
  });

  test("with accents in its name has an id without them", () => {
    const device = newDevice(HOME, { name: "Lámpara del baño", kind: "light", room: "Baño" });

    expect(device).toMatchObject({ id: "lampara_del_bano", name: "Lámpara del baño" });
  });

  test("keeps other names and its own window", () => {
    const device = newDevice(HOME, {
      name: "Gate",
      kind: "cover",
      room: "Garden",
      aliases: ["garden gate"],
      windowSeconds: 45,
    });

    expect(device).toMatchObject({ aliases: ["garden gate"], windowSeconds: 45 });
  });

  test("joins a room that the home knows, however it is written", () => {
    const device = newDevice(HOME, { name: "Lamp", kind: "light", room: "living ROOM" });

    expect(device.room).toBe("Living room");
  });

  test("may be the first of its home", () => {
    expect(newDevice(EMPTY, { name: "Lamp", kind: "light", room: "Hall" }).id).toBe("lamp");
  });
});

describe("a device that cannot join is refused", () => {
  test.each([
    ["an id that is taken", { name: "hall_lamp" }, "DeviceExists", "hall_lamp"],
    ["a name that is taken, in other letters", { name: "HALL LAMP" }, "DeviceExists", "hall_lamp"],
    ["a name that is another's alias", { name: "Hall Light" }, "DeviceExists", "hall_lamp"],
    ["an alias that is taken", { aliases: ["television"] }, "DeviceExists", "tv"],
    ["an alias that is another's id", { aliases: ["TV"] }, "DeviceExists", "tv"],
    ["a name without a letter", { name: "7" }, "DeviceInvalid", '"7"'],
    ["an empty name", { name: "" }, "DeviceInvalid", '""'],
    ["a name of other letters only", { name: "лампа" }, "DeviceInvalid", "лампа"],
    ["a kind that is none", { kind: "lamp" }, "DeviceInvalid", "kind"],
    ["a room without a name", { room: "" }, "DeviceInvalid", "room"],
    ["a window beyond what a run can wait", { windowSeconds: 999 }, "DeviceInvalid", "window"],
    ["a name with hidden characters", { name: "Porch\u202e lamp" }, "DeviceInvalid", "name"],
    ["a name that is too long", { name: `L${"a".repeat(70)}` }, "DeviceInvalid", "id"],
  ])("%s", (_, wrong, code, culprit) => {
    const join = () =>
      newDevice(HOME, { name: "Porch lamp", kind: "light", room: "Porch", ...wrong });

    expect(codeOf(join)).toBe(code);
    expect(messageOf(join)).toContain(culprit);
  });
});
