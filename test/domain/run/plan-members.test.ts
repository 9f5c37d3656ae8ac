import { expect, test } from "vitest";
import { parsePlan } from "#domain/run/parse-plan.ts";
import { type Plan, planHash, planText } from "#domain/run/plan.ts";
import { worstCaseSeconds } from "#domain/run/plan-preview.ts";
import { planScene } from "#domain/run/plan-scene.ts";
import { AT_HOME } from "../../support/at-home.ts";
import { FRONT_DOOR, GOODNIGHT } from "../goodnight.ts";

const RULES = {
  onConflict: "reject",
  onPartial: "undo",
  retry: { tries: 3 },
  holdSeconds: 5,
} as const;

test("a plan with rules, tries and the run that it undoes is read as it was written", () => {
  const plan: Plan = {
    ...GOODNIGHT,
    stages: [{ index: 0, name: "restore", commands: [{ ...FRONT_DOOR, tries: 3 }] }],
    rules: RULES,
    undoes: "run_0123456789abcdefghjk",
  };

  expect(parsePlan(planText(plan), "the plan")).toEqual(plan);
});

test("a plan with the parameters that were given is read as it was written", () => {
  const plan: Plan = { ...GOODNIGHT, parameters: { level: "70", mood: "warm" } };

  expect(parsePlan(planText(plan), "the plan")).toEqual(plan);
});

test("parameters that are no texts are refused", () => {
  const text = planText({ ...GOODNIGHT, parameters: { level: "70" } }).replace('"70"', "70");

  expect(() => parsePlan(text, "the plan")).toThrow("has no text in parameters.level.");
});

test("rules that nobody knows are refused", () => {
  const text = planText(GOODNIGHT).replace(/}$/, ',"rules":{"onConflict":"fight"}}');

  expect(() => parsePlan(text, "the plan")).toThrow("onConflict must be one of");
});

test("a scene's rules stand in its plan, and count in its worst case; without them nothing is said", async () => {
  const { device: id, thing, kind, name } = FRONT_DOOR;
  const home = { place: AT_HOME, devices: [{ id, name, aliases: [], kind, room: "Hall", thing }] };
  const stage = {
    name: "lock",
    devices: { front_door: { lock: { locked: true } } },
    required: [],
    transitionSeconds: 0,
    windowSeconds: {},
  };
  const scene = { id: "lock_up", name: "Lock up", aliases: [], version: 1, stages: [stage] };

  const plain = planScene(scene, home, []);
  const ruled = planScene({ ...scene, rules: RULES }, home, []);

  expect(Object.keys(plain)).not.toContain("rules");
  expect(plain.stages[0]?.commands[0]).not.toHaveProperty("tries");
  expect(ruled).toMatchObject({
    rules: RULES,
    stages: [{ commands: [{ tries: 3 }] }],
  });
  expect([plain, ruled].map(worstCaseSeconds)).toEqual([10, 15]);
  expect(await planHash(plain)).not.toBe(await planHash(ruled));
});
