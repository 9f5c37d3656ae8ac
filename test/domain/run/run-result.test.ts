import { describe, expect, test } from "vitest";
import type { DeviceOutcome, Outcome } from "#domain/run/outcome.ts";
import type { Plan } from "#domain/run/plan.ts";
import { isAsAsked, runEnd, runResult, sayResult } from "#domain/run/run-result.ts";
import { GOODNIGHT } from "../goodnight.ts";

const one = (
  device: string,
  name: string,
  stage: number,
  outcome: Outcome,
  reason?: string,
): DeviceOutcome => ({
  device,
  name,
  stage,
  stageName: ["close and lock", "arm"][stage] ?? "more",
  outcome,
  ...(reason === undefined ? {} : { reason }),
  asked: { plug: { on: false } },
  windowSeconds: 10,
});

const door = (outcome: Outcome, reason?: string) =>
  one("front_door", "Front door", 0, outcome, reason);
const lamp = (outcome: Outcome, reason?: string) =>
  one("hall_lamp", "Hall lamp", 0, outcome, reason);
const alarm = (outcome: Outcome, reason?: string) => one("alarm", "Alarm", 1, outcome, reason);

const WITHOUT_LAMP: Plan = { ...GOODNIGHT, leftOut: ["hall_lamp", "radio"] };

// REQ: done-means-all
test.each<[string, readonly DeviceOutcome[]]>([
  ["done", [door("confirmed"), lamp("confirmed")]],
  ["done", [door("already_there"), lamp("confirmed")]],
  ["partly_done", [door("confirmed"), lamp("timed_out")]],
  ["partly_done", [door("confirmed"), lamp("confirmed_late")]],
  ["partly_done", [door("confirmed_late"), lamp("refused")]],
  ["partly_done", [door("already_there"), lamp("not_sent")]],
  ["failed", [door("timed_out"), lamp("refused")]],
  ["failed", [door("offline")]],
  ["failed", [door("superseded"), lamp("not_sent")]],
  ["failed", [door("skipped_by_condition"), lamp("needs_approval")]],
  ["stopped", [door("refused"), lamp("confirmed"), alarm("not_reached")]],
  ["stopped", [door("timed_out"), alarm("not_reached")]],
])("a run is %s (%#)", (end, outcomes) => {
  expect(runEnd(outcomes)).toBe(end);
});

test.each<[Outcome, boolean]>([
  ["confirmed", true],
  ["already_there", true],
  ["confirmed_late", true],
  ["refused", false],
  ["timed_out", false],
  ["offline", false],
  ["superseded", false],
  ["skipped_by_condition", false],
  ["not_reached", false],
  ["not_sent", false],
  ["needs_approval", false],
])("a device that is %s is as asked: %s", (outcome, good) => {
  expect(isAsAsked(outcome)).toBe(good);
});

describe("what is said", () => {
  test.each<[string, readonly DeviceOutcome[]]>([
    ["Goodnight is done: the one device confirmed.", [door("confirmed")]],
    ["Goodnight is done: all 2 devices confirmed.", [door("confirmed"), lamp("confirmed")]],
    [
      "Goodnight is done: all 2 devices confirmed (1 already was).",
      [door("confirmed"), lamp("already_there")],
    ],
    [
      "Goodnight is done: all 2 devices confirmed (2 already were).",
      [door("already_there"), lamp("already_there")],
    ],
    [
      "Goodnight: 1 of 2 devices confirmed. Hall lamp did not answer within 10 s.",
      [door("confirmed"), lamp("timed_out")],
    ],
    [
      "Goodnight: 1 of 2 devices confirmed (1 already was). Hall lamp refused (JAMMED).",
      [door("already_there"), lamp("refused", "JAMMED")],
    ],
    [
      "Goodnight: 1 of 2 devices confirmed. Hall lamp confirmed only after its 10 s.",
      [door("confirmed"), lamp("confirmed_late")],
    ],
    [
      "Goodnight: 0 of 1 device confirmed. Front door is offline and did not answer.",
      [door("offline")],
    ],
    [
      "Goodnight: 0 of 2 devices confirmed. Front door was given another command before it answered. Hall lamp could not be sent its command (THROTTLED).",
      [door("superseded"), lamp("not_sent", "THROTTLED")],
    ],
    [
      "Goodnight: 0 of 2 devices confirmed. Front door was sent nothing, because the run began too late. Hall lamp could not be sent its command.",
      [door("not_sent", "STARTED_LATE"), lamp("not_sent")],
    ],
    [
      "Goodnight: 0 of 2 devices confirmed. Front door was skipped by a condition. Hall lamp needs an approval.",
      [door("skipped_by_condition"), lamp("needs_approval")],
    ],
    [
      "Goodnight: 0 of 1 device confirmed. Front door did not answer within 10 s, and its command could not be taken back.",
      [door("timed_out", "NOT_WITHDRAWN")],
    ],
    [
      "Goodnight: 0 of 1 device confirmed. Front door answered, but its answer was not recorded within 10 s.",
      [door("timed_out", "NOT_RECORDED")],
    ],
    [
      'Goodnight was stopped after "close and lock": Front door refused (JAMMED). Nothing was sent to: Alarm. 1 of 3 devices confirmed.',
      [door("refused", "JAMMED"), lamp("confirmed"), alarm("not_reached")],
    ],
    [
      'Goodnight was stopped after "close and lock". Nothing was sent to: Alarm. 1 of 2 devices confirmed.',
      [door("confirmed"), alarm("not_reached")],
    ],
  ])("is: %s", (say, outcomes) => {
    expect(sayResult(GOODNIGHT, outcomes)).toBe(say);
  });

  test("names the stage whose gate stopped the run, not an earlier one that had a problem too", () => {
    const plan: Plan = {
      ...GOODNIGHT,
      stages: [...GOODNIGHT.stages, { index: 2, name: "more", commands: [] }],
    };
    const radio = one("radio", "Radio", 2, "not_reached");

    const say = sayResult(plan, [lamp("timed_out"), alarm("refused"), radio]);

    expect(say).toBe(
      'Goodnight was stopped after "arm": Hall lamp did not answer within 10 s. Alarm refused. Nothing was sent to: Radio. 0 of 3 devices confirmed.',
    );
  });

  test.each<[string, readonly DeviceOutcome[]]>([
    [
      "Goodnight is done: the one device confirmed. Left out as you asked: hall_lamp, radio.",
      [door("confirmed")],
    ],
    [
      "Goodnight: 0 of 1 device confirmed. Front door refused. Left out as you asked: hall_lamp, radio.",
      [door("refused")],
    ],
    [
      'Goodnight was stopped after "close and lock": Front door refused. Nothing was sent to: Alarm. 0 of 2 devices confirmed. Left out as you asked: hall_lamp, radio.',
      [door("refused"), alarm("not_reached")],
    ],
  ])("tells what was left out: %s", (say, outcomes) => {
    expect(sayResult(WITHOUT_LAMP, outcomes)).toBe(say);
  });

  // REQ: say-is-safe
  test.each<[Outcome]>([
    ["refused"],
    ["timed_out"],
    ["offline"],
    ["superseded"],
    ["skipped_by_condition"],
    ["not_reached"],
    ["not_sent"],
    ["needs_approval"],
  ])("never claims a device that is %s", (outcome) => {
    const say = sayResult(GOODNIGHT, [door(outcome)]);

    expect(say).toContain("0 of 1 device confirmed");
    expect(say).not.toContain("is done");
    expect(say).not.toContain("Front door confirmed");
  });
});

describe("the result", () => {
  const result = (plan: Plan, outcomes: readonly DeviceOutcome[]) =>
    runResult(
      { id: "run_0123456789abcdefghjk", requestedAt: "2026-01-02T22:00:00.000Z" },
      plan,
      "sha256:00",
      outcomes,
      "2026-01-02T22:00:10.000Z",
    );

  test("of a run that is done lists no device", () => {
    expect(result(GOODNIGHT, [door("confirmed"), lamp("already_there")])).toEqual({
      run_id: "run_0123456789abcdefghjk",
      scene: "goodnight",
      result: "done",
      say: "Goodnight is done: all 2 devices confirmed (1 already was).",
      devices: 2,
      confirmed: 1,
      already_there: 1,
      devices_not_confirmed: [],
      left_out: [],
      plan_hash: "sha256:00",
      requested_at: "2026-01-02T22:00:00.000Z",
      finished_at: "2026-01-02T22:00:10.000Z",
    });
  });

  // REQ: next-step
  test.each<[Outcome, string | undefined, string]>([
    [
      "timed_out",
      undefined,
      'Its command was withdrawn. Check its power and connection, then call run_scene with {"scene":"goodnight"} again; a late answer shows in get_run with {"run_id":"run_0123456789abcdefghjk"}.',
    ],
    [
      "timed_out",
      "NOT_WITHDRAWN",
      'It may still act until its command expires, 40 s after it was sent. Look at the device itself, then call run_scene with {"scene":"goodnight"} again.',
    ],
    [
      "timed_out",
      "NOT_RECORDED",
      'Call get_run with {"run_id":"run_0123456789abcdefghjk"} in a few seconds; if nothing is recorded by then, look at the device itself.',
    ],
    [
      "offline",
      undefined,
      'Its command was withdrawn. Bring it back online, then call run_scene with {"scene":"goodnight"} again.',
    ],
    [
      "refused",
      "JAMMED",
      'Look at the device itself, then call run_scene with {"scene":"goodnight"} again.',
    ],
    [
      "not_reached",
      undefined,
      'Settle the devices of the earlier stages first, then call run_scene with {"scene":"goodnight"} again.',
    ],
    [
      "not_sent",
      "THROTTLED",
      'Wait a minute, then call run_scene with {"scene":"goodnight"} again.',
    ],
    [
      "superseded",
      undefined,
      'Another run commanded it meanwhile; ask which state is wanted, then call run_scene with {"scene":"goodnight"} again.',
    ],
    ["confirmed_late", undefined, "Nothing to do."],
    ["skipped_by_condition", undefined, "Nothing to do unless the condition was not meant."],
    ["needs_approval", undefined, "Ask the user to approve it."],
  ])("lists a device that is %s (%s) with its next step", (outcome, reason, next) => {
    const { devices_not_confirmed } = result(GOODNIGHT, [lamp("confirmed"), door(outcome, reason)]);

    expect(devices_not_confirmed).toEqual([
      {
        device: "front_door",
        name: "Front door",
        stage: "close and lock",
        outcome,
        ...(reason === undefined ? {} : { reason }),
        next,
      },
    ]);
  });

  test("counts a late device as neither confirmed nor already there", () => {
    expect(result(GOODNIGHT, [door("confirmed_late"), lamp("confirmed")])).toMatchObject({
      result: "partly_done",
      devices: 2,
      confirmed: 1,
      already_there: 0,
    });
  });
});

test("the next step leaves the same devices out", () => {
  expect(nextOf(WITHOUT_LAMP)).toBe(
    'Look at the device itself, then call run_scene with {"scene":"goodnight","except":["hall_lamp","radio"]} again.',
  );
});

test("the next step asks with the same parameters", () => {
  const parameters = { mood: "warm", level: "70" };

  expect(nextOf({ ...WITHOUT_LAMP, parameters })).toBe(
    'Look at the device itself, then call run_scene with {"scene":"goodnight","parameters":["level=70","mood=warm"],"except":["hall_lamp","radio"]} again.',
  );
});

test("the next step does not repeat long parameters", () => {
  const parameters = { mood: "w".repeat(2_000) };

  expect(nextOf({ ...WITHOUT_LAMP, parameters })).toBe(
    "Look at the device itself, then repeat run_scene with the same parameters and except.",
  );
});

test("five devices left out are all repeated", () => {
  const leftOut = ["a", "b", "c", "d", "e"];

  expect(nextOf({ ...GOODNIGHT, leftOut })).toBe(
    'Look at the device itself, then call run_scene with {"scene":"goodnight","except":["a","b","c","d","e"]} again.',
  );
});

test.each([
  [["a"], "a"],
  [["a", "b", "c", "d", "e", "f", "g", "h"], "a, b, c, d, e, f, g, h"],
  [["a", "b", "c", "d", "e", "f", "g", "h", "i"], "a, b, c, d, e, f, g, h and 1 more"],
])("of %j left out is said: %s", (leftOut, said) => {
  const say = sayResult({ ...GOODNIGHT, leftOut }, [door("confirmed")]);

  expect(say).toBe(`Goodnight is done: the one device confirmed. Left out as you asked: ${said}.`);
});

test("the next step does not repeat a long list of those left out", () => {
  const leftOut = ["a", "b", "c", "d", "e", "f"];

  expect(nextOf({ ...GOODNIGHT, leftOut })).toBe(
    'Look at the device itself, then call run_scene again with the same "except".',
  );
});

const nextOf = (plan: Plan): string | undefined =>
  runResult(
    { id: "run_0123456789abcdefghjk", requestedAt: "2026-01-02T22:00:00.000Z" },
    plan,
    "sha256:00",
    [door("refused")],
    "2026-01-02T22:00:10.000Z",
  ).devices_not_confirmed[0]?.next;

test("of many problems five are said and the others counted; of many names eight", () => {
  const lamps = Array.from({ length: 7 }, (_, index) =>
    one(`lamp_${index}`, `Lamp ${index}`, 0, "offline"),
  );
  const plugs = Array.from({ length: 10 }, (_, index) =>
    one(`plug_${index}`, `P${index}`, 1, "not_reached"),
  );

  const say = sayResult(GOODNIGHT, [...lamps, ...plugs]);

  expect(say).toBe(
    'Goodnight was stopped after "close and lock": Lamp 0 is offline and did not answer. Lamp 1 is offline and did not answer. Lamp 2 is offline and did not answer. Lamp 3 is offline and did not answer. Lamp 4 is offline and did not answer. 2 more devices did not confirm. Nothing was sent to: P0, P1, P2, P3, P4, P5, P6, P7 and 2 more. 0 of 17 devices confirmed.',
  );
});

test("a device that says it succeeded but reports otherwise is not said to have refused", () => {
  const say = sayResult(GOODNIGHT, [door("refused", "REPORTED_OTHERWISE")]);

  expect(say).toBe(
    "Goodnight: 0 of 1 device confirmed. Front door answered, but reports another state than it was asked for.",
  );
});
