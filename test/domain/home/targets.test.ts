import { describe, expect, test } from "vitest";
import { type Home, parseHome } from "#domain/home/home.ts";
import { resolveDevices, resolveTarget } from "#domain/home/targets.ts";
import { AT_HOME } from "../../support/at-home.ts";
import { codeOf, messageOf } from "../code-of.ts";

const device = (id: string, room: string, more: object = {}) => ({
  v: 1,
  id,
  name: id.replaceAll("_", " "),
  kind: "light",
  room,
  ...more,
});
const DEVICES = [
  device("hall_lamp", "Hall", { labels: ["night light"] }),
  device("kitchen_light", "Kitchen"),
  device("bedside_lamp", "Bedroom", { labels: ["night light"] }),
  device("garage_door", "Garage", { kind: "cover", aliases: ["garage"] }),
  device("garage_lamp", "Garage"),
];
const group = (id: string, ...members: readonly string[]) => ({ v: 1, id, name: id, members });
const homeOf = (more: object = {}): Home =>
  parseHome({ devices: DEVICES, scenes: [], ...more }, AT_HOME);
const home = homeOf({
  groups: [
    group("lamps", "hall_lamp", "bedside_lamp"),
    group("everything", "lamps", "kitchen_light", "hall_lamp"),
  ],
  floors: [
    {
      v: 1,
      id: "downstairs",
      name: "Downstairs",
      aliases: ["ground floor"],
      rooms: ["Hall", "Kitchen"],
    },
  ],
});

describe("what a name means", () => {
  test.each([
    ["hall lamp", "device", ["hall_lamp"]],
    ["Kitchen", "room", ["kitchen_light"]],
    ["lamps", "group", ["hall_lamp", "bedside_lamp"]],
    ["everything", "group", ["hall_lamp", "kitchen_light", "bedside_lamp"]],
    ["ground floor", "floor", ["hall_lamp", "kitchen_light"]],
    ["Night light", "label", ["hall_lamp", "bedside_lamp"]],
    ["garage", "device", ["garage_door"]],
    ["room:garage", "room", ["garage_door", "garage_lamp"]],
  ])("%s is a %s", (name, kind, devices) => {
    const target = resolveTarget(name, home, "Try again.");

    expect(target.kind).toBe(kind);
    expect(target.devices).toEqual(devices);
  });

  test("several names mean each device once", () => {
    expect(resolveDevices(["everything", "garage", "hall lamp"], home, "")).toEqual([
      "hall_lamp",
      "kitchen_light",
      "bedside_lamp",
      "garage_door",
    ]);
  });

  test("a name that is a room's and a label's is asked back, and both can be said", () => {
    const both = homeOf({
      devices: [...DEVICES, device("desk_lamp", "Study", { labels: ["Kitchen"] })],
    });

    const ask = () => resolveTarget("kitchen", both, "");

    expect(codeOf(ask)).toBe("NameAmbiguous");
    expect(messageOf(ask)).toContain("room:Kitchen, label:Kitchen");
    expect(resolveTarget("label:kitchen", both, "").devices).toEqual(["desk_lamp"]);
  });

  test("a slip of the finger is forgiven to what only looks", () => {
    expect(resolveTarget("kitchen lihgt", home, "", { forgives: true }).devices).toEqual([
      "kitchen_light",
    ]);
    expect(codeOf(() => resolveTarget("kitchen lihgt", home, ""))).toBe("DeviceUnknown");
  });

  // REQ: ambiguous-names
  test("a word of several devices is asked back with their rooms", () => {
    const ask = () => resolveTarget("lamp", home, "", { forgives: true });

    expect(codeOf(ask)).toBe("NameAmbiguous");
    expect(messageOf(ask)).toBe(
      '"lamp" matches 3 devices: hall lamp (Hall), bedside lamp (Bedroom), garage lamp (Garage). Ask the user which, or name a room. Nothing was changed.',
    );
  });

  test("an unknown one is told with the closest", () => {
    const ask = () => resolveTarget("dwonstairs", home, "Try again.");

    expect(codeOf(ask)).toBe("DeviceUnknown");
    expect(messageOf(ask)).toContain('Closest: "downstairs"');
  });
});

describe("groups and floors that are none", () => {
  test.each([
    [
      { groups: [group("a", "b"), group("b", "a")] },
      "GroupInvalid",
      "A group holds itself: a > b > a.",
    ],
    [{ groups: [group("a", "a")] }, "GroupInvalid", "A group holds itself: a > a."],
    [{ groups: [group("a", "no_lamp")] }, "GroupInvalid", '"no_lamp" is no device and no group.'],
    [{ groups: [group("hall_lamp", "kitchen_light")] }, "GroupInvalid", "a device has this id."],
    [
      {
        floors: [
          { v: 1, id: "up", name: "Up", rooms: ["Hall"] },
          { v: 1, id: "down", name: "Down", rooms: ["Hall"] },
        ],
      },
      "FloorInvalid",
      'The room "Hall" is on up and on down.',
    ],
  ])("%j", (more, code, told) => {
    const parse = () => homeOf(more);

    expect(codeOf(parse)).toBe(code);
    expect(messageOf(parse)).toContain(told);
  });
});
