import { expect, test } from "vitest";
import { planDifferences } from "#domain/run/plan-differences.ts";
import { ALARM, FRONT_DOOR, GOODNIGHT, HALL_LAMP } from "../goodnight.ts";

const withStage = (...commands: (typeof GOODNIGHT)["stages"][number]["commands"]) => ({
  ...GOODNIGHT,
  stages: [{ index: 0, name: "close and lock", commands }],
});
const BEFORE = withStage(FRONT_DOOR, HALL_LAMP);

test("equal plans differ in nothing", () => {
  expect(planDifferences(BEFORE, withStage(FRONT_DOOR, HALL_LAMP))).toEqual([]);
});

test("says which device left, which came, and which is asked for something else", () => {
  const now = withStage({ ...FRONT_DOOR, want: { lock: { locked: false } } }, ALARM);

  expect(planDifferences(BEFORE, now)).toEqual([
    "hall_lamp is no longer in it",
    "alarm is new in it",
    "front_door is asked for unlocked instead of locked",
  ]);
});

test("says that a device is asked in another way, though for the same", () => {
  const now = withStage({ ...FRONT_DOOR, required: false }, HALL_LAMP);

  expect(planDifferences(BEFORE, now)).toEqual([
    "front_door is asked at another place or in another way",
  ]);
});

test("says that a scene was saved again, where its devices are asked as before", () => {
  expect(planDifferences(BEFORE, { ...BEFORE, sceneVersion: 4 })).toEqual([
    "the scene was saved again (version 3, now 4)",
  ]);
});

const RULES = { onConflict: "supersede", onPartial: "keep", retry: "class_default" } as const;

test.for([
  [
    "a condition skips a device for another reason",
    { skipped: [{ device: "kettle", because: "the sun is down" }] },
    ["kettle is skipped because the sun is down instead of because the sun is up"],
  ],
  ["a condition skips none any more", {}, ["kettle is no longer in it, and was skipped before"]],
  [
    "its rules were changed",
    {
      skipped: [{ device: "kettle", because: "the sun is up" }],
      rules: { ...RULES, holdSeconds: 5 },
    },
    ["the rules of its runs are otherwise"],
  ],
] as const)("says that %s, and never that the scene was saved again", ([, now, said]) => {
  const skipping = { ...BEFORE, skipped: [{ device: "kettle", because: "the sun is up" }] };

  expect(planDifferences(skipping, { ...BEFORE, ...now })).toEqual(said);
});

test("says five differences, and counts the rest", () => {
  const lamps = Array.from({ length: 8 }, (_, n) => ({ ...HALL_LAMP, device: `lamp_${n}` }));

  expect(planDifferences(BEFORE, withStage(FRONT_DOOR, HALL_LAMP, ...lamps)).at(-1)).toBe(
    "3 more differences",
  );
});
