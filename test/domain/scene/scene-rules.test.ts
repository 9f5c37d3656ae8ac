import { describe, expect, test } from "vitest";
import { HomeError } from "#domain/home-error.ts";
import { isDefault, parseSceneRules } from "#domain/scene/scene-rules.ts";

const parse = (value: unknown) =>
  parseSceneRules(value, (what) => new HomeError("SceneInvalid", what));

test("rules that say nothing supersede, keep, retry as the kind has it, and do not hold", () => {
  const rules = parse({});

  expect(rules).toEqual({
    onConflict: "supersede",
    onPartial: "keep",
    retry: "class_default",
    holdSeconds: 0,
  });
  expect(isDefault(rules)).toBe(true);
});

test("every rule can be said", () => {
  const rules = {
    onConflict: "yield_to_manual",
    onPartial: "undo",
    retry: { tries: 3 },
    expiresSeconds: 20,
    holdSeconds: 5,
  };

  expect(parse(rules)).toEqual(rules);
  expect(isDefault(parse(rules))).toBe(false);
});

describe("refuses", () => {
  test.each([
    ["a list", []],
    ["an unknown member", { onconflict: "queue" }],
    ["an unknown word", { onConflict: "race" }],
    ["no try", { retry: { tries: 0 } }],
    ["six tries", { retry: { tries: 6 } }],
    ["half a try", { retry: { tries: 1.5 } }],
    ["a try with a backoff", { retry: { tries: 2, backoff: 1 } }],
    ["a hold of three minutes", { holdSeconds: 180 }],
    ["a hold as a text", { holdSeconds: "5" }],
    ["a command that expires at once", { expiresSeconds: 0 }],
  ])("%s", (_, value) => {
    expect(() => parse(value)).toThrow(expect.objectContaining({ code: "SceneInvalid" }));
  });
});
