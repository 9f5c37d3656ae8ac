import { expect, test } from "vitest";
import { planHash } from "#domain/run/plan.ts";
import { parseAwaitInput, parseConcludeInput, parsePublishInput } from "#domain/run/workflow.ts";
import { codeOf, messageOf } from "../code-of.ts";
import { goodnightOf } from "./two-halls.ts";

const RUN = "run_0123456789abcdefghjk";
const ASKED = { run: RUN, requestedAt: "2026-01-02T22:00:00.000Z", rules: {} };
const SENT = { index: 0, sentAtMs: 1_767_391_200_000, notSent: [] };

const conclusion = (home: string, plan: unknown) => ({
  home,
  run: { id: RUN, requestedAt: "2026-01-02T22:00:00.000Z" },
  plan,
  planHash: "sha256:00",
  sent: [SENT],
});

test("attempt 9: scenes that are equal word for word have another plan hash in each home", async () => {
  const hashes = await Promise.all(["a", "a_b", "b"].map((home) => planHash(goodnightOf(home))));

  expect(new Set(hashes).size).toBe(3);
  expect(await planHash(goodnightOf("a"))).toBe(hashes[0]);
});

test("attempt 9: a plan of one home is not carried out as another's", () => {
  const plan = goodnightOf("a");
  const [stage] = plan.stages;

  expect([
    codeOf(() =>
      parsePublishInput({ home: "b", ...ASKED, stage: 0, commands: stage?.commands }, ""),
    ),
    codeOf(() => parseAwaitInput({ home: "b", run: RUN, stage, sent: SENT }, "")),
    codeOf(() => parseConcludeInput(conclusion("b", plan), "")),
    // The plan says that it is of b; its things are not.
    codeOf(() => parseConcludeInput(conclusion("b", { ...plan, home: "b" }), "")),
  ]).toEqual(["RecordInvalid", "RecordInvalid", "RecordInvalid", "RecordInvalid"]);
});

test.each(["b-front_door", "a_b-front_door", "dev-a-front_door", "a-hall_lamp"])(
  "attempt 21: a plan with the thing %s is refused whole, before the first command leaves",
  (thing) => {
    const plan = goodnightOf("a");
    const stages = plan.stages.map((stage) => ({
      ...stage,
      commands: stage.commands.map((command) =>
        command.device === "front_door" ? { ...command, thing } : command,
      ),
    }));
    const [stage] = stages;
    const publish = () =>
      parsePublishInput({ home: "a", ...ASKED, stage: 0, commands: stage?.commands }, "");

    expect(messageOf(publish)).toBe(
      `The workflow's input: the thing "${thing}" is not of a. Nothing was sent.`,
    );
    expect([
      codeOf(publish),
      codeOf(() => parseAwaitInput({ home: "a", run: RUN, stage, sent: SENT }, "")),
      codeOf(() => parseConcludeInput(conclusion("a", { ...plan, stages }), "")),
    ]).toEqual(["RecordInvalid", "RecordInvalid", "RecordInvalid"]);
  },
);

test("attempt 21: and the home's own plan is taken", () => {
  const plan = goodnightOf("a");
  const [stage] = plan.stages;

  expect([
    codeOf(() =>
      parsePublishInput({ home: "a", ...ASKED, stage: 0, commands: stage?.commands }, ""),
    ),
    codeOf(() => parseConcludeInput(conclusion("a", plan), "")),
  ]).toEqual([undefined, undefined]);
});
