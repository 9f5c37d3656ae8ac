import { describe, expect, test } from "vitest";
import { HomeError } from "#domain/home-error.ts";
import {
  type Fault,
  parseFault,
  parseFaults,
  refuseImpossibleFault,
} from "#house/simulated/faults.ts";

const DEVICES = ["front_door", "hall_lamp", "garage_door", "thermostat", "television"];

const errorOf = (act: () => unknown): HomeError => {
  try {
    act();
  } catch (error) {
    if (error instanceof HomeError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
};

describe("faults", () => {
  // REQ: faults
  test.each<[string, Fault]>([
    ["silent", { kind: "silent" }],
    ["slow:3000", { kind: "slow", addedMs: 3000 }],
    ["slow:0", { kind: "slow", addedMs: 0 }],
    ["refuse", { kind: "refuse" }],
    ["offline", { kind: "offline" }],
    ["duplicate", { kind: "duplicate" }],
    ["jammed", { kind: "jammed" }],
    ["springs_back:700", { kind: "springs_back", afterMs: 700 }],
    ["coarse", { kind: "coarse" }],
  ])("%s is a fault", (text, fault) => {
    expect(parseFault(text)).toEqual(fault);
  });

  test.each([
    ["slow", "e.g. slow:3000"],
    ["slow:", "e.g. slow:3000"],
    ["slow:soon", "e.g. slow:3000"],
    ["slow:-1", "e.g. slow:3000"],
    ["slow:1.5", "e.g. slow:3000"],
    ["slow:600001", "from 0 to 600000"],
    ["slow:1:2", "e.g. slow:3000"],
    ["springs_back", "e.g. springs_back:700"],
    ["silent:1", 'just "silent"'],
    ["silence", "Did you mean silent?"],
    ["slwo:20", "Did you mean slow:MS?"],
    [
      "explode",
      "Known: silent, slow:MS, refuse, offline, duplicate, jammed, springs_back:MS, coarse.",
    ],
    ["constructor", "Known: silent"],
  ])("%s is none, and the message says what is", (text, hint) => {
    const error = errorOf(() => parseFault(text));

    expect(error.code).toBe("ArgumentsInvalid");
    expect(error.message).toContain(text);
    expect(error.message).toContain(hint);
  });

  test("a list gives each device its fault, whatever the case and the spaces", () => {
    const faults = parseFaults(
      " hall_lamp=silent, Front Door=refuse,thermostat = slow:20 ",
      DEVICES,
    );

    expect(faults).toEqual({
      hall_lamp: { kind: "silent" },
      front_door: { kind: "refuse" },
      thermostat: { kind: "slow", addedMs: 20 },
    });
  });

  test("the empty list is no fault", () => {
    expect(parseFaults("", DEVICES)).toEqual({});
    expect(parseFaults("  ", DEVICES)).toEqual({});
  });

  test("an unknown device is refused with the closest ones", () => {
    const error = errorOf(() => parseFaults("hall_lmap=silent", DEVICES));

    expect(error.code).toBe("DeviceUnknown");
    expect(error.closest).toEqual(["hall_lamp"]);
    expect(error.message).toContain('"hall_lmap"');
    expect(error.message).toContain("silent, slow:MS, refuse, offline, duplicate, jammed");
  });

  test("a name that every object has is no device", () => {
    expect(errorOf(() => parseFaults("__proto__=silent", DEVICES)).code).toBe("DeviceUnknown");
    expect(errorOf(() => parseFaults("constructor=silent", DEVICES)).code).toBe("DeviceUnknown");
  });

  test.each([
    ["hall_lamp", '"hall_lamp" must be DEVICE=KIND'],
    ["hall_lamp=", '"hall_lamp=" must be DEVICE=KIND'],
    ["=silent", '"=silent" must be DEVICE=KIND'],
    ["hall_lamp=silent=now", '"hall_lamp=silent=now" must be DEVICE=KIND'],
    ["hall_lamp=silent,", '"" must be DEVICE=KIND'],
    ["hall_lamp=silent,hall_lamp=refuse", "hall_lamp has two faults"],
    ["hall_lamp=sleepy", '"sleepy"'],
  ])("%s is refused by name", (text, hint) => {
    const error = errorOf(() => parseFaults(text, DEVICES));

    expect(error.code).toBe("ArgumentsInvalid");
    expect(error.message).toContain(hint);
  });

  test("only locks and covers can be jammed", () => {
    const jammed = { kind: "jammed" } as const;

    expect(refuseImpossibleFault({ id: "front_door", kind: "lock" }, jammed)).toBeUndefined();
    expect(refuseImpossibleFault({ id: "garage_door", kind: "cover" }, jammed)).toBeUndefined();
    const error = errorOf(() => refuseImpossibleFault({ id: "hall_lamp", kind: "light" }, jammed));
    expect(error.code).toBe("ArgumentsInvalid");
    expect(error.message).toContain("hall_lamp is a light");
  });
});
