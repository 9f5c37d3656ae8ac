import { describe, expect, test } from "vitest";
import { type Act, act } from "#bridges/core/act.ts";
import type { Capabilities, ReadAnswer, SetAnswer } from "#bridges/core/bridge.ts";
import { eitherOr, numbers } from "#bridges/core/scale.ts";

const LAMP: Capabilities = {
  kind: "light",
  fields: {
    on: eitherOr("ON", "OFF"),
    brightness: numbers({
      least: 1,
      most: 100,
      unit: "%",
      toDevice: (percent) => Math.round(percent * 2.54),
      toHome: (level) => Math.round(level / 2.54),
      slack: 1,
    }),
  },
  senses: [],
  isSleepy: false,
  evidence: "read",
};
const PLUG: Capabilities = { ...LAMP, kind: "plug", fields: { on: eitherOr("ON", "OFF") } };
const LOCK: Capabilities = {
  ...LAMP,
  kind: "lock",
  fields: { locked: eitherOr("LOCK", "UNLOCK") },
};

const values = (held: Record<string, number | string>, more = {}): ReadAnswer => ({
  said: "values",
  values: held,
  ...more,
});
const silent: ReadAnswer = { said: "nothing", reason: "UNREACHABLE", detail: "no answer" };

/** One command to a device that answers each look with the next of these, and then with the last. */
const acting = async (
  looks: readonly ReadAnswer[],
  more: Partial<Act> & { readonly told?: SetAnswer } = {},
) => {
  const sets: unknown[] = [];
  const found: unknown[] = [];
  let count = 0;
  const answer = await act({
    bridge: {
      set: async (_address, asked) => {
        sets.push(asked);
        return more.told ?? { said: "taken" };
      },
      read: async () => {
        const next = looks[Math.min(count, looks.length - 1)] ?? silent;
        count += 1;
        return next;
      },
    },
    address: "0x1",
    kind: "plug",
    capabilities: PLUG,
    asked: { on: false },
    transitionSeconds: 0,
    answerByMs: Date.now() + 800,
    expiresAtMs: Date.now() + 30_000,
    isOver: new AbortController().signal,
    said: {},
    onFound: async (values_) => {
      found.push(values_);
    },
    bell: () => new Promise(() => {}),
    ...more,
  });
  return { answer, sets, found };
};

describe("a device is as asked", () => {
  // REQ: bridge-evidence
  test("when it says so itself after it was told, and not before", async () => {
    const { answer, sets, found } = await acting([
      values({ on: "ON" }),
      values({ on: "ON" }),
      values({ on: "OFF" }),
    ]);

    expect(answer).toEqual({ status: "SUCCEEDED", reason: null, values: { on: false } });
    expect(sets).toEqual([{ on: false }]);
    expect(found).toEqual([{ on: true }]);
  });

  test("already, when it says so before it is told: it is told nothing", async () => {
    const { answer, sets } = await acting([values({ on: "OFF" })]);

    expect(answer).toMatchObject({ status: "SUCCEEDED" });
    expect(sets).toEqual([]);
  });

  test("on its way: what fades is told also where it is there just now", async () => {
    const { sets } = await acting([values({ on: "ON", brightness: 102 })], {
      kind: "light",
      capabilities: LAMP,
      asked: { on: true, brightness: 40 },
    });

    expect(sets).toEqual([{ on: true, brightness: 40 }]);
  });

  // REQ: bridge-own-units
  test("by its own steps, and the number that was asked is reported back", async () => {
    const { answer } = await acting(
      [values({ on: "ON", brightness: 254 }), values({ on: "ON", brightness: 26 })],
      { kind: "light", capabilities: LAMP, asked: { on: true, brightness: 10 } },
    );

    expect(answer.values).toEqual({ on: true, brightness: 10 });
  });

  test("by its own word, where its hub can tell that word from the radio's", async () => {
    const { answer } = await acting([values({ on: "ON" })], { told: { said: "done" } });

    expect(answer).toEqual({ status: "SUCCEEDED", reason: null, values: { on: false } });
  });
});

describe("what is asked is told, and nothing else", () => {
  // REQ: bridge-asked-only
  test("a lamp that is told off gets no brightness beside it", async () => {
    const { sets } = await acting(
      [values({ on: "ON", brightness: 203 }), values({ on: "OFF", brightness: 1 })],
      { kind: "light", capabilities: LAMP, said: { on: true, brightness: 80 } },
    );

    expect(sets).toEqual([{ on: false }]);
  });

  test.each([
    [
      "a value beyond the device's range",
      { on: true, brightness: 101 },
      "brightness must be 1-100 %",
    ],
    ["a field that this device has not", { on: true, hue: 20 }, "it has no hue"],
  ])("%s is refused before anything is told", async (_what, asked, detail) => {
    const { answer, sets } = await acting([values({ on: "ON" })], {
      kind: "light",
      capabilities: LAMP,
      asked,
    });

    expect(answer).toMatchObject({ status: "FAILED", reason: "INVALID_STATE" });
    expect(answer.detail).toContain(detail);
    expect(sets).toEqual([]);
  });
});

describe("what is not done is told as what it is", () => {
  // REQ: bridge-asleep
  test("a device that does not answer the first look is told nothing: UNREACHABLE", async () => {
    const { answer, sets } = await acting([silent]);

    expect(answer).toMatchObject({ status: "REJECTED", reason: "UNREACHABLE" });
    expect(sets).toEqual([]);
  });

  test("a device that falls silent after it was told: UNREACHABLE", async () => {
    const { answer } = await acting([values({ on: "ON" }), silent]);

    expect(answer).toMatchObject({ status: "FAILED", reason: "UNREACHABLE", values: { on: true } });
  });

  test("a device that answers and stays otherwise: NOT_AS_ASKED, with how it is", async () => {
    const { answer } = await acting([values({ on: "ON" })]);

    expect(answer).toMatchObject({
      status: "FAILED",
      reason: "NOT_AS_ASKED",
      values: { on: true },
    });
  });

  test("a device that refuses is asked once more, and then it is DEVICE_REFUSED", async () => {
    const { answer } = await acting([values({ on: "ON" })], {
      told: { said: "failed", reason: "DEVICE_REFUSED", detail: "status 0x87" },
    });

    expect(answer).toMatchObject({
      status: "FAILED",
      reason: "DEVICE_REFUSED",
      detail: "status 0x87",
    });
  });

  test("a refusal that was none, because the device is as asked, is a success", async () => {
    const { answer } = await acting([values({ on: "ON" }), values({ on: "OFF" })], {
      told: { said: "failed", reason: "UNREACHABLE", detail: "no answer to the frame" },
    });

    expect(answer).toMatchObject({ status: "SUCCEEDED" });
  });

  test("a bolt that stays between: JAMMED", async () => {
    const { answer } = await acting(
      [values({ locked: "UNLOCK" }), values({}, { isJammed: true })],
      { kind: "lock", capabilities: LOCK, asked: { locked: true } },
    );

    expect(answer).toMatchObject({ status: "FAILED", reason: "JAMMED", values: { jammed: true } });
  });

  test("a device that nobody can ask: NOT_VERIFIABLE, though it was told", async () => {
    const { answer, sets } = await acting([silent], {
      capabilities: { ...PLUG, evidence: "none" },
    });

    expect(answer).toMatchObject({ status: "FAILED", reason: "NOT_VERIFIABLE" });
    expect(sets).toEqual([{ on: false }]);
  });

  test("a command whose time is over after the first look is not begun: EXPIRED", async () => {
    const { answer, sets } = await acting([values({ on: "ON" })], {
      answerByMs: Date.now() - 31_000,
      expiresAtMs: Date.now() - 1000,
    });

    expect(answer).toMatchObject({ status: "REJECTED", reason: "EXPIRED" });
    expect(sets).toEqual([]);
  });
});

test("a newer command ends the wait at once", async () => {
  const over = new AbortController();
  const waiting = acting([values({ on: "ON" })], { isOver: over.signal });

  over.abort(new Error("superseded"));

  await expect(waiting).rejects.toThrow();
});
