import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Acknowledgement,
  acknowledgementOf,
  isConfirmation,
  type SentStage,
  stageProgress,
} from "#domain/run/acknowledgement.ts";
import type { PlannedCommand } from "#domain/run/plan.ts";
import {
  answer,
  DOOR_LOCKED,
  FRONT_DOOR,
  HALL_LAMP,
  LAMP_OFF,
  RUN,
  SENT_AT_MS,
  sent,
} from "../goodnight.ts";

test("an acknowledgement is found by its thing, its run and its stage", () => {
  const all = [LAMP_OFF, DOOR_LOCKED];

  expect(acknowledgementOf(FRONT_DOOR, RUN, 0, all)).toBe(DOOR_LOCKED);
  expect(acknowledgementOf(FRONT_DOOR, RUN, 1, all)).toBeUndefined();
  expect(acknowledgementOf(FRONT_DOOR, "run_zzzzzzzzzzzzzzzzzzzz", 0, all)).toBeUndefined();
  expect(acknowledgementOf({ thing: "home-alarm" }, RUN, 0, all)).toBeUndefined();
});

test.each([
  ["the wish, and says so", answer("t", 0, { lock: { locked: true } }), true],
  ["something else", answer("t", 0, { lock: { locked: false } }), false],
  ["nothing of it", answer("t", 0, { online: true }), false],
  [
    "the wish, but says it failed",
    answer("t", 0, { lock: { locked: true } }, { status: "FAILED" }),
    false,
  ],
  [
    "the wish, but says it refused",
    answer("t", 0, { lock: { locked: true } }, { status: "REJECTED" }),
    false,
  ],
])("a device that reports %s: confirmed %s", (_, acknowledgement, confirmed) => {
  expect(isConfirmation(acknowledgement, FRONT_DOOR)).toBe(confirmed);
});

describe("a stage", () => {
  const COMMANDS = [FRONT_DOOR, HALL_LAMP];
  const progress = (
    acknowledgements: readonly Acknowledgement[],
    afterMs: number,
    out: SentStage = sent(0),
    commands: readonly PlannedCommand[] = COMMANDS,
  ) => stageProgress(RUN, commands, out, acknowledgements, SENT_AT_MS + afterMs);

  test("of which nothing is heard waits for the longest window", () => {
    expect(progress([], 0)).toEqual({
      acknowledged: [],
      pending: ["front_door", "hall_lamp"],
      isOver: false,
      remainingMs: 10_000,
      isGateOpen: false,
    });
  });

  test("waits no longer for a window that belongs to a device that answered", () => {
    expect(progress([DOOR_LOCKED], 500)).toEqual({
      acknowledged: ["front_door"],
      pending: ["hall_lamp"],
      isOver: false,
      remainingMs: 1500,
      isGateOpen: true,
    });
  });

  test("is over at once when all have answered", () => {
    expect(progress([DOOR_LOCKED, LAMP_OFF], 500)).toEqual({
      acknowledged: ["front_door", "hall_lamp"],
      pending: [],
      isOver: true,
      remainingMs: 0,
      isGateOpen: true,
    });
  });

  test.each([
    [9999, false, 1],
    [10_000, true, 0],
    [10_001, true, 0],
  ])(
    "%d ms after sending with a window of 10 s is over: %s, %d ms remain",
    (afterMs, isOver, remainingMs) => {
      expect(progress([LAMP_OFF], afterMs)).toMatchObject({
        isOver,
        remainingMs,
        isGateOpen: false,
      });
    },
  );

  test("keeps its gate shut when the required device refused", () => {
    const refused = answer("home-front_door", 0, { lock: { locked: false } }, { status: "FAILED" });

    expect(progress([refused, LAMP_OFF], 500)).toMatchObject({ isOver: true, isGateOpen: false });
  });

  test("opens its gate though a device that is not required is silent", () => {
    expect(progress([DOOR_LOCKED], 2000)).toMatchObject({
      isOver: true,
      pending: ["hall_lamp"],
      isGateOpen: true,
    });
  });

  test("opens its gate to a required device that was late, while another was waited for", () => {
    const late = answer("home-front_door", 0, { lock: { locked: true } }, { afterMs: 10_500 });

    expect(progress([late, LAMP_OFF], 11_000)).toMatchObject({ isOver: true, isGateOpen: true });
  });

  test("without required devices has an open gate", () => {
    expect(progress([], 0, sent(0), [HALL_LAMP])).toMatchObject({
      isOver: false,
      isGateOpen: true,
    });
  });

  test("does not wait for a device that was not commanded, and its gate stays shut", () => {
    const out = sent(0, [{ device: "front_door", reason: "THROTTLED" }]);

    expect(progress([LAMP_OFF], 500, out)).toEqual({
      acknowledged: ["hall_lamp"],
      pending: [],
      isOver: true,
      remainingMs: 0,
      isGateOpen: false,
    });
  });

  test("believes an answer more than a publish that seemed to fail", () => {
    const out = sent(0, [{ device: "front_door", reason: "THROTTLED" }]);

    expect(progress([DOOR_LOCKED, LAMP_OFF], 500, out)).toMatchObject({
      acknowledged: ["front_door", "hall_lamp"],
      isGateOpen: true,
    });
  });

  test("does not hear answers to another stage", () => {
    const other = answer("home-front_door", 1, { lock: { locked: true } });

    expect(progress([other], 0)).toMatchObject({ acknowledged: [], isGateOpen: false });
  });

  test("judges the first of two answers, as everywhere", () => {
    const refused = answer("home-front_door", 0, {}, { status: "FAILED" });

    expect(progress([refused, DOOR_LOCKED], 500).isGateOpen).toBe(false);
    expect(progress([DOOR_LOCKED, refused], 500).isGateOpen).toBe(true);
  });
});

const anyAnswer = fc
  .record({
    thing: fc.constantFrom("home-front_door", "home-hall_lamp", "home-alarm"),
    stage: fc.constantFrom(0, 1),
    locked: fc.boolean(),
    status: fc.constantFrom("SUCCEEDED" as const, "FAILED" as const, "REJECTED" as const),
  })
  .map(({ thing, stage, locked, status }) =>
    answer(thing, stage, { lock: { locked }, light: { on: false } }, { status }),
  );
const anySent = fc.subarray(["front_door", "hall_lamp"]).map((devices) =>
  sent(
    0,
    devices.map((device) => ({ device, reason: "THROTTLED" })),
  ),
);

test("as time passes and answers come in, nothing is un-acknowledged and no wait grows", () => {
  fc.assert(
    fc.property(
      fc.array(anyAnswer, { maxLength: 6 }),
      fc.array(anyAnswer, { maxLength: 6 }),
      anySent,
      fc.nat(20_000),
      fc.nat(20_000),
      (first, more, out, nowMs, laterMs) => {
        const commands = [FRONT_DOOR, HALL_LAMP];
        const at = SENT_AT_MS + nowMs;

        const now = stageProgress(RUN, commands, out, first, at);
        const later = stageProgress(RUN, commands, out, [...first, ...more], at + laterMs);

        expect(later.acknowledged).toEqual(expect.arrayContaining([...now.acknowledged]));
        expect(now.pending).toEqual(expect.arrayContaining([...later.pending]));
        expect(later.remainingMs).toBeLessThanOrEqual(now.remainingMs);
        if (now.isOver) expect(later.isOver).toBe(true);
        if (now.isGateOpen) expect(later.isGateOpen).toBe(true);
      },
    ),
  );
});
