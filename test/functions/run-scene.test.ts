import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { readRun } from "#adapters/audit-table.ts";
import { getShadows } from "#adapters/device-shadows.ts";
import { readHome, readMemberships } from "#adapters/home-table.ts";
import { runWorkflow } from "#adapters/run-scene-workflow.ts";
import { GOODNIGHT, SENT_AT_MS } from "../domain/goodnight.ts";
import {
  aPlanHash,
  BOTH,
  CONCLUDED,
  call,
  containing,
  HOME,
  headersOf,
  MACHINE,
  READ_ONLY,
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
  vi.stubEnv(
    "RUN_SCENE_STATE_MACHINE_ARN",
    "arn:aws:states:us-east-1:000000000000:stateMachine:run-scene",
  );
});
vi.mock("#adapters/home-table.ts", () => ({ readHome: vi.fn(), readMemberships: vi.fn() }));
vi.mock("#adapters/audit-table.ts", () => ({
  hasOutcome: vi.fn().mockResolvedValue(false),
  readRun: vi.fn(),
  readVisits: vi.fn().mockResolvedValue([]),
  putRecord: vi.fn(),
  putFirstRecord: vi.fn().mockResolvedValue(true),
}));
vi.mock("#adapters/device-shadows.ts", () => ({ getShadows: vi.fn() }));
vi.mock("#adapters/schedules-client.ts", () => ({ stageScheduler: vi.fn() }));
vi.mock("#adapters/runs/run-claims.ts", () => ({
  claimRun: vi.fn(async (_: string, __: unknown, { run }: { readonly run: string }) => run),
  claimRunAnew: vi.fn(),
}));
vi.mock("#adapters/run-scene-workflow.ts", () => ({ runWorkflow: vi.fn() }));
// The handler's pauses, on the clock that a test turns.
vi.mock("node:timers/promises", () => ({
  setTimeout: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)),
}));

const homeTable = vi.mocked(readHome);
const auditTable = vi.mocked(readRun);
const shadows = vi.mocked(getShadows);
const workflow = vi.mocked(runWorkflow);

beforeEach(() => {
  vi.useFakeTimers({ now: SENT_AT_MS });
  vi.mocked(readMemberships).mockReset().mockResolvedValue(RESIDENT);
  homeTable.mockReset().mockResolvedValue(HOME);
  auditTable.mockReset().mockResolvedValue(RECORDS);
  shadows.mockReset().mockResolvedValue(new Map());
  workflow.mockReset().mockResolvedValue({ is: "over", output: { result: "done" } });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("run_scene", () => {
  // REQ: never-unattended
  test("of a scene that unlocks asks a person first, and is refused to a machine", async () => {
    const [scene] = HOME.scenes;
    const [stage] = scene?.stages ?? [];
    if (scene === undefined || stage === undefined) throw new Error("no scene");
    const unlocking = { ...stage, devices: { front_door: { lock: { locked: false } } } };
    homeTable.mockResolvedValue({ ...HOME, scenes: [{ ...scene, stages: [unlocking] }] });

    const asMachine = await call("run_scene", { scene: "goodnight" }, MACHINE);
    const asPerson = await call("run_scene", { scene: "goodnight" });

    expect(asMachine).toEqual(refusal("NeedsApproval"));
    expect(asPerson).toMatchObject({ result: "needs_approval", scene: "goodnight" });
    expect(workflow).not.toHaveBeenCalled();
  });

  test("of a scene that the home keeps for people is refused to a machine", async () => {
    const [scene] = HOME.scenes;
    if (scene === undefined) throw new Error("no scene");
    homeTable.mockResolvedValue({ ...HOME, scenes: [{ ...scene, schedules: false }] });

    expect(await call("run_scene", { scene: "goodnight" }, MACHINE)).toEqual(
      refusal("SceneNotForSchedules"),
    );
  });

  test("hands the plan and the request's record to the workflow, and answers its result", async () => {
    const result = await call("run_scene", { scene: "goodnight", reason: "going to bed" });

    expect(result).toEqual({ result: "done" });
    expect(workflow).toHaveBeenCalledTimes(1);
    const [arn, name, input] = workflow.mock.calls[0] ?? [];
    expect(arn).toBe("arn:aws:states:us-east-1:000000000000:stateMachine:run-scene");
    expect(name).toMatch(/^run_[0-9a-hjkmnp-tv-z]{20}$/);
    expect(input).toMatchObject({
      run: { id: name, requestedAt: "2026-01-02T22:00:00.000Z" },
      record: {
        PK: { S: `HOME#home#RUN#${name}` },
        SK: { S: "RUN" },
        home: { S: "home" },
        homeDay: { S: "home#2026-01-02" },
        role: { S: "resident" },
        scene: { S: "goodnight" },
        reason: { S: "going to bed" },
        caller: { M: { sub: { S: "sub-anna" }, username: { S: "anna" } } },
      },
      plan: containing('"scene":"goodnight"'),
      planHash: aPlanHash,
    });
  });

  // REQ: request-id
  test("gives one caller's request id one run, and another caller's another", async () => {
    auditTable.mockResolvedValue(undefined);
    const request = { scene: "goodnight", request_id: "9f1c2a" };

    await call("run_scene", request);
    await call("run_scene", request);
    await call("run_scene", request, { ...headersOf(BOTH), "x-caller-sub": "sub-ben" });

    const [first, second, third] = workflow.mock.calls.map(([, name]) => name);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  test("without a request id is a new run each time", async () => {
    await call("run_scene", { scene: "goodnight" });
    await call("run_scene", { scene: "goodnight" });

    const [first, second] = workflow.mock.calls.map(([, name]) => name);
    expect(second).not.toBe(first);
  });

  test("with a request id that ran before answers that run, and says that nothing was sent", async () => {
    auditTable.mockResolvedValue(CONCLUDED);

    const result = await call("run_scene", { scene: "goodnight", request_id: "9f1c2a" });

    expect(result).toMatchObject({
      run_id: "run_0123456789abcdefghjk",
      finished_at: "2026-01-02T22:00:02.000Z",
      repeated: containing("Nothing was sent again"),
    });
    expect(workflow).not.toHaveBeenCalled();
  });

  test("with a request id whose run began in the same moment answers that run", async () => {
    workflow.mockResolvedValue({ is: "over", output: { isAlreadyRequested: true } });
    auditTable.mockResolvedValueOnce(undefined).mockResolvedValue(CONCLUDED);

    const result = await call("run_scene", { scene: "goodnight", request_id: "9f1c2a" });

    expect(result).toMatchObject({
      run_id: "run_0123456789abcdefghjk",
      repeated: containing("Nothing was sent again"),
    });
  });

  test("without a request id looks for no earlier run", async () => {
    await call("run_scene", { scene: "goodnight" });

    expect(auditTable).not.toHaveBeenCalled();
  });

  // REQ: request-id
  test("of a scene that rejects other runs takes its own run's command for no rival", async () => {
    const rules = { onPartial: "keep", retry: "class_default", holdSeconds: 0 } as const;
    homeTable.mockResolvedValue({
      ...HOME,
      scenes: HOME.scenes.map((one) => ({ ...one, rules: { ...rules, onConflict: "reject" } })),
    });
    auditTable.mockResolvedValue(CONCLUDED);
    const view = {
      desiredCommandId: "run_0123456789abcdefghjk.0",
      desiredExpiresAt: SENT_AT_MS / 1000 + 30,
    };
    shadows.mockResolvedValue(new Map([["home-front_door", { version: 1, view }]]));

    expect(await call("run_scene", { scene: "goodnight", request_id: "9f1c2a" })).toMatchObject({
      run_id: "run_0123456789abcdefghjk",
    });
    expect(await call("run_scene", { scene: "goodnight" })).toEqual(refusal("RunConflict"));
  });

  test("waits for an earlier run that is still going on", async () => {
    auditTable.mockResolvedValueOnce(RECORDS).mockResolvedValue(CONCLUDED);

    const ending = call("run_scene", { scene: "goodnight", request_id: "9f1c2a" });
    await vi.waitFor(() => expect(auditTable).toHaveBeenCalled());
    await vi.advanceTimersByTimeAsync(250);

    expect(await ending).toMatchObject({ result: "done" });
    expect(auditTable).toHaveBeenCalledTimes(2);
  });

  // REQ: answers-in-time
  test.each([
    [{}, 20_000],
    [{ wait_s: 3 }, 3_000],
    [{ wait_s: "45" }, 45_000],
  ])(
    "with a request id whose run goes on joins it, and with %j answers after %d ms",
    async (wait, afterMs) => {
      const ending = call("run_scene", { scene: "goodnight", request_id: "9f1c2a", ...wait });
      const ended = vi.fn();
      void ending.then(ended);
      await vi.waitFor(() => expect(auditTable).toHaveBeenCalled());
      await vi.advanceTimersByTimeAsync(afterMs - 500);
      expect(ended).not.toHaveBeenCalled();
      await vi.advanceTimersByTimeAsync(500);

      expect(await ending).toMatchObject({
        result: "running",
        run_id: "run_0123456789abcdefghjk",
        joined: containing("Nothing was sent again"),
      });
      expect(workflow).not.toHaveBeenCalled();
    },
  );

  // REQ: answers-in-time
  test("that outlasts its caller answers what is known, what is awaited, and how to hear of the end", async () => {
    workflow.mockResolvedValue({ is: "running" });

    expect(await call("run_scene", { scene: "goodnight", wait_s: 5 })).toMatchObject({
      result: "running",
      run_id: "run_0123456789abcdefghjk",
      confirmed: 1,
      still_awaited: [{ device: "hall_lamp", name: "Hall lamp", seconds_left: 2 }],
      next: containing('Call get_run with {"run_id":"run_0123456789abcdefghjk","wait_s":45}'),
    });
    expect(workflow.mock.calls[0]?.[3]).toBe(5_000);
  });

  // REQ: answers-in-time
  test("whose start had no time to arrive is not called running", async () => {
    workflow.mockResolvedValue({ is: "running" });
    auditTable.mockResolvedValue(undefined);

    const answer = call("run_scene", { scene: "goodnight", wait_s: 1 });
    await vi.waitFor(() => expect(auditTable).toHaveBeenCalledTimes(4), { timeout: 5_000 });

    expect(await answer).toMatchObject({
      error: { code: "RunFailed", message: containing("began is not known") },
    });
  });

  // REQ: answers-in-time
  test("that nobody waits for is started only, and answered without a look", async () => {
    workflow.mockResolvedValue({ is: "running" });

    expect(await call("run_scene", { scene: "goodnight", wait_s: 0 })).toMatchObject({
      result: "running",
      acknowledged: 0,
      say: "Goodnight is still running: 0 of 2 devices confirmed so far; still waiting for Front door (up to 10 s), Hall lamp (up to 2 s).",
    });
    expect(workflow.mock.calls[0]?.[3]).toBe(0);
    expect(auditTable).not.toHaveBeenCalled();
  });

  test.each([46, -1, "soon", 1.5])("to wait %j seconds is refused by name", async (seconds) => {
    expect(await call("run_scene", { scene: "goodnight", wait_s: seconds })).toMatchObject({
      error: { code: "ArgumentsInvalid", message: containing('"wait_s" must be ') },
    });
    expect(workflow).not.toHaveBeenCalled();
  });

  // REQ: answers-in-time
  test("whose start broke off on the way tells the run that began, or that nothing is known of it", async () => {
    workflow.mockResolvedValue({ is: "not known", error: new Error("socket hang up") });

    const begun = await call("run_scene", { scene: "goodnight" });
    auditTable.mockResolvedValue(undefined);
    const unknown = await call("run_scene", { scene: "goodnight" });

    expect(begun).toMatchObject({ result: "running", run_id: "run_0123456789abcdefghjk" });
    expect(unknown).toMatchObject({
      error: { code: "RunFailed", message: containing("nothing of it is recorded yet") },
    });
  });

  test.each([
    ["another scene", { ...GOODNIGHT, scene: "away" }],
    ["other parameters", { ...GOODNIGHT, parameters: { level: "70" } }],
    ["other devices left out", { ...GOODNIGHT, leftOut: ["hall_lamp"] }],
  ])("with a request id that was used for %s is refused", async (_, plan) => {
    auditTable.mockResolvedValue({ ...CONCLUDED, plan });

    expect(await call("run_scene", { scene: "goodnight", request_id: "9f1c2a" })).toEqual(
      refusal("RequestIdReused"),
    );
  });

  // REQ: scopes-checked-twice
  test("is refused to a caller who may only read", async () => {
    expect(await call("run_scene", { scene: "goodnight" }, headersOf(READ_ONLY))).toEqual(
      refusal("NotAllowed"),
    );
    expect(homeTable).not.toHaveBeenCalled();
    expect(workflow).not.toHaveBeenCalled();
  });

  test("whose workflow broke off names the error's code and the next step, but no resource", async () => {
    workflow.mockResolvedValue({
      is: "broken off",
      error: "DynamoDB.AmazonDynamoDBException",
      cause:
        "User: arn:aws:sts::000000000000:assumed-role/run-scene/x is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:us-east-1:000000000000:table/audit (Service: AmazonDynamoDBv2; Status Code: 400; Error Code: AccessDeniedException; Request ID: 1)",
    });

    const { error } = (await call("run_scene", { scene: "goodnight" })) as {
      readonly error: { readonly code: string; readonly message: string };
    };

    expect(error.code).toBe("RunFailed");
    expect(error.message).toContain("(DynamoDB.AmazonDynamoDBException, AccessDeniedException)");
    expect(error.message).toContain("Call get_run with");
    expect(error.message).not.toMatch(/arn:|assumed-role|PutItem/);
  });

  test("whose workflow ran out of time names that alone", async () => {
    workflow.mockResolvedValue({ is: "broken off", error: "States.Timeout", cause: "" });

    expect(await call("run_scene", { scene: "goodnight" })).toMatchObject({
      error: { code: "RunFailed", message: containing("(States.Timeout)") },
    });
  });
});
