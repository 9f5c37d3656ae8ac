import { expect, test } from "vitest";
import { parseMemberships } from "#domain/access/membership.ts";
import { parseHome } from "#domain/home/home.ts";
import { parseHomeId } from "#domain/home/home-id.ts";
import { HALL } from "../../support/hall.ts";
import { codeOf, messageOf } from "../code-of.ts";
import { placeOf } from "./two-halls.ts";

const NOW_MS = Date.parse("2026-11-27T22:00:00Z");

const inA = {
  ...HALL,
  devices: HALL.devices.map((device) =>
    device.id === "front_door" ? { ...device, v: 1, thing: "b-front_door" } : device,
  ),
};

test("attempt 20: a record of one home that names a thing of another makes the home unreadable, and is named", () => {
  const read = () => parseHome(inA, placeOf("a"));

  expect(codeOf(read)).toBe("DeviceInvalid");
  expect(messageOf(read)).toBe(
    'Device "front_door": thing must be a-front_door, not "b-front_door".',
  );
});

test.each([
  "a_b-front_door",
  "dev-a-front_door",
  "a-hall_lamp",
  "front_door",
  "",
  null,
  ["a-front_door"],
])("attempt 20: nor may it name %j", (thing) => {
  const devices = [{ ...HALL.devices[0], thing }];

  expect(codeOf(() => parseHome({ devices, scenes: [] }, placeOf("a")))).toBe("DeviceInvalid");
});

test.each([
  "a#RUN",
  "a-b",
  "A",
  "ä",
  "",
  "abcdefghijklmnopqrstuvwxy",
  "all",
  "__proto__",
  ["a"],
  "a\u200b",
])("attempt 22: %j is no home's id", (id) => {
  expect(codeOf(() => parseHomeId(id))).toBe("HomeInvalid");
});

const member = { SK: "HOME#b", v: 1, home: "b", role: "resident", name: "Cabin" };

test.each([
  ["role admin", { role: "admin" }],
  ["role constructor", { role: "constructor" }],
  ["no role", { role: undefined }],
  ["the key of another home", { home: "a" }],
  ["a time that has passed", { expiresAt: NOW_MS / 1000 }],
  ["another version", { v: 2 }],
])("attempt 26: a membership with %s gives nothing", (_, more) => {
  expect(parseMemberships([{ ...member, ...more }], NOW_MS)).toEqual({
    homes: [],
    isOperatorOfAll: false,
  });
});

test("attempt 26: and as it should be it gives the home", () => {
  expect(parseMemberships([member], NOW_MS).homes).toEqual([
    { home: "b", role: "resident", name: "Cabin" },
  ]);
});
