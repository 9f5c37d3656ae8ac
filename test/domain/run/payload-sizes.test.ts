import { marshall } from "@aws-sdk/util-dynamodb";
import { expect, test } from "vitest";
import { judgedByThatFit } from "#domain/audit/judged-by.ts";
import { outcomeRecord } from "#domain/audit/outcome-record.ts";
import type { Device } from "#domain/home/device.ts";
import { parseHomeId } from "#domain/home/home-id.ts";
import { thingOf } from "#domain/home/home-place.ts";
import type { DeviceOutcome } from "#domain/run/outcome.ts";
import { type Plan, plannedCommands } from "#domain/run/plan.ts";
import { planScene } from "#domain/run/plan-scene.ts";
import { runResult } from "#domain/run/run-result.ts";

// Quota of Step Functions: the input or output of a state holds at most 262,144 bytes.
const EXPRESS_BYTES = 262_144;
/** Of the request's record and of each device's acknowledgement. */
const hashesOf = (count: number): readonly string[] =>
  Array.from({ length: count }, () => `sha256:${"0".repeat(64)}`);
const bytes = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;

/** Where things have the longest names. */
const LONGEST = { home: parseHomeId("h".repeat(24)), thingPrefix: "abcdefghijkl-" } as const;

/** The largest plan of one stage with names of so many letters that is still accepted. */
const largestPlan = (shape: {
  readonly name: string;
  readonly idLength: number;
  readonly stage: string;
}): Plan => {
  let largest: Plan | undefined;
  for (let count = 10; count <= 200; count += 10) {
    const devices: Device[] = Array.from({ length: count }, (_, index) => ({
      id: `d${String(index).padStart(shape.idLength - 1, "0")}`,
      name: shape.name,
      aliases: [],
      kind: "light",
      room: "Hall",
      thing: thingOf(LONGEST, `d${String(index).padStart(shape.idLength - 1, "0")}`),
    }));
    const stage = {
      name: shape.stage,
      devices: Object.fromEntries(
        devices.map(({ id }) => [id, { light: { on: true, brightness: 100, colorTempK: 2700 } }]),
      ),
      required: [],
      transitionSeconds: 0,
      windowSeconds: {},
    };
    const scene = { id: "all", name: "All", aliases: [], version: 1, stages: [stage] };
    try {
      largest = planScene(scene, { place: LONGEST, devices }, []);
    } catch {
      break;
    }
  }
  if (largest === undefined) throw new Error("no plan of this shape is accepted");
  return largest;
};

const SHAPES = ["a", "€"].flatMap((letter) =>
  [4, 38, 64].flatMap((nameLength) =>
    [4, 20, 64].flatMap((idLength) =>
      [4, 64].map((stageLength) => ({
        title: `names of ${nameLength} ${letter}, ids of ${idLength}, a stage of ${stageLength}`,
        name: letter.repeat(nameLength),
        idLength,
        stage: letter.repeat(stageLength),
      })),
    ),
  ),
);

test.each(SHAPES)("the conclusion of the largest plan fits when all refuse: $title", (shape) => {
  // Parameters, whose repetition in each next step could outgrow it.
  const parameters = { mood: shape.name.slice(0, 1).repeat(75) };
  const plan = { ...largestPlan(shape), parameters };
  const state = { light: { on: true, brightness: 100, colorTempK: 2700 } };
  const outcomes: readonly DeviceOutcome[] = plannedCommands(plan).map(({ stage, command }) => ({
    device: command.device,
    name: command.name,
    stage: stage.index,
    stageName: stage.name,
    outcome: "refused",
    reason: "R".repeat(64),
    asked: command.want,
    before: state,
    after: state,
    askedAtMs: 1_795_471_405_123,
    acknowledgedAtMs: 1_795_471_405_123,
    windowSeconds: command.windowSeconds,
  }));

  const result = runResult(
    { id: "run_00000000000000000000", requestedAt: "2026-11-23T22:00:00.000Z" },
    plan,
    `sha256:${"0".repeat(64)}`,
    outcomes,
    "2026-11-23T22:00:05.000Z",
  );

  const conclusion = (judgedBy: readonly string[]) => ({
    record: {
      ...marshall(outcomeRecord(LONGEST.home, result, outcomes, judgedBy)),
      recordedAt: { N: "1767391212000" },
      seal: { S: "2026-01-02#0" },
      expiresAt: { N: "1801951212" },
    },
    result,
  });
  const judgedBy = judgedByThatFit(hashesOf(outcomes.length + 1), bytes(conclusion([])));
  const receipt = { record: `sha256:${"0".repeat(64)}` };
  const whole = conclusion(judgedBy);
  expect(bytes({ ...whole, result: { ...result, receipt } })).toBeLessThan(EXPRESS_BYTES);
  expect(judgedBy.length).toBeGreaterThan(80);
});
