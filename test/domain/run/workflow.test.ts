import { describe, expect, test } from "vitest";
import { parseAwaitInput, parseConcludeInput, parsePublishInput } from "#domain/run/workflow.ts";
import { DEFAULT_RULES } from "#domain/scene/scene-rules.ts";
import { codeOf } from "../code-of.ts";
import { FRONT_DOOR, GOODNIGHT, RUN, sent } from "../goodnight.ts";

const PUBLISH = {
  home: "home",
  run: RUN,
  requestedAt: "2026-01-02T22:00:00.000Z",
  rules: DEFAULT_RULES,
  stage: 0,
  commands: [FRONT_DOOR],
};
const AWAIT = { home: "home", run: RUN, stage: GOODNIGHT.stages[0], sent: sent(0) };
const CONCLUDE = {
  home: "home",
  run: { id: RUN, requestedAt: "2026-01-02T22:00:00.000Z" },
  plan: GOODNIGHT,
  planHash: "sha256:00",
  sent: [sent(0), sent(1)],
};

test("what the machine hands over is taken as it is", () => {
  expect(parsePublishInput(PUBLISH, "")).toEqual(PUBLISH);
  expect(parseAwaitInput(AWAIT, "")).toEqual(AWAIT);
  expect(parseConcludeInput(CONCLUDE, "")).toEqual(CONCLUDE);
});

test("a run of which nothing was sent can be concluded", () => {
  expect(codeOf(() => parseConcludeInput({ ...CONCLUDE, sent: [] }, ""))).toBeUndefined();
});

test.each([
  ["nothing", undefined],
  ["a list", [PUBLISH]],
  ["no run", { ...PUBLISH, run: undefined }],
  ["a run that is an object", { ...PUBLISH, run: { id: RUN } }],
  ["a stage that is an object", { ...PUBLISH, stage: GOODNIGHT.stages[0] }],
  ["no time of the request", { ...PUBLISH, requestedAt: undefined }],
  ["no rules", { ...PUBLISH, rules: undefined }],
  ["one command", { ...PUBLISH, commands: FRONT_DOOR }],
])("publish-commands refuses %s", (_, input) => {
  expect(codeOf(() => parsePublishInput(input, ""))).toBe("RecordInvalid");
});

test.each([
  ["nothing", null],
  ["no run", { ...AWAIT, run: undefined }],
  ["a stage that is a number", { ...AWAIT, stage: 0 }],
  ["a stage without commands", { ...AWAIT, stage: { index: 0 } }],
  ["nothing sent", { ...AWAIT, sent: undefined }],
  ["a list of what was sent", { ...AWAIT, sent: [sent(0)] }],
  ["no time of sending", { ...AWAIT, sent: { index: 0, notSent: [] } }],
  ["a time of sending in words", { ...AWAIT, sent: { ...sent(0), sentAtMs: "now" } }],
  ["no list of what was not sent", { ...AWAIT, sent: { index: 0, sentAtMs: 1 } }],
])("await-acknowledgements refuses %s", (_, input) => {
  expect(codeOf(() => parseAwaitInput(input, ""))).toBe("RecordInvalid");
});

test.each([
  ["nothing", "x"],
  ["a run that is a text", { ...CONCLUDE, run: RUN }],
  ["a run without its time", { ...CONCLUDE, run: { id: RUN } }],
  ["a plan that is a text", { ...CONCLUDE, plan: "{}" }],
  ["a plan without stages", { ...CONCLUDE, plan: {} }],
  ["no hash", { ...CONCLUDE, planHash: undefined }],
  ["one sent stage", { ...CONCLUDE, sent: sent(0) }],
  ["a sent stage that is none", { ...CONCLUDE, sent: [sent(0), null] }],
])("conclude-run refuses %s", (_, input) => {
  expect(codeOf(() => parseConcludeInput(input, ""))).toBe("RecordInvalid");
});

// Attempt 21 of those that cross a home's border.
describe("a thing of another home, or of another stage, is refused before anything is sent", () => {
  const foreign = { ...FRONT_DOOR, thing: "b-front_door" };
  const mixed = {
    ...GOODNIGHT,
    stages: GOODNIGHT.stages.map((stage) => ({ ...stage, commands: [...stage.commands, foreign] })),
  };

  test.each([
    ["a batch", () => parsePublishInput({ ...PUBLISH, commands: [FRONT_DOOR, foreign] }, "")],
    ["a batch of another home", () => parsePublishInput({ ...PUBLISH, home: "b" }, "")],
    ["a batch of no home", () => parsePublishInput({ ...PUBLISH, home: undefined }, "")],
    ["a batch of what is no home", () => parsePublishInput({ ...PUBLISH, home: "a#RUN" }, "")],
    ["a batch of another stage", () => parsePublishInput(PUBLISH, "dev-")],
    ["a stage that is waited for", () => parseAwaitInput({ ...AWAIT, stage: mixed.stages[0] }, "")],
    ["a stage of another home", () => parseAwaitInput({ ...AWAIT, home: "b" }, "")],
    ["a plan", () => parseConcludeInput({ ...CONCLUDE, plan: mixed }, "")],
    ["a plan of another home", () => parseConcludeInput({ ...CONCLUDE, home: "b" }, "")],
    [
      "a plan that says another home",
      () => parseConcludeInput({ ...CONCLUDE, plan: { ...GOODNIGHT, home: "b" } }, ""),
    ],
  ])("%s", (_, parse) => {
    expect(codeOf(parse)).toBe("RecordInvalid");
  });
});
