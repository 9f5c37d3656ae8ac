import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { parseHomeId } from "#domain/home/home-id.ts";
import { checkCallerGone } from "../../../scripts/verify-deployment/check-caller-gone.ts";
import type { Visit } from "../../../scripts/verify-deployment/visit.ts";

// A call takes half a minute of a clock that the test moves.
let nowMs: number;
beforeEach(() => {
  nowMs = 0;
  vi.spyOn(performance, "now").mockImplementation(() => nowMs);
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** A visit whose gateway answers with these results, the last of them again and again; and what it was asked. */
const visitWith = (...results: readonly string[]) => {
  const asked: (readonly [string, unknown])[] = [];
  const session = {
    call: (tool: string, { wait_s }: Readonly<Record<string, unknown>>) => {
      const result = results[Math.min(asked.length, results.length - 1)];
      asked.push([tool, wait_s]);
      nowMs += 30_000;
      return Promise.resolve({ isError: false, answer: { result, run_id: "run_1", say: "" } });
    },
  };
  const visit = { home: parseHomeId("home"), session } as unknown as Visit;
  return { visit, asked };
};

// REQ: deployment-verified
test("a run that ends after its caller has gone settles that executions go on", async () => {
  const { visit, asked } = visitWith("running", "running", "failed");

  const found = await checkCallerGone.look(visit);

  expect(found).toMatchObject({
    code: "Ok",
    summary: "run_1 came to its end (failed) after its caller had gone.",
  });
  expect(asked).toEqual([
    ["home___run_scene", 1],
    ["home___get_run", 30],
    ["home___get_run", 30],
  ]);
  expect(visit.unanswered).toMatchObject({ run: "run_1", result: "failed" });
});

// REQ: deployment-verified
test("a run that has no outcome two minutes later ended with its caller", async () => {
  const { visit } = visitWith("running");

  const found = await checkCallerGone.look(visit);

  expect(found).toMatchObject({ code: "EndedWithItsCaller" });
});

test("a run that was over before its caller went settles nothing", async () => {
  const { visit } = visitWith("failed");

  const found = await checkCallerGone.look(visit);

  expect(found).toMatchObject({ code: "NothingToCheck" });
});
