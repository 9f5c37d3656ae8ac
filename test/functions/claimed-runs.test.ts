import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { hasOutcome, readRun } from "#adapters/audit-table.ts";
import { getShadows } from "#adapters/device-shadows.ts";
import { readHome, readMemberships } from "#adapters/home-table.ts";
import { type ExecutionEnd, runWorkflow } from "#adapters/run-scene-workflow.ts";
import { claimRun } from "#adapters/runs/run-claims.ts";
import type { RunRecords } from "#domain/audit/run-records.ts";
import type { Home } from "#domain/home/home.ts";
import { isObject } from "#domain/json.ts";
import { parsePlan } from "#domain/run/parse-plan.ts";
import { SENT_AT_MS } from "../domain/goodnight.ts";
import { claims } from "../support/tools/claims-in-memory.ts";
import {
  BOTH,
  CONCLUDED,
  call,
  containing,
  HOME,
  headersOf,
  RECORDS,
  RESIDENT,
  refusal,
} from "./called-home.ts";

vi.hoisted(() => {
  vi.stubEnv("POWERTOOLS_TRACE_ENABLED", "false");
  vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
  vi.stubEnv("HOME_TABLE_NAME", "home");
  vi.stubEnv("AUDIT_TABLE_NAME", "audit");
  vi.stubEnv("RECORD_RETENTION_DAYS", "400");
  vi.stubEnv("RUN_SCENE_STATE_MACHINE_ARN", "arn:run-scene");
});
vi.mock("#adapters/home-table.ts", () => ({ readHome: vi.fn(), readMemberships: vi.fn() }));
vi.mock("#adapters/audit-table.ts", () => ({
  hasOutcome: vi.fn().mockResolvedValue(false),
  readRun: vi.fn(),
  putRecord: vi.fn(),
  putFirstRecord: vi.fn().mockResolvedValue(true),
}));
vi.mock("#adapters/device-shadows.ts", () => ({ getShadows: vi.fn() }));
vi.mock("#adapters/schedules-client.ts", () => ({ stageScheduler: vi.fn() }));
vi.mock("#adapters/runs/run-claims.ts", async () => {
  const inMemory = await import("../support/tools/claims-in-memory.ts");
  return { ...inMemory, claimRun: vi.fn(inMemory.claimRun) };
});
vi.mock("#adapters/run-scene-workflow.ts", () => ({ runWorkflow: vi.fn() }));

let runs: Map<string, RunRecords>;
const started = (): readonly string[] => vi.mocked(runWorkflow).mock.calls.map(([, id]) => id);

const UNLOCKING: Home = {
  ...HOME,
  scenes: HOME.scenes.map((scene) => ({
    ...scene,
    stages: scene.stages.map((stage) => ({
      ...stage,
      devices: { front_door: { lock: { locked: false } } },
    })),
  })),
};

beforeEach(() => {
  vi.useFakeTimers({ now: SENT_AT_MS });
  claims.clear();
  vi.mocked(claimRun).mockClear();
  vi.mocked(hasOutcome).mockClear();
  runs = new Map();
  vi.mocked(readMemberships).mockResolvedValue(RESIDENT);
  vi.mocked(readHome).mockResolvedValue(HOME);
  vi.mocked(getShadows).mockResolvedValue(new Map());
  vi.mocked(readRun).mockImplementation(async (_, __, run) => runs.get(run));
  // Each run that is started is recorded, and goes on.
  vi.mocked(runWorkflow)
    .mockReset()
    .mockImplementation(async (_, id, input) => {
      if (runs.has(id)) return { is: "over", output: { isAlreadyRequested: true } };
      const plan = isObject(input) ? parsePlan(String(input.plan), "the input") : RECORDS.plan;
      const request = { ...RECORDS.request, id, requestedAt: new Date().toISOString() };
      runs.set(id, { ...RECORDS, request, plan, acknowledgements: [] });
      return { is: "running" };
    });
});
afterEach(() => {
  vi.useRealTimers();
});

const goodnight = (more: object = {}): Promise<unknown> =>
  call("run_scene", { scene: "goodnight", wait_s: 0, ...more });

describe("a call with a request id", () => {
  // REQ: joined-runs
  test("runs beside a run that goes on, which keeps its claim: the next call without an id joins that", async () => {
    await goodnight();
    await goodnight({ request_id: "one" });

    const joined = await goodnight();

    expect(started()).toHaveLength(2);
    expect(joined).toMatchObject({
      result: "running",
      run_id: started()[0],
      joined: containing("Nothing was sent again"),
    });
  });

  // REQ: joined-runs
  test("is joined by a call without one while it goes on, where the run that was claimed before has ended", async () => {
    await goodnight();
    const [first = ""] = started();
    runs.set(first, { ...CONCLUDED, request: { ...CONCLUDED.request, id: first } });
    await goodnight({ request_id: "one" });

    const joined = await goodnight();

    expect(started()).toHaveLength(2);
    expect(joined).toMatchObject({ result: "running", run_id: started()[1] });
  });

  // REQ: joined-runs
  test.each([
    ["joined", "of that nothing was recorded for some seconds", 6_000, 2],
    ["not joined", "that one may still begin", 3_000, 3],
  ])(
    "is %s by a call without one, where another had claimed a run that never began: %s",
    async (_, __, afterMs, starts) => {
      vi.mocked(runWorkflow).mockResolvedValueOnce({
        is: "not known",
        error: new Error("hang up"),
      });
      await goodnight();
      vi.advanceTimersByTime(afterMs);
      await goodnight({ request_id: "one" });

      await goodnight();

      expect(started()).toHaveLength(starts);
    },
  );

  test("that begins nothing claims nothing, because its plan awaits an approval", async () => {
    vi.mocked(readHome).mockResolvedValue(UNLOCKING);

    const asked = await goodnight({ request_id: "one" });

    expect(asked).toMatchObject({ result: "needs_approval" });
    expect(claims.size).toBe(0);
  });

  test("that begins nothing claims nothing, because another run commands its devices", async () => {
    const rules = { onConflict: "reject", onPartial: "keep", retry: "class_default" } as const;
    vi.mocked(readHome).mockResolvedValue({
      ...HOME,
      scenes: HOME.scenes.map((one) => ({ ...one, rules: { ...rules, holdSeconds: 0 } })),
    });
    const view = {
      desiredCommandId: "run_kjhgfedcba9876543210.0",
      desiredExpiresAt: SENT_AT_MS / 1000 + 30,
    };
    vi.mocked(getShadows).mockResolvedValue(new Map([["home-front_door", { version: 1, view }]]));

    const refused = await goodnight({ request_id: "one" });

    expect(refused).toEqual(refusal("RunConflict"));
    expect(claims.size).toBe(0);
  });
});

// REQ: joined-runs
test("a claimed run that begins late is joined also when it was claimed longer ago than a run can take", async () => {
  vi.mocked(runWorkflow).mockResolvedValueOnce({ is: "not known", error: new Error("hang up") });
  await goodnight();
  vi.advanceTimersByTime(329_000);
  await goodnight();
  vi.advanceTimersByTime(2_000);

  const joined = await goodnight();

  const [run] = started();
  expect(started()).toEqual([run, run]);
  expect(joined).toMatchObject({ run_id: run, joined: containing("Nothing was sent again") });
});

// REQ: joined-runs
test("of two equal calls at the same instant the one that looks when the run is over is told that run's end, in words that fit", async () => {
  const bothStart = Promise.withResolvers<void>();
  vi.mocked(runWorkflow).mockImplementation(async (_, id) => {
    if (started().length === 2) bothStart.resolve();
    await bothStart.promise;
    if (runs.has(id)) return { is: "over", output: { isAlreadyRequested: true } };
    runs.set(id, { ...CONCLUDED, request: { ...CONCLUDED.request, id } });
    return { is: "over", output: { result: "done", run_id: id } };
  });

  const answers = await Promise.all([goodnight(), goodnight()]);

  const [run] = started();
  expect(started()).toEqual([run, run]);
  // Whichever of them began it.
  const told = answers.find((answer) => isObject(answer) && answer.joined !== undefined);
  expect(answers).toContainEqual({ result: "done", run_id: run });
  expect(told).toMatchObject({
    result: "done",
    run_id: run,
    joined: `The same request ran already, as ${run} 0 s ago; this is its result. Nothing was sent again.`,
  });
  expect(JSON.stringify(answers)).not.toContain("request_id");
});

describe("after a run whose end this process was told", () => {
  const end = async (_: string, id: string): Promise<ExecutionEnd> => {
    runs.set(id, { ...CONCLUDED, request: { ...CONCLUDED.request, id } });
    return { is: "over", output: { result: "done", run_id: id } };
  };
  const goodnightToItsEnd = async (): Promise<void> => {
    vi.mocked(runWorkflow).mockImplementationOnce(end);
    await goodnight();
    vi.mocked(claimRun).mockClear();
    vi.mocked(hasOutcome).mockClear();
  };

  // REQ: joined-runs
  test.each([
    ["without a request id", {}],
    ["with one", { request_id: "one" }],
  ])("the same call %s takes its claim over by one write, and reads nothing", async (_, more) => {
    await goodnightToItsEnd();

    await goodnight(more);

    const [, second] = started();
    expect(vi.mocked(claimRun)).toHaveBeenCalledOnce();
    expect(vi.mocked(hasOutcome)).not.toHaveBeenCalled();
    expect([...claims.values()].map(({ run }) => run)).toEqual([second]);
  });

  // REQ: joined-runs
  test("two equal calls at the same instant are one run", async () => {
    await goodnightToItsEnd();

    const answers = await Promise.all([goodnight(), goodnight()]);

    const [first, second] = started();
    expect(second).not.toBe(first);
    expect(answers).toEqual([
      expect.objectContaining({ run_id: second }),
      expect.objectContaining({ run_id: second }),
    ]);
  });

  // REQ: joined-runs
  test("a run that somebody else has claimed meanwhile, and that goes on, is joined", async () => {
    await goodnightToItsEnd();
    const other = "run_kjhgfedcba9876543210";
    const [[key, claim] = ["", { key: "", run: "", claimedAtMs: 0 }]] = claims;
    claims.set(key, { ...claim, run: other });
    const requestedAt = new Date().toISOString();
    runs.set(other, { ...RECORDS, request: { ...RECORDS.request, id: other, requestedAt } });

    const joined = await goodnight();

    expect(started()).toHaveLength(1);
    expect(joined).toMatchObject({ run_id: other, joined: containing("Nothing was sent again") });
  });

  // REQ: joined-runs
  test("somebody else who asks for the same is not taken for its caller", async () => {
    await goodnightToItsEnd();

    await call(
      "run_scene",
      { scene: "goodnight", wait_s: 0 },
      { ...headersOf(BOTH), "x-caller-sub": "sub-ben" },
    );

    expect(vi.mocked(claimRun).mock.calls.map(([, , , after]) => after)).toEqual([undefined]);
  });

  // REQ: joined-runs
  test.each<[string, ExecutionEnd]>([
    ["goes on", { is: "running" }],
    ["broke off", { is: "broken off", error: "States.Timeout", cause: "" }],
    ["is not known to have begun", { is: "not known", error: new Error("hang up") }],
    ["was begun by another", { is: "over", output: { isAlreadyRequested: true } }],
  ])("a run that %s is looked at before its claim is taken over", async (_, told) => {
    vi.mocked(runWorkflow).mockImplementationOnce(async (arn, id) => {
      await end(arn, id);
      return told;
    });
    await goodnight({ except: ["hall lamp"] });
    vi.mocked(claimRun).mockClear();

    await goodnight({ except: ["hall lamp"] });

    const [first = "", second] = started();
    expect(vi.mocked(claimRun).mock.calls.map(([, , , after]) => after)).toEqual([
      undefined,
      { run: first },
    ]);
    expect(second).not.toBe(first);
  });
});

test("of ends no more than a hundred are kept in mind", async () => {
  const { noteEnd } = await import("../../functions/home/call/claim-run.ts");
  vi.mocked(runWorkflow).mockImplementationOnce(async (_, id) => ({
    is: "over",
    output: { result: "done", run_id: id },
  }));
  await goodnight();
  for (let one = 0; one < 100; one += 1) {
    noteEnd(RECORDS.request.caller, { planHash: `sha256:${one}` }, `run_${one}`);
  }
  vi.mocked(claimRun).mockClear();

  await goodnight();

  expect(vi.mocked(claimRun).mock.calls[0]?.[3]).toBeUndefined();
});
