import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parsePlan } from "#domain/run/parse-plan.ts";
import { type Plan, planText } from "#domain/run/plan.ts";
import { codeOf, messageOf } from "../code-of.ts";
import { FRONT_DOOR, GOODNIGHT } from "../goodnight.ts";
import { UNKNOWN_FORMATS } from "../unknown-formats.ts";

const parse = (text: string): Plan => parsePlan(text, "Run record RUN#1");
const told = (text: string): string => messageOf(() => parse(text));

test("a plan's text is read as the plan that it was written from", () => {
  expect(parse(planText(GOODNIGHT))).toEqual(GOODNIGHT);
});

test("a plan from before formats had numbers is refused, and said to have none", () => {
  const { v: _, ...before } = GOODNIGHT;

  expect(told(JSON.stringify(before))).toBe(
    "Run record RUN#1: its plan has no format; this version reads format 1. Use the version that wrote it. Nothing was changed.",
  );
});

test.each(UNKNOWN_FORMATS)("a plan of the format %j is refused, with both numbers", (v, shown) => {
  const text = JSON.stringify({ ...GOODNIGHT, v });

  expect(codeOf(() => parse(text))).toBe("FormatUnknown");
  expect(told(text)).toBe(
    `Run record RUN#1: its plan has the format ${shown}; this version reads format 1. Use the version that wrote it. Nothing was changed.`,
  );
});

describe("a text that is no plan", () => {
  test.each([
    ["{", "is not JSON."],
    ["", "is not JSON."],
    ["null", "is no object."],
    ["[]", "is no object."],
    ['"goodnight"', "is no object."],
    ['{"v":1}', "has no home's id in home."],
    ['{"v":1,"home":"a#RUN"}', "has no home's id in home."],
    ['{"v":1,"home":"home"}', "has no text in scene."],
  ])("%j is refused: its plan %s", (text, why) => {
    expect(codeOf(() => parse(text))).toBe("RecordInvalid");
    expect(told(text)).toBe(`Run record RUN#1: its plan ${why}`);
  });

  test.each<[object, string]>([
    [{ scene: 1 }, "has no text in scene."],
    [{ sceneName: null }, "has no text in sceneName."],
    [{ sceneVersion: "3" }, "has no whole number in sceneVersion."],
    [{ sceneVersion: 1.5 }, "has no whole number in sceneVersion."],
    [{ sceneVersion: -1 }, "has no whole number in sceneVersion."],
    [{ stages: {} }, "has no list in stages."],
    [{ leftOut: "alarm" }, "has no list in leftOut."],
    [{ leftOut: ["alarm", 7] }, "has no text in leftOut[1]."],
    [{ approved: true }, 'has an unknown member "approved".'],
    [{ stages: ["arm"] }, "has no object in stages[0]."],
  ])("a plan with %j is refused: it %s", (members, why) => {
    const text = JSON.stringify({ ...GOODNIGHT, ...members });

    expect(codeOf(() => parse(text))).toBe("RecordInvalid");
    expect(told(text)).toBe(`Run record RUN#1: its plan ${why}`);
  });

  test.each<[object, string]>([
    [{ index: "0" }, "has no whole number in stages[0].index."],
    [{ name: undefined }, "has no text in stages[0].name."],
    [{ commands: undefined }, "has no list in stages[0].commands."],
    [{ commands: [[]] }, "has no object in stages[0].commands[0]."],
    [{ when: "dark" }, 'has an unknown member "when" in stages[0].'],
  ])("a stage with %j is refused: the plan %s", (members, why) => {
    const stage = { index: 0, name: "lock", commands: [FRONT_DOOR], ...members };

    const text = JSON.stringify({ ...GOODNIGHT, stages: [stage] });

    expect(codeOf(() => parse(text))).toBe("RecordInvalid");
    expect(told(text)).toBe(`Run record RUN#1: its plan ${why}`);
  });

  test.each<[object, string]>([
    [{ device: 1 }, "has no text in stages[0].commands[0].device."],
    [{ name: undefined }, "has no text in stages[0].commands[0].name."],
    [{ thing: null }, "has no text in stages[0].commands[0].thing."],
    [{ kind: "toaster" }, "has no kind of device in stages[0].commands[0].kind."],
    [{ kind: "constructor" }, "has no kind of device in stages[0].commands[0].kind."],
    [{ want: { lock: {} } }, "has no wanted state of a lock in stages[0].commands[0].want."],
    [
      { want: { light: { on: true } } },
      "has no wanted state of a lock in stages[0].commands[0].want.",
    ],
    [{ required: "yes" }, "has neither true nor false in stages[0].commands[0].required."],
    [
      { transitionSeconds: -1 },
      "has no number of seconds in stages[0].commands[0].transitionSeconds.",
    ],
    [{ windowSeconds: "10" }, "has no number of seconds in stages[0].commands[0].windowSeconds."],
    [{ undo: true }, 'has an unknown member "undo" in stages[0].commands[0].'],
  ])("a command with %j is refused: the plan %s", (members, why) => {
    const stage = { index: 0, name: "lock", commands: [{ ...FRONT_DOOR, ...members }] };

    const text = JSON.stringify({ ...GOODNIGHT, stages: [stage] });

    expect(codeOf(() => parse(text))).toBe("RecordInvalid");
    expect(told(text)).toBe(`Run record RUN#1: its plan ${why}`);
  });

  test.each([
    ["with spaces", JSON.stringify(JSON.parse(planText(GOODNIGHT)), undefined, 1)],
    ["with a member twice", planText(GOODNIGHT).replace('"scene":', '"scene":"away","scene":')],
    ["in another order", JSON.stringify(GOODNIGHT)],
  ])("a plan %s is refused, because its hash would be another", (_, text) => {
    expect(codeOf(() => parse(text))).toBe("RecordInvalid");
    expect(told(text)).toBe("Run record RUN#1: its plan is not written as a plan is.");
  });
});

test("whatever stands there, it is the text again or a refusal with a code", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc
          .tuple(
            fc.constantFrom("v", "scene", "stages", "leftOut", "sceneVersion", "more"),
            fc.jsonValue(),
          )
          .map(([member, value]) => JSON.stringify({ ...GOODNIGHT, [member]: value })),
      ),
      (text) => {
        const code = codeOf(() => {
          expect(planText(parse(text))).toBe(text);
        });
        expect([undefined, "RecordInvalid", "FormatUnknown"]).toContain(code);
      },
    ),
    { numRuns: 500 },
  );
});
