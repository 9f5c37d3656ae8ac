import { expect, test } from "vitest";
import type { Capabilities, FoundDevice } from "#bridges/core/bridge.ts";
import { eitherOr } from "#bridges/core/scale.ts";
import { parseDevice } from "#domain/home/device.ts";
import type { Home } from "#domain/home/home.ts";
import { parseHomeId } from "#domain/home/home-id.ts";
import { joiningDevice } from "../../../scripts/bridge/joining-device.ts";

const PLACE: Home["place"] = { home: parseHomeId("home"), thingPrefix: "" };
const HOME: Home = {
  place: PLACE,
  devices: [
    parseDevice(
      { v: 1, id: "kitchen_coffee", name: "Kitchen coffee", kind: "plug", room: "Kitchen" },
      PLACE,
    ),
  ],
  scenes: [],
  groups: [],
  floors: [],
};
const PLUG: Capabilities = {
  kind: "plug",
  fields: { on: eitherOr("ON", "OFF") },
  senses: [],
  isSleepy: false,
  evidence: "read",
};
const called = (name: string): FoundDevice => ({
  address: "0x1",
  name,
  room: "kitchen",
  groups: [],
  isOnline: true,
  capabilities: PLUG,
});

test.each([
  ["a name that is taken", "kitchen/coffee", "DeviceExists"],
  ["a name that makes no id", "7", "DeviceInvalid"],
  ["a name that nobody can see", "lamp\u202e", "DeviceInvalid"],
])("%s keeps a device of a hub from joining, and no other", (_what, name, code) => {
  expect(joiningDevice(HOME, called(name), PLUG, {})).toMatchObject({ name: "HomeError", code });
  expect(joiningDevice(HOME, called(name), PLUG, { as: "Grinder" })).toMatchObject({
    id: "grinder",
    name: "Grinder",
    room: "Kitchen",
    windowSeconds: 8,
  });
});
