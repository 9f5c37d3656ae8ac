import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { putFirstRecord, readRun, readRunOf } from "#adapters/audit-table.ts";
import { getEveryShadow } from "#adapters/device-shadows.ts";
import { readHome, readMemberships } from "#adapters/home-table.ts";
import { runWorkflow } from "#adapters/run-scene-workflow.ts";
import type { RunRecords } from "#domain/audit/run-records.ts";
import { isObject } from "#domain/json.ts";
import type { DeviceOutcome } from "#domain/run/outcome.ts";
import { parsePlan } from "#domain/run/parse-plan.ts";
import type { Undone } from "#domain/run/undone.ts";
import { handler as undoByItself } from "../../functions/undo-partly-done/handler.ts";
import { RUN, SENT_AT_MS } from "../domain/goodnight.ts";
import { claims } from "../support/tools/claims-in-memory.ts";
import {
  BOTH,
  CONCLUDED,
  call,
  containing,
  HOME,
  headersOf,
  LAMP_CONFIRMED,
  RECORDS,
  RESIDENT,
  refusal,
} from "./called-home.ts";
import { lambdaContext } from "./lambda-context.ts";

vi.hoisted(() => {
  vi.stubEnv("POWERTOOLS_TRACE_ENABLED", "false");
  vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
  vi.stubEnv("HOME_TABLE_NAME", "home");
  vi.stubEnv("AUDIT_TABLE_NAME", "audit");
  vi.stubEnv("RECORD_RETENTION_DAYS", "400");
  vi.stubEnv("RUN_SCENE_STATE_MACHINE_ARN", "arn:run-scene");
});
vi.mock("node:timers/promises", () => ({ setTimeout: async () => undefined }));
vi.mock("#adapters/home-table.ts", () => ({ readHome: vi.fn(), readMemberships: vi.fn() }));
vi.mock("#adapters/audit-table.ts", () => ({
  hasOutcome: vi.fn(),
  readRun: vi.fn(),
  readRunOf: vi.fn(),
  putRecord: vi.fn(),
  putFirstRecord: vi.fn(),
}));
vi.mock("#adapters/device-shadows.ts", () => ({ getEveryShadow: vi.fn() }));
vi.mock("#adapters/schedules-client.ts", () => ({ stageScheduler: vi.fn() }));
vi.mock("#adapters/runs/run-claims.ts", () => import("../support/tools/claims-in-memory.ts"));
vi.mock("#adapters/run-scene-workflow.ts", () => ({ runWorkflow: vi.fn() }));

const DOOR: DeviceOutcome = {
  ...LAMP_CONFIRMED,
  device: "front_door",
  name: "Front door",
  outcome: "timed_out",
  asked: { lock: { locked: true } },
};
const RAN: RunRecords = {
  ...CONCLUDED,
  acknowledgements: [],
  conclusion: { outcomes: [DOOR, LAMP_CONFIRMED], finishedAt: "2026-01-02T22:00:02.000Z" },
};
const WHOLE_OR_NOT: RunRecords = {
  ...RAN,
  plan: {
    ...RAN.plan,
    rules: {
      onConflict: "supersede",
      onPartial: "undo",
      retry: "class_default",
      holdSeconds: 0,
    },
  },
};

let runs: Map<string, RunRecords>;
const begun = (): readonly string[] => [...runs.keys()].filter((id) => id !== RUN);

const end = (id: string): void => {
  const records = runs.get(id);
  if (records === undefined) throw new Error(`There is no run ${id}`);
  const conclusion = { outcomes: [LAMP_CONFIRMED], finishedAt: "2026-01-02T22:00:30.000Z" };
  runs.set(id, { ...records, conclusion });
};

const endLate = (id: string): void => {
  const records = runs.get(id);
  if (records === undefined) throw new Error(`There is no run ${id}`);
  const outcome: DeviceOutcome = { ...LAMP_CONFIRMED, outcome: "not_sent", reason: "STARTED_LATE" };
  const conclusion = { outcomes: [outcome], finishedAt: "2026-01-02T22:00:30.000Z" };
  runs.set(id, { ...records, conclusion });
};

beforeEach(() => {
  vi.useFakeTimers({ now: SENT_AT_MS + 3_000, toFake: ["Date"] });
  claims.clear();
  runs = new Map([[RUN, WHOLE_OR_NOT]]);
  vi.mocked(readMemberships).mockResolvedValue(RESIDENT);
  vi.mocked(readHome).mockResolvedValue(HOME);
  vi.mocked(getEveryShadow)
    .mockReset()
    .mockResolvedValue(
      new Map([["home-hall_lamp", { version: 1, view: { reported: { light: { on: false } } } }]]),
    );
  vi.mocked(readRun).mockImplementation(async (_, __, run) => runs.get(run));
  vi.mocked(readRunOf).mockImplementation(async (_, __, run) => runs.get(run));
  vi.mocked(putFirstRecord).mockReset().mockResolvedValue(true);
  // What is started is recorded by whoever comes first, and goes on.
  vi.mocked(runWorkflow)
    .mockReset()
    .mockImplementation(async (_, id, input) => {
      if (runs.has(id)) return { is: "over", output: { isAlreadyRequested: true } };
      const plan = isObject(input) ? parsePlan(String(input.plan), "the input") : RECORDS.plan;
      const requestId = /"requestId":\{"S":"(\w+)"\}/.exec(JSON.stringify(input))?.[1];
      const request = {
        ...RECORDS.request,
        id,
        ...(requestId === undefined ? {} : { requestId }),
        requestedAt: new Date().toISOString(),
      };
      runs.set(id, { ...RECORDS, request, plan, acknowledgements: [] });
      return { is: "running" };
    });
});
afterEach(() => {
  vi.useRealTimers();
});

const BEN = { ...headersOf(BOTH), "x-caller-sub": "sub-ben", "x-caller-username": "ben" };
const undo = (more: object = {}, headers: object = headersOf(BOTH)): Promise<unknown> =>
  call("undo_run", { run_id: RUN, wait_s: 0, ...more }, headers);
const handOn = () => undoByItself({ home: "home", run: RUN }, lambdaContext({}));

// REQ: undone-by-itself
// REQ: undone-once-at-a-time
describe("a run that is to be taken back by itself", () => {
  test.each([
    ["who ran it", headersOf(BOTH), {}],
    ["another resident", BEN, {}],
    ["another resident with a request id", BEN, { request_id: "u1" }],
  ])(
    "is taken back once, where %s asks for that in the moment before it begins",
    async (_, headers, more) => {
      const asked = await undo(more, headers);
      const byItself = await handOn();

      const [id] = begun();
      expect(begun()).toEqual([id]);
      expect(asked).toMatchObject({ result: "running", run_id: id, undoes: RUN });
      expect(byItself).toMatchObject({ by: id, leftAlone: [{ device: "front_door" }, {}] });
      expect(runWorkflow).toHaveBeenCalledTimes(1);
    },
  );

  test.each([
    ["who ran it", headersOf(BOTH), {}],
    ["another resident", BEN, {}],
    ["another resident with a request id", BEN, { request_id: "u1" }],
  ])("is taken back once, where %s asks for that when it has just begun", async (_, who, more) => {
    await handOn();

    const asked = await undo(more, who);

    const [id] = begun();
    expect(begun()).toEqual([id]);
    expect(asked).toMatchObject({
      result: "running",
      run_id: id,
      undoes: RUN,
      joined: containing("Nothing was sent again"),
    });
  });

  test("is taken back once, where its undo begins while a resident's is being made: that is told, not that nothing can be", async () => {
    vi.mocked(getEveryShadow).mockImplementationOnce(async () => {
      await handOn();
      return new Map([
        ["home-hall_lamp", { version: 2, view: { reported: { light: { on: true } } } }],
      ]);
    });

    const asked = await undo({}, BEN);

    const [id] = begun();
    expect(begun()).toEqual([id]);
    expect(asked).toMatchObject({ result: "running", run_id: id, undoes: RUN });
  });

  test("is taken back once, where a resident begins that while it is about to begin by itself: that run is recorded as its undo", async () => {
    vi.mocked(getEveryShadow).mockImplementationOnce(async () => {
      await undo({}, BEN);
      return new Map([
        ["home-hall_lamp", { version: 2, view: { reported: { light: { on: true } } } }],
      ]);
    });

    const byItself = await handOn();

    const [id] = begun();
    expect(begun()).toEqual([id]);
    expect(byItself).toMatchObject({ by: id, leftAlone: [{ device: "front_door" }, {}] });
    expect(vi.mocked(putFirstRecord).mock.calls).toMatchObject([["audit", { SK: "UNDO", by: id }]]);
  });

  test.each<[string, Undone | undefined]>([
    ["nothing, because the event died", undefined],
    ["that it was refused", { refused: "NotAllowed", why: 'In "Home" you are a guest.' }],
    ["that nothing could be taken back", { leftAlone: [] }],
  ])(
    "is told by get_run to be taken back by the run that a resident began, where %s is recorded",
    async (_, undone) => {
      runs.set(RUN, { ...WHOLE_OR_NOT, ...(undone === undefined ? {} : { undone }) });
      await undo({}, BEN);
      vi.advanceTimersByTime(120_000);

      const told = await call("get_run", { run_id: RUN });

      const [id = ""] = begun();
      expect(told).toMatchObject({
        result: "partly_done",
        say: containing(`It is taken back by ${id}.`),
        undone: { run_id: id, left_alone: [{ device: "front_door" }, { device: "alarm" }] },
      });
    },
  );

  test("is told by get_run not to be taken back where nobody did that", async () => {
    vi.advanceTimersByTime(120_000);

    const told = await call("get_run", { run_id: RUN });

    expect(told).toMatchObject({
      say: containing("It was not taken back."),
      undone: { next: containing("Call undo_run with ") },
    });
  });

  test("is taken back by another run where that began too late and sent nothing, also by whoever is faster", async () => {
    await handOn();
    const [first = ""] = begun();
    endLate(first);

    const byItself = await handOn();
    const asked = await undo({}, BEN);
    const told = await call("get_run", { run_id: RUN });

    const [, second] = begun();
    expect(begun()).toEqual([first, second]);
    expect(byItself).toMatchObject({ by: second });
    expect(asked).toMatchObject({ run_id: second, joined: containing("already") });
    expect(told).toMatchObject({ undone: { run_id: second } });
  });

  test("is taken back once by a resident, and not by itself too, where its undo began too late and sent nothing", async () => {
    await handOn();
    const [first = ""] = begun();
    endLate(first);

    const asked = await undo({ request_id: "u1" }, BEN);
    const byItself = await handOn();

    const [, second] = begun();
    expect(begun()).toEqual([first, second]);
    expect(asked).toMatchObject({ result: "running", run_id: second });
    expect(byItself).toMatchObject({ by: second });
  });

  test("whose undo is begun late by an earlier try waits for its end, and tries again", async () => {
    vi.mocked(runWorkflow).mockImplementationOnce(async (_, id) => {
      // Asked for a minute ago; it has ended when that is looked at once more.
      const request = { ...RECORDS.request, id, requestedAt: new Date(0).toISOString() };
      runs.set(id, { ...RECORDS, request, acknowledgements: [] });
      vi.mocked(readRunOf).mockImplementationOnce(async () => {
        const recorded = runs.get(id);
        endLate(id);
        return recorded;
      });
      return { is: "running" };
    });

    await expect(handOn()).rejects.toThrow("is not known");
    const byItself = await handOn();

    const [, second] = begun();
    expect(byItself).toMatchObject({ by: second });
    expect(vi.mocked(putFirstRecord).mock.calls).toMatchObject([["audit", { by: second }]]);
  });

  test("is told by get_run to be taken back by nobody, and how it can be, where what is recorded as its undo began too late", async () => {
    await handOn();
    const [first = ""] = begun();
    endLate(first);
    runs.set(RUN, { ...WHOLE_OR_NOT, undone: { by: first, leftAlone: [] } });

    const told = await call("get_run", { run_id: RUN });

    expect(told).toMatchObject({
      say: containing(`It could not be taken back: ${first} began too late and sent nothing.`),
      undone: {
        error: { code: "RunFailed" },
        next: containing(`undo_run with {"run_id":"${RUN}"}`),
      },
    });
  });

  test("can be taken back once more when that has ended", async () => {
    await handOn();
    const [id = ""] = begun();
    end(id);

    const asked = await undo({}, BEN);

    expect(begun()).toEqual([id, expect.stringMatching(/^run_/)]);
    expect(asked).toMatchObject({ result: "running", run_id: begun()[1], undoes: RUN });
    expect(asked).not.toHaveProperty("joined");
  });

  // REQ: request-id
  test("by a call with a request id is told to the same call again, also after its end", async () => {
    await undo({ request_id: "u1" });
    const [id = ""] = begun();
    end(id);

    const again = await undo({ request_id: "u1" });

    expect(begun()).toEqual([id]);
    expect(again).toMatchObject({ run_id: id, undoes: RUN, repeated: containing(`ran as ${id}`) });
  });
});

// REQ: request-id
describe("an undo that has not its request's own id", () => {
  const begins = {
    "is the one that was to begin by itself": async () => undefined,
    "had begun by itself": async () => {
      await handOn();
    },
    "another resident had asked for": async () => {
      runs.set(RUN, RAN);
      await undo();
    },
  };

  test.each(Object.entries(begins))(
    "is told to the same call again, also after its end, and to get_run: it %s",
    async (_, before) => {
      await before();
      await undo({ request_id: "u1" }, BEN);
      const [id = ""] = begun();
      end(id);

      const again = await undo({ request_id: "u1" }, BEN);
      const found = await call("get_run", { request_id: "u1" }, BEN);

      expect(begun()).toEqual([id]);
      expect(again).toMatchObject({ run_id: id, undoes: RUN, repeated: containing(id) });
      expect(found).toMatchObject({ run_id: id });
    },
  );

  test("is told to nobody else's request id, and refused to the same one for another run", async () => {
    await handOn();
    await undo({ request_id: "u1" }, BEN);
    const other = "run_kjhgfedcba9876543210";
    runs.set(other, { ...RAN, request: { ...RAN.request, id: other } });

    const anna = await call("get_run", { request_id: "u1" });
    const reused = await undo({ request_id: "u1", run_id: other }, BEN);

    expect(anna).toMatchObject({ error: { code: "RunUnknown" } });
    expect(reused).toEqual(refusal("RequestIdReused"));
  });

  test("is kept for its request before it is started, so that who gets no answer finds it", async () => {
    vi.mocked(runWorkflow).mockImplementationOnce(async (_, id, input) => {
      const plan = isObject(input) ? parsePlan(String(input.plan), "the input") : RECORDS.plan;
      runs.set(id, { ...RECORDS, request: { ...RECORDS.request, id }, plan });
      throw new Error("the function dies");
    });
    await expect(undo({ request_id: "u1" }, BEN)).rejects.toThrow("the function dies");

    const found = await call("get_run", { request_id: "u1" }, BEN);

    expect(found).toMatchObject({ run_id: begun()[0] });
  });
});

// REQ: undone-once-at-a-time
describe("a run that two take back", () => {
  beforeEach(() => {
    runs = new Map([[RUN, RAN]]);
  });

  test.each([
    ["without request ids", {}, {}],
    ["one of them with a request id", { request_id: "u1" }, {}],
    ["each with a request id", { request_id: "u1" }, { request_id: "u2" }],
  ])("at the same instant, %s, is taken back once", async (_, first, second) => {
    const answers = await Promise.all([undo(first), undo(second, BEN)]);

    const [id] = begun();
    expect(begun()).toEqual([id]);
    for (const answer of answers) {
      expect(answer).toMatchObject({ result: "running", run_id: id, undoes: RUN });
    }
    expect(answers.filter((one) => isObject(one) && one.joined !== undefined)).toHaveLength(1);
  });

  test("is told to who begins it a moment later without what only looks left alone: the other takes it back", async () => {
    vi.mocked(getEveryShadow).mockImplementationOnce(async () => {
      await undo();
      // The lamp is back already.
      return new Map([
        ["home-hall_lamp", { version: 2, view: { reported: { light: { on: true } } } }],
      ]);
    });

    const joined = await undo({}, BEN);

    expect(begun()).toHaveLength(1);
    expect(joined).toMatchObject({
      run_id: begun()[0],
      undoes: RUN,
      joined: containing("already"),
    });
    expect(joined).not.toHaveProperty("left_alone");
  });

  test("is told to the second of two starts under one id as the first's, with nothing that was left alone", async () => {
    vi.mocked(runWorkflow).mockImplementationOnce(async (_, id) => {
      const plan = { ...RAN.plan, undoes: RUN };
      const request = { ...RECORDS.request, id, requestedAt: new Date().toISOString() };
      runs.set(id, { ...RECORDS, request, plan, acknowledgements: [] });
      return { is: "over", output: { isAlreadyRequested: true } };
    });

    const joined = await undo({}, BEN);

    expect(joined).toMatchObject({ run_id: begun()[0], joined: containing("already") });
    expect(joined).not.toHaveProperty("left_alone");
  });

  test("one while the other does is taken back once", async () => {
    await undo({ request_id: "u1" });

    const joined = await undo({ request_id: "u2" }, BEN);

    expect(begun()).toHaveLength(1);
    expect(joined).toMatchObject({ run_id: begun()[0], joined: containing("already") });
  });
});
