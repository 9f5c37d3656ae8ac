import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { readRun } from "#adapters/audit-table.ts";
import { getShadows } from "#adapters/device-shadows.ts";
import { readHome, readMemberships } from "#adapters/home-table.ts";
import { runWorkflow } from "#adapters/run-scene-workflow.ts";
import type { RunRecords } from "#domain/audit/run-records.ts";
import type { Home } from "#domain/home/home.ts";
import { isObject } from "#domain/json.ts";
import { parsePlan } from "#domain/run/parse-plan.ts";
import { SENT_AT_MS } from "../domain/goodnight.ts";
import { claims } from "../support/tools/claims-in-memory.ts";
import { CONCLUDED, call, containing, HOME, RECORDS, RESIDENT, refusal } from "./called-home.ts";

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
vi.mock("#adapters/runs/run-claims.ts", () => import("../support/tools/claims-in-memory.ts"));
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
