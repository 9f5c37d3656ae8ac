import { describe, expect, test } from "vitest";
import type { Order } from "#house/contract/command-inbox.ts";
import { actingTimeMs, carryOut } from "#house/simulated/carry-out.ts";

const HEADER = { id: "r.0", run: "r", stage: 0, expiresAt: 1000, transitionSeconds: 0 };

const order = (wanted: Order["wanted"], header = HEADER): Order => ({
  id: "r.0",
  command: { ...header },
  header,
  wanted,
  isGuess: false,
});

describe("acting", () => {
  test("the wanted values are taken on, and the others kept", () => {
    const answer = carryOut(
      { id: "thermostat", kind: "climate" },
      { mode: "heat", targetC: 21, currentC: 20.8 },
      order({ climate: { mode: "heat", targetC: 17.5 } }),
      undefined,
    );

    expect(answer).toEqual({
      status: "SUCCEEDED",
      reason: null,
      values: { mode: "heat", targetC: 17.5, currentC: 20.8 },
    });
  });

  test.each([
    ["a value out of range", { light: { on: true, brightness: 300 } }, "brightness must be 0-100"],
    ["a toggle", { light: { toggle: true } }, "toggle is not accepted"],
    ["another kind's capability", { lock: { locked: false } }, "it is a light"],
    ["a second capability", { light: { on: true }, plug: { on: true } }, '"plug"'],
    ["no object", { light: "on" }, "must be an object"],
    ["a field that it does not have", { light: { on: true, colour: "red" } }, 'no "colour"'],
  ])("%s fails with a reason, and the state stays", (_what, wanted, detail) => {
    const answer = carryOut({ id: "hall_lamp", kind: "light" }, { on: false }, order(wanted), {
      kind: "duplicate",
    });

    expect(answer).toMatchObject({
      status: "FAILED",
      reason: "INVALID_STATE",
      values: { on: false },
    });
    expect(answer.detail).toContain(detail);
  });

  test.each([
    [
      "light",
      { on: true, brightness: 40, colorTempK: 2700 },
      { on: true, brightness: 40, colorTempK: 2703 },
    ],
    ["light", { on: true, brightness: 1 }, { on: true, brightness: 1 }],
    ["climate", { mode: "heat", targetC: 17.8 }, { mode: "heat", targetC: 18 }],
  ] as const)("a coarse %s that is wanted %j becomes %j", (kind, wanted, values) => {
    const answer = carryOut({ id: "it", kind }, {}, order({ [kind]: wanted }), { kind: "coarse" });

    expect(answer).toEqual({ status: "SUCCEEDED", reason: null, values });
  });

  test("a device that refuses stays as it is", () => {
    const answer = carryOut(
      { id: "front_door", kind: "lock" },
      { locked: false },
      order({ lock: { locked: true } }),
      { kind: "refuse" },
    );

    expect(answer).toEqual({
      status: "REJECTED",
      reason: "LOCAL_OVERRIDE",
      values: { locked: false },
    });
  });

  test("a jammed cover says so, and the jam is gone once it moves again", () => {
    const garage = { id: "garage_door", kind: "cover" } as const;
    const close = order({ cover: { position: 0 } });

    const jammed = carryOut(garage, { position: 100 }, close, { kind: "jammed" });
    const freed = carryOut(garage, jammed.values, close, undefined);

    expect(jammed).toEqual({
      status: "FAILED",
      reason: "JAMMED",
      values: { position: 100, jammed: true },
    });
    expect(freed).toEqual({ status: "SUCCEEDED", reason: null, values: { position: 0 } });
  });
});

describe("the time of acting", () => {
  const fading = { ...HEADER, transitionSeconds: 2 };

  test.each<[string, Parameters<typeof actingTimeMs>, number]>([
    [
      "a lamp switches in its latency, whatever the fade",
      [{ kind: "light" }, order({ light: { on: false } }, fading), 50, undefined],
      50,
    ],
    [
      "a dimmer fades first",
      [{ kind: "light" }, order({ light: { on: false, brightness: 40 } }, fading), 50, undefined],
      2050,
    ],
    [
      "a cover does not fade",
      [{ kind: "cover" }, order({ cover: { position: 0 } }, fading), 700, undefined],
      700,
    ],
    [
      "a slow device takes longer by what the fault adds",
      [{ kind: "plug" }, order({ plug: { on: true } }), 50, { kind: "slow", addedMs: 3000 }],
      3050,
    ],
  ])("%s", (_what, args, ms) => {
    expect(actingTimeMs(...args)).toBe(ms);
  });
});
