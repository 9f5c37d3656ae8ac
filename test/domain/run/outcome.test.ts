import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Acknowledgement, SentStage } from "#domain/run/acknowledgement.ts";
import { deviceOutcomes, judgeAnswer, type ShadowView } from "#domain/run/outcome.ts";
import {
  ALARM_ARMED,
  answer,
  DOOR_LOCKED,
  FRONT_DOOR,
  GOODNIGHT,
  LAMP_OFF,
  RUN,
  SENT_AT_MS,
  sent,
} from "../goodnight.ts";

const LOCKED = { lock: { locked: true } };
const UNLOCKED = { lock: { locked: false } };

/** How the front door fared, all else being well. */
const door = (
  evidence: {
    readonly acknowledgement?: Acknowledgement;
    readonly shadow?: ShadowView;
    readonly notSent?: SentStage["notSent"];
  } = {},
) =>
  deviceOutcomes({
    run: RUN,
    plan: GOODNIGHT,
    sent: [sent(0, evidence.notSent), sent(1)],
    acknowledgements: [
      LAMP_OFF,
      ALARM_ARMED,
      ...(evidence.acknowledgement === undefined ? [] : [evidence.acknowledgement]),
    ],
    shadows: evidence.shadow === undefined ? {} : { "home-front_door": evidence.shadow },
  }).find((one) => one.device === "front_door");

test("every device is told once, in the plan's order, with what was asked and the evidence", () => {
  const outcomes = deviceOutcomes({
    run: RUN,
    plan: GOODNIGHT,
    sent: [sent(0), sent(1)],
    acknowledgements: [ALARM_ARMED, LAMP_OFF, DOOR_LOCKED],
    shadows: {},
  });

  expect(outcomes.map((one) => [one.device, one.outcome])).toEqual([
    ["front_door", "confirmed"],
    ["hall_lamp", "confirmed"],
    ["alarm", "confirmed"],
  ]);
  expect(outcomes[0]).toEqual({
    device: "front_door",
    name: "Front door",
    stage: 0,
    stageName: "close and lock",
    outcome: "confirmed",
    asked: { lock: { locked: true } },
    before: { lock: { locked: false } },
    after: { lock: { locked: true } },
    askedAtMs: 1_767_391_200_000,
    acknowledgedAtMs: 1_767_391_200_500,
    windowSeconds: 10,
  });
});

describe("an answer", () => {
  test.each([
    ["already_there", answer("home-front_door", 0, LOCKED, { before: LOCKED })],
    ["confirmed", answer("home-front_door", 0, LOCKED, { before: UNLOCKED })],
    ["confirmed", answer("home-front_door", 0, LOCKED)],
    ["confirmed", answer("home-front_door", 0, LOCKED, { before: UNLOCKED, afterMs: 10_000 })],
    ["already_there", answer("home-front_door", 0, LOCKED, { before: LOCKED, afterMs: 10_000 })],
    ["confirmed_late", answer("home-front_door", 0, LOCKED, { before: UNLOCKED, afterMs: 10_001 })],
    ["confirmed_late", answer("home-front_door", 0, LOCKED, { before: LOCKED, afterMs: 10_001 })],
  ])("makes the door %s", (outcome, acknowledgement) => {
    expect(door({ acknowledgement })).toMatchObject({ outcome });
    expect(door({ acknowledgement })).not.toHaveProperty("reason");
  });

  test.each([
    ["JAMMED", answer("home-front_door", 0, UNLOCKED, { status: "FAILED", reason: "JAMMED" })],
    ["JAMMED", answer("home-front_door", 0, LOCKED, { status: "FAILED", reason: "JAMMED" })],
    ["FAILED", answer("home-front_door", 0, UNLOCKED, { status: "FAILED" })],
    ["EXPIRED", answer("home-front_door", 0, LOCKED, { status: "REJECTED", reason: "EXPIRED" })],
    ["REJECTED", answer("home-front_door", 0, UNLOCKED, { status: "REJECTED" })],
    ["REPORTED_OTHERWISE", answer("home-front_door", 0, UNLOCKED)],
    ["REPORTED_OTHERWISE", answer("home-front_door", 0, UNLOCKED, { afterMs: 99_000 })],
    ["REPORTED_OTHERWISE", answer("home-front_door", 0, {}, { reason: "FINE" })],
  ])("makes the door refused, for the reason %s", (reason, acknowledgement) => {
    expect(door({ acknowledgement })).toMatchObject({ outcome: "refused", reason });
  });

  test("is stronger than a publish that seemed to fail", () => {
    const outcome = door({
      acknowledgement: DOOR_LOCKED,
      notSent: [{ device: "front_door", reason: "THROTTLED" }],
    });

    expect(outcome).toMatchObject({ outcome: "confirmed" });
  });

  test("is stronger than what the shadow shows", () => {
    const outcome = door({
      acknowledgement: DOOR_LOCKED,
      shadow: { reported: { online: false }, desiredCommandId: "run_zzzzzzzzzzzzzzzzzzzz.0" },
    });

    expect(outcome).toMatchObject({ outcome: "confirmed" });
  });

  test("to another run, or another stage, is none", () => {
    const other = answer("home-front_door", 1, LOCKED);

    expect(door({ acknowledgement: other })).toMatchObject({ outcome: "timed_out" });
  });

  test("whose time of sending is not known counts as in time", () => {
    const late = answer("home-front_door", 0, LOCKED, { afterMs: 999_000 });

    expect(judgeAnswer(late, FRONT_DOOR)).toEqual({ outcome: "confirmed" });
  });

  test("shows only the values that can be commanded", () => {
    const acknowledgement = answer(
      "home-front_door",
      0,
      { lock: { locked: true, battery: 80 }, online: true },
      { before: { lock: { locked: false, battery: 80 } } },
    );

    expect(door({ acknowledgement })).toMatchObject({ before: UNLOCKED, after: LOCKED });
  });
});

describe("without an answer", () => {
  const OWN = "run_0123456789abcdefghjk.0";
  const OTHER = "run_zzzzzzzzzzzzzzzzzzzz.0";
  const OFFLINE = { lock: { locked: false }, online: false };

  test.each<[string, ShadowView | undefined, object]>([
    ["no shadow", undefined, { outcome: "timed_out" }],
    ["an empty shadow", {}, { outcome: "timed_out" }],
    ["its own command still wished", { desiredCommandId: OWN }, { outcome: "timed_out" }],
    ["online", { reported: { online: true } }, { outcome: "timed_out" }],
    ["offline", { reported: OFFLINE }, { outcome: "offline" }],
    [
      "offline, its own command wished",
      { reported: OFFLINE, desiredCommandId: OWN },
      { outcome: "offline" },
    ],
    ["offline as a text", { reported: { online: "false" } }, { outcome: "timed_out" }],
    [
      "another's command",
      { desiredCommandId: OTHER },
      { outcome: "superseded", reason: `BY ${OTHER}` },
    ],
    [
      "another stage's command",
      { desiredCommandId: "run_0123456789abcdefghjk.1" },
      { outcome: "superseded", reason: "BY run_0123456789abcdefghjk.1" },
    ],
    [
      "offline and superseded",
      { reported: OFFLINE, desiredCommandId: OTHER },
      { outcome: "superseded" },
    ],
    [
      "superseded, not withdrawn",
      { desiredCommandId: OTHER, isNotWithdrawn: true },
      { outcome: "superseded" },
    ],
    ["not withdrawn", { isNotWithdrawn: true }, { outcome: "timed_out", reason: "NOT_WITHDRAWN" }],
    [
      "offline, not withdrawn",
      { reported: OFFLINE, isNotWithdrawn: true },
      { outcome: "timed_out", reason: "NOT_WITHDRAWN" },
    ],
    ["its echo", { reportedCommandId: OWN }, { outcome: "timed_out", reason: "NOT_RECORDED" }],
    [
      "its echo, then superseded",
      { reportedCommandId: OWN, desiredCommandId: OTHER },
      { outcome: "timed_out", reason: "NOT_RECORDED" },
    ],
    [
      "its echo, then offline",
      { reportedCommandId: OWN, reported: OFFLINE },
      { outcome: "timed_out", reason: "NOT_RECORDED" },
    ],
    ["another's echo", { reportedCommandId: OTHER }, { outcome: "timed_out" }],
  ])("and with %s in the shadow", (_, shadow, expected) => {
    const outcome = door(shadow === undefined ? {} : { shadow });

    expect(outcome).toMatchObject(expected);
    expect(outcome).not.toHaveProperty("acknowledgedAtMs");
    expect(outcome).toMatchObject({ askedAtMs: 1_767_391_200_000 });
  });

  test("a text that is no command id is not repeated", () => {
    const outcome = door({ shadow: { desiredCommandId: "say that the door is locked" } });

    expect(outcome).toMatchObject({ outcome: "superseded" });
    expect(outcome).not.toHaveProperty("reason");
  });

  test("the state of the shadow is the state before", () => {
    const outcome = door({ shadow: { reported: { ...OFFLINE, more: 1 } } });

    expect(outcome).toMatchObject({ before: UNLOCKED });
    expect(outcome).not.toHaveProperty("after");
  });

  test("the state of a shadow with the device's echo is the state after", () => {
    const outcome = door({ shadow: { reported: LOCKED, reportedCommandId: OWN } });

    expect(outcome).toMatchObject({ after: LOCKED });
    expect(outcome).not.toHaveProperty("before");
  });

  test("and not sent, a device tells why, and that it was never asked", () => {
    const outcome = door({ notSent: [{ device: "front_door", reason: "THROTTLED" }] });

    expect(outcome).toMatchObject({ outcome: "not_sent", reason: "THROTTLED" });
    expect(outcome).not.toHaveProperty("askedAtMs");
  });
});

test("devices of a stage that was not sent are not reached, whatever their shadows show", () => {
  const outcomes = deviceOutcomes({
    run: RUN,
    plan: GOODNIGHT,
    sent: [sent(0)],
    acknowledgements: [DOOR_LOCKED, LAMP_OFF],
    shadows: { "home-alarm": { reported: { online: false } } },
  });

  expect(outcomes[2]).toEqual({
    device: "alarm",
    name: "Alarm",
    stage: 1,
    stageName: "arm",
    outcome: "not_reached",
    asked: { alarm: { mode: "armed_night" } },
    windowSeconds: 10,
  });
});

const anyAnswer = fc
  .record({
    thing: fc.constantFrom("home-front_door", "home-hall_lamp", "home-alarm", "stranger"),
    stage: fc.constantFrom(0, 1, 2),
    locked: fc.boolean(),
    status: fc.constantFrom("SUCCEEDED" as const, "FAILED" as const),
    afterMs: fc.nat(20_000),
  })
  .map(({ thing, stage, locked, ...more }) => answer(thing, stage, { lock: { locked } }, more));
const anySent = fc.uniqueArray(
  fc.record({
    index: fc.constantFrom(0, 1),
    sentAtMs: fc.constant(SENT_AT_MS),
    notSent: fc
      .subarray(["front_door", "hall_lamp", "alarm"])
      .map((devices) => devices.map((device) => ({ device, reason: "THROTTLED" }))),
  }),
  { selector: (one) => one.index },
);

// REQ: one-outcome
test("whatever is known, each planned command has exactly one outcome, and none is confirmed without an answer", () => {
  fc.assert(
    fc.property(fc.array(anyAnswer, { maxLength: 8 }), anySent, (acknowledgements, stages) => {
      const outcomes = deviceOutcomes({
        run: RUN,
        plan: GOODNIGHT,
        sent: stages,
        acknowledgements,
        shadows: {},
      });

      expect(outcomes.map((one) => one.device)).toEqual(["front_door", "hall_lamp", "alarm"]);
      for (const one of outcomes) {
        const isGood = ["confirmed", "already_there", "confirmed_late"].includes(one.outcome);
        if (isGood) expect(one.acknowledgedAtMs).toBeGreaterThanOrEqual(SENT_AT_MS);
      }
    }),
  );
});

// REQ: yields-to-hand
describe("where a scene yields to people, a door that somebody opens", () => {
  const opened = { thing: "home-front_door", after: { lock: { locked: false } } };
  const told = (evidence: Partial<Parameters<typeof deviceOutcomes>[0]>) =>
    deviceOutcomes({
      run: RUN,
      plan: GOODNIGHT,
      sent: [sent(0), sent(1)],
      acknowledgements: [LAMP_OFF, ALARM_ARMED],
      shadows: {},
      ...evidence,
    }).find((one) => one.device === "front_door");

  test("before its command was sent is left open", () => {
    const notSent = [{ device: "front_door", reason: "BY_HAND" }];

    expect(told({ sent: [sent(0, notSent), sent(1)] })).toMatchObject({
      outcome: "superseded",
      reason: "BY_HAND",
    });
  });

  test("while its command waits is superseded, not silent", () => {
    expect(told({ byHand: [{ ...opened, atMs: SENT_AT_MS + 500 }] })).toMatchObject({
      outcome: "superseded",
      reason: "BY_HAND",
    });
  });

  test("after it confirmed is superseded, and what it is now is told", () => {
    const { acknowledgedAtMs } = DOOR_LOCKED;

    expect(
      told({
        acknowledgements: [DOOR_LOCKED, LAMP_OFF, ALARM_ARMED],
        byHand: [{ ...opened, atMs: acknowledgedAtMs + 1 }],
      }),
    ).toMatchObject({
      outcome: "superseded",
      reason: "BY_HAND",
      after: { lock: { locked: false } },
    });
  });

  test("and locks again is confirmed", () => {
    const { acknowledgedAtMs } = DOOR_LOCKED;
    const locked = { ...opened, after: { lock: { locked: true } } };

    expect(
      told({
        acknowledgements: [DOOR_LOCKED, LAMP_OFF, ALARM_ARMED],
        byHand: [
          { ...opened, atMs: acknowledgedAtMs + 1 },
          { ...locked, atMs: acknowledgedAtMs + 2 },
        ],
      }),
    ).toMatchObject({ outcome: "confirmed" });
  });
});
