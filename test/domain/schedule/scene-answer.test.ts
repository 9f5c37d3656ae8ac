import { expect, test } from "vitest";
import { sceneAnswer } from "#domain/schedule/scene-answer.ts";

const RUN = "run_00000000000000000000";

test.for<readonly [string, unknown, unknown]>([
  [
    "a result has started a run",
    { structuredContent: { run_id: RUN, result: "done", say: "Goodnight is done." } },
    { kind: "started", run: RUN, result: "done" },
  ],
  [
    "a run that goes on has started, too",
    { structuredContent: { run_id: RUN, result: "running" } },
    { kind: "started", run: RUN, result: "running" },
  ],
  [
    "an answer that only names a run has started it",
    { structuredContent: { run_id: RUN } },
    { kind: "started", run: RUN },
  ],
  [
    "a refusal of the home is an end",
    {
      isError: true,
      structuredContent: { error: { code: "NeedsApproval", message: "Front door needs one." } },
    },
    { kind: "refused", code: "NeedsApproval", why: "Front door needs one." },
  ],
  [
    "a workflow that broke off is worth another attempt",
    {
      isError: true,
      structuredContent: { error: { code: "RunFailed", message: "The run broke off." } },
    },
    { kind: "broken", code: "RunFailed", why: "The run broke off." },
  ],
  [
    "another run that is in the way is worth another attempt",
    {
      isError: true,
      structuredContent: { error: { code: "RunConflict", message: "Another run goes on." } },
    },
    { kind: "broken", code: "RunConflict", why: "Another run goes on." },
  ],
  [
    "a function that failed is worth another attempt",
    { isError: true, content: [{ type: "text", text: "An internal error occurred." }] },
    { kind: "broken", code: "AnswerUnreadable", why: "An internal error occurred." },
  ],
  [
    "an answer that says nothing is worth another attempt",
    { structuredContent: {} },
    { kind: "broken", code: "AnswerUnreadable", why: "run_scene answered without a run." },
  ],
  [
    "no answer at all is worth another attempt",
    {},
    { kind: "broken", code: "AnswerUnreadable", why: "run_scene answered nothing." },
  ],
])("%s", ([, result, expected]) => {
  expect(sceneAnswer(result as Readonly<Record<string, unknown>>)).toEqual(expected);
});
