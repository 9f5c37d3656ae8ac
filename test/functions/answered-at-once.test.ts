import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readAcknowledgements, readHandChanges, readRunEvidence } from "#adapters/audit-table.ts";
import { publishShadowUpdate } from "#adapters/device-shadows.ts";
import type { Acknowledgement } from "#domain/run/acknowledgement.ts";
import type { Plan } from "#domain/run/plan.ts";
import { handler as conclude } from "../../functions/conclude-run/handler.ts";
import { handler as publish } from "../../functions/publish-commands/handler.ts";
import {
  ALARM_ARMED,
  answer,
  DOOR_LOCKED,
  GOODNIGHT,
  LAMP_OFF,
  RUN,
  SENT_AT_MS,
  sent,
} from "../domain/goodnight.ts";
import { lambdaContext } from "./lambda-context.ts";

// What publish-commands makes of the answers of a batch that is a whole stage; its publishing has tests of its own.

vi.hoisted(() => {
  vi.stubEnv("POWERTOOLS_TRACE_ENABLED", "false");
  vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
  vi.stubEnv("THING_PREFIX", "");
  vi.stubEnv("AUDIT_TABLE_NAME", "audit");
  vi.stubEnv("RECORD_RETENTION_DAYS", "400");
});
vi.mock("#adapters/audit-table.ts", () => ({
  readAcknowledgements: vi.fn(),
  readHandChanges: vi.fn(),
  readRunEvidence: vi.fn(),
}));
vi.mock("#adapters/device-shadows.ts", () => ({
  publishShadowUpdate: vi.fn(),
  getShadow: vi.fn(),
  getShadows: vi.fn(),
  updateShadowAtVersion: vi.fn(),
}));
// The handler's pauses, on the clock that a test turns.
vi.mock("node:timers/promises", () => ({
  setTimeout: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)),
}));

const read = vi.mocked(readAcknowledgements);
const evidence = vi.mocked(readRunEvidence);

const evidenceOf = (acknowledgements: readonly Acknowledgement[]) => ({
  acknowledgements,
  judgedBy: ["sha256:0001", "sha256:0002"],
  records: () => undefined,
});

beforeEach(() => {
  vi.useFakeTimers({ now: SENT_AT_MS });
  read.mockReset().mockResolvedValue([]);
  evidence.mockReset().mockResolvedValue(evidenceOf([]));
  vi.mocked(readHandChanges).mockReset().mockResolvedValue([]);
  vi.mocked(publishShadowUpdate).mockReset().mockResolvedValue(undefined);
});
afterEach(() => {
  vi.useRealTimers();
});

const RULES = {
  onConflict: "supersede",
  onPartial: "keep",
  retry: "class_default",
  holdSeconds: 0,
} as const;

const eventOf = (stage: number, plan: Plan = GOODNIGHT) => ({
  home: "home",
  run: RUN,
  requestedAt: "2026-01-02T22:00:00.000Z",
  rules: plan.rules ?? {},
  stage,
  commands: plan.stages[stage]?.commands,
  whole: {
    run: { id: RUN, requestedAt: "2026-01-02T22:00:00.000Z" },
    plan,
    planHash: "sha256:abc",
    sent: Array.from({ length: stage }, (_, index) => sent(index)),
  },
});

/** What the handler answers, and after how many milliseconds of virtual time. */
const timed = async (event: unknown) => {
  const startedAtMs = Date.now();
  const ending = publish(event, lambdaContext()).then((output) => ({
    output,
    afterMs: Date.now() - startedAtMs,
  }));
  await vi.advanceTimersByTimeAsync(20_000);
  return ending;
};

const SENT = { beganAtMs: SENT_AT_MS, sentAtMs: SENT_AT_MS, notSent: [] };
const ANSWERED = { isOver: true, isGateOpen: true, waitSeconds: 1 };

// REQ: answered-at-once
test("a stage whose devices answer at once has been awaited, by one look that costs half", async () => {
  read.mockResolvedValue([DOOR_LOCKED, LAMP_OFF]);

  const { output, afterMs } = await timed(eventOf(0));

  expect(output).toEqual({ ...SENT, answered: ANSWERED });
  expect(afterMs).toBeLessThan(10);
  expect(read.mock.calls.map(([...of]) => [...of.slice(0, 3), of[3].mayBeStale])).toEqual([
    ["audit", "home", RUN, true],
  ]);
  expect(evidence).not.toHaveBeenCalled();
});

// REQ: answered-at-once
test("after the last stage the run is concluded, exactly as conclude-run concludes it, from one strongly consistent look", async () => {
  evidence.mockResolvedValue(evidenceOf([DOOR_LOCKED, LAMP_OFF, ALARM_ARMED]));

  const { output } = await timed(eventOf(1));
  vi.setSystemTime(SENT_AT_MS + 3);
  const { whole } = eventOf(1);
  const stages = [sent(0), { index: 1, ...SENT }];
  const theirs = await conclude({ ...whole, home: "home", sent: stages }, lambdaContext());

  expect(output.answered?.concluded?.result).toMatchObject({ result: "done", confirmed: 3 });
  expect(output.answered).toEqual({ ...ANSWERED, concluded: theirs });
  expect(read).not.toHaveBeenCalled();
});

test("devices that answer within some looks are awaited, and the conclusion comes from a look of its own", async () => {
  read.mockResolvedValueOnce([DOOR_LOCKED]).mockResolvedValue([DOOR_LOCKED, LAMP_OFF, ALARM_ARMED]);
  evidence
    .mockResolvedValueOnce(evidenceOf([DOOR_LOCKED, LAMP_OFF]))
    .mockResolvedValue(evidenceOf([DOOR_LOCKED, LAMP_OFF, ALARM_ARMED]));

  const { output, afterMs } = await timed(eventOf(1));

  expect(output.answered?.concluded?.result).toMatchObject({ result: "done" });
  expect(read).toHaveBeenCalledTimes(2);
  expect(evidence).toHaveBeenCalledTimes(2);
  expect(afterMs).toBeLessThan(30);
});

test("who does not answer at once is left to await-acknowledgements", async () => {
  read.mockResolvedValue([DOOR_LOCKED]);

  const { output, afterMs } = await timed(eventOf(0));

  expect(output).toEqual(SENT);
  expect(afterMs).toBeGreaterThanOrEqual(500);
  expect(afterMs).toBeLessThan(600);
});

test("where a required device refused, the workflow looks by itself", async () => {
  const refused = answer("home-front_door", 0, { lock: { locked: false } }, { status: "FAILED" });
  read.mockResolvedValue([refused, LAMP_OFF]);

  const { output } = await timed(eventOf(0));

  expect(output).toEqual(SENT);
  expect(read).toHaveBeenCalledOnce();
});

test.for([
  ["a command of it is to be taken back", GOODNIGHT, [DOOR_LOCKED, ALARM_ARMED]],
  [
    "what was done is to hold",
    { ...GOODNIGHT, rules: { ...RULES, holdSeconds: 5 } },
    [DOOR_LOCKED, LAMP_OFF, ALARM_ARMED],
  ],
  [
    "it yields to whoever switches by hand",
    { ...GOODNIGHT, rules: { ...RULES, onConflict: "yield_to_manual" as const } },
    [DOOR_LOCKED, LAMP_OFF, ALARM_ARMED],
  ],
] as const)("a run is left to conclude-run where %s", async ([, plan, answers]) => {
  read.mockResolvedValue(answers);
  evidence.mockResolvedValue(evidenceOf(answers));

  const { output } = await timed(eventOf(1, plan));

  expect(output).toEqual({ ...SENT, answered: ANSWERED });
});

test.for([
  ["is sent again", { whole: undefined }],
  ["is a part of its stage", { whole: {} }],
] as const)("nobody looks for the answers to what %s", async ([, more]) => {
  const { output } = await timed({ ...eventOf(0), ...more });

  expect(output).toEqual(SENT);
  expect(read).not.toHaveBeenCalled();
});

test("nobody looks where a command could not be sent", async () => {
  vi.mocked(publishShadowUpdate).mockRejectedValueOnce(new Error("no"));

  const { output } = await timed(eventOf(0));

  expect(output.answered).toBeUndefined();
  expect(output.notSent).toHaveLength(1);
  expect(read).not.toHaveBeenCalled();
});

// REQ: withdrawal
test("what cannot be read loses nothing of what was sent, and is given up with the publishing", async () => {
  read.mockRejectedValue(new DOMException("The operation was aborted", "AbortError"));

  const { output } = await timed(eventOf(0));

  expect(output).toEqual(SENT);
  expect(read.mock.calls[0]?.[3].until).toBe(vi.mocked(publishShadowUpdate).mock.calls[0]?.[2]);
});

test("a plan with a thing of another home is refused before anything is sent", async () => {
  const [first, ...others] = GOODNIGHT.stages;
  const foreign = first?.commands.map((command) => ({ ...command, thing: "cabin-front_door" }));
  const stages = [{ ...first, commands: foreign }, ...others];
  const event = eventOf(1);
  const whole = { ...event.whole, plan: { ...GOODNIGHT, stages } };

  await expect(publish({ ...event, whole }, lambdaContext())).rejects.toMatchObject({
    code: "RecordInvalid",
  });
  expect(publishShadowUpdate).not.toHaveBeenCalled();
});
