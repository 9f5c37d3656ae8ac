import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { readRun } from "#adapters/audit-table.ts";
import { getEveryShadow } from "#adapters/device-shadows.ts";
import { readHome, readMemberships } from "#adapters/home-table.ts";
import { runWorkflow } from "#adapters/run-scene-workflow.ts";
import type { RunRecords } from "#domain/audit/run-records.ts";
import type { ReportedState } from "#domain/home/vocabulary.ts";
import { isObject } from "#domain/json.ts";
import type { DeviceOutcome } from "#domain/run/outcome.ts";
import { parsePlan } from "#domain/run/parse-plan.ts";
import type { Undone } from "#domain/run/undone.ts";
import { RUN, SENT_AT_MS } from "../domain/goodnight.ts";
import {
  CONCLUDED,
  call,
  containing,
  HOME,
  LAMP_CONFIRMED,
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
  putRecord: vi.fn(),
  putFirstRecord: vi.fn(),
}));
vi.mock("#adapters/device-shadows.ts", () => ({
  getEveryShadow: vi.fn(),
  getShadows: vi.fn(async () => new Map()),
}));
vi.mock("#adapters/schedules-client.ts", () => ({ stageScheduler: vi.fn() }));
vi.mock("#adapters/runs/run-claims.ts", () => ({
  claimRun: vi.fn(async (_: string, __: unknown, { run }: { readonly run: string }) => run),
  putClaim: vi.fn(),
  readClaim: vi.fn(),
}));
vi.mock("#adapters/run-scene-workflow.ts", () => ({ runWorkflow: vi.fn() }));

const workflow = vi.mocked(runWorkflow);

const ALARM = {
  id: "alarm",
  name: "Alarm",
  aliases: [],
  kind: "alarm",
  room: "Hall",
  thing: "home-alarm",
} as const;

const DOOR: DeviceOutcome = {
  ...LAMP_CONFIRMED,
  device: "front_door",
  name: "Front door",
  asked: { lock: { locked: true } },
  before: { lock: { locked: false } },
  after: { lock: { locked: true } },
};
const ARMED: DeviceOutcome = {
  ...LAMP_CONFIRMED,
  device: "alarm",
  name: "Alarm",
  stage: 1,
  asked: { alarm: { mode: "armed_night" } },
  before: { alarm: { mode: "armed_home" } },
  after: { alarm: { mode: "armed_night" } },
};

const ended = (...outcomes: readonly DeviceOutcome[]): void => {
  const conclusion = { outcomes, finishedAt: "2026-01-02T22:00:02.000Z" };
  vi.mocked(readRun).mockImplementation(async (_, __, run) =>
    run === RUN ? { ...CONCLUDED, acknowledgements: [], conclusion } : undefined,
  );
};
const nowReporting = (reported: Readonly<Record<string, ReportedState>>): void => {
  vi.mocked(getEveryShadow).mockResolvedValue(
    new Map(
      Object.entries(reported).map(([device, state]) => [
        `home-${device}`,
        { version: 1, view: { reported: state } },
      ]),
    ),
  );
};

beforeEach(() => {
  vi.useFakeTimers({ now: SENT_AT_MS + 60_000 });
  vi.mocked(readMemberships).mockResolvedValue(RESIDENT);
  vi.mocked(readHome).mockResolvedValue({ ...HOME, devices: [...HOME.devices, ALARM] });
  workflow.mockReset().mockResolvedValue({ is: "over", output: { result: "done" } });
  ended(DOOR, LAMP_CONFIRMED, ARMED);
  nowReporting({
    front_door: { lock: { locked: true } },
    hall_lamp: { light: { on: false } },
    alarm: { alarm: { mode: "armed_night" } },
  });
});
afterEach(() => {
  vi.useRealTimers();
});

const undo = (): Promise<unknown> => call("undo_run", { run_id: RUN, reason: "too early" });

/** What the workflow was asked to ask of each device. */
const asked = (): object => {
  const input = workflow.mock.calls[0]?.[2];
  const text = isObject(input) && typeof input.plan === "string" ? input.plan : "";
  return Object.fromEntries(
    parsePlan(text, "the undo").stages.flatMap(({ commands }) =>
      commands.map(({ device, want }) => [device, want]),
    ),
  );
};

test("an undo restores what each device reported before, is a run of its own, and never unlocks", async () => {
  const result = await undo();

  expect(asked()).toEqual({
    hall_lamp: { light: { on: true, brightness: 40 } },
    alarm: { alarm: { mode: "armed_home" } },
  });
  expect(workflow.mock.calls[0]?.[2]).toMatchObject({
    record: { scene: { S: "goodnight" }, reason: { S: "too early" } },
    plan: expect.stringContaining('"undoes":"run_0123456789abcdefghjk"') as unknown,
  });
  expect(result).toEqual({
    result: "done",
    undoes: "run_0123456789abcdefghjk",
    left_alone: [
      {
        device: "front_door",
        name: "Front door",
        why: "an undo never lets anybody in (unlock)",
      },
    ],
  });
});

// REQ: undo-untouched
test("after a partly done run exactly the confirmed devices that nobody touched are restored", async () => {
  ended({ ...DOOR, outcome: "timed_out" }, LAMP_CONFIRMED, { ...ARMED, outcome: "already_there" });

  const result = await undo();

  expect(asked()).toEqual({ hall_lamp: { light: { on: true, brightness: 40 } } });
  expect(result).toMatchObject({
    left_alone: [
      { device: "front_door", why: "the run did not change it for certain (timed_out)" },
      { device: "alarm", why: "it was so before the run" },
    ],
  });
});

test("a device that somebody switched since is left alone, and where nothing is left nothing is run", async () => {
  ended(LAMP_CONFIRMED);
  nowReporting({ hall_lamp: { light: { on: true, brightness: 80 } } });

  const result = await undo();

  expect(result).toMatchObject({
    result: "nothing_to_undo",
    say: "Nothing of Goodnight can be taken back. Nothing was changed.",
    left_alone: [
      { device: "front_door", why: "the run did not change it for certain (no answer)" },
      { device: "hall_lamp", why: "it was changed since" },
      { device: "alarm", why: "the run did not change it for certain (no answer)" },
    ],
  });
  expect(workflow).not.toHaveBeenCalled();
});

test("a device that another run is commanding is left to it", async () => {
  ended(LAMP_CONFIRMED);
  vi.mocked(getEveryShadow).mockResolvedValue(
    new Map([
      [
        "home-hall_lamp",
        {
          version: 1,
          view: {
            reported: { light: { on: false } },
            desiredCommandId: "run_kjhgfedcba9876543210.0",
            desiredExpiresAt: SENT_AT_MS / 1000 + 90,
          },
        },
      ],
    ]),
  );

  expect(await undo()).toMatchObject({
    left_alone: [{}, { why: "run_kjhgfedcba9876543210 wants it now" }, {}],
  });
});

test("the undo of an undo puts back what the run had done", async () => {
  await undo();
  const input = workflow.mock.calls[0]?.[2];
  const text = isObject(input) && typeof input.plan === "string" ? input.plan : "";
  workflow.mockClear();
  const undone: RunRecords = {
    ...CONCLUDED,
    acknowledgements: [],
    plan: parsePlan(text, "the undo"),
    conclusion: {
      outcomes: [
        {
          ...LAMP_CONFIRMED,
          before: { light: { on: false } },
          after: { light: { on: true, brightness: 40 } },
        },
      ],
      finishedAt: "2026-01-02T22:01:02.000Z",
    },
  };
  vi.mocked(readRun).mockImplementation(async (_, __, run) => (run === RUN ? undone : undefined));
  nowReporting({ hall_lamp: { light: { on: true, brightness: 40 } } });

  await undo();

  expect(asked()).toEqual({ hall_lamp: { light: { on: false } } });
});

// REQ: request-id
test("an undo told again with its request id is the undo that there was", async () => {
  const again = { run_id: RUN, request_id: "u1" };
  await call("undo_run", again);
  const input = workflow.mock.calls[0]?.[2];
  const text = isObject(input) && typeof input.plan === "string" ? input.plan : "";
  const undoRecords = { ...CONCLUDED, plan: parsePlan(text, "the undo") };
  const id = String(workflow.mock.calls[0]?.[1]);
  vi.mocked(readRun).mockImplementation(async (_, __, run) =>
    run === id ? { ...undoRecords, request: { ...CONCLUDED.request, id } } : CONCLUDED,
  );

  const result = await call("undo_run", again);
  const other = await call("undo_run", { run_id: "run_kjhgfedcba9876543210", request_id: "u1" });

  expect(result).toMatchObject({
    run_id: id,
    undoes: RUN,
    repeated: expect.stringContaining("Nothing was sent again") as unknown,
  });
  expect(other).toEqual(refusal("RequestIdReused"));
  expect(workflow).toHaveBeenCalledTimes(1);
});

test("a run that goes on is not undone", async () => {
  vi.setSystemTime(SENT_AT_MS + 1_000);
  vi.mocked(readRun).mockResolvedValue(RECORDS);

  expect(await undo()).toEqual(refusal("RunGoesOn"));
});

test("what is no run of the home is refused", async () => {
  vi.mocked(readRun).mockResolvedValue(undefined);

  expect(await undo()).toEqual(refusal("RunUnknown"));
});

describe("a scene that is done whole or not at all", () => {
  const rules = { onConflict: "supersede", onPartial: "undo", retry: "class_default" } as const;
  beforeEach(() => {
    ended({ ...DOOR, outcome: "timed_out" }, LAMP_CONFIRMED);
    vi.mocked(readHome).mockResolvedValue({
      ...HOME,
      scenes: HOME.scenes.map((scene) => ({ ...scene, rules: { ...rules, holdSeconds: 0 } })),
    });
  });
  const partly = { result: "partly_done", run_id: RUN, say: "Goodnight: 1 of 2 confirmed." };

  const BY = "run_kjhgfedcba9876543210";
  const withUndo = (undone?: Undone): void => {
    const conclusion = {
      outcomes: [{ ...DOOR, outcome: "timed_out" }, LAMP_CONFIRMED] as const,
      finishedAt: "2026-01-02T22:01:00.000Z",
    };
    const scene = { ...CONCLUDED.plan, rules: { ...rules, holdSeconds: 0 } };
    const first = { ...CONCLUDED, plan: scene, acknowledgements: [], conclusion };
    const request = { ...CONCLUDED.request, id: BY };
    const plan = { ...CONCLUDED.plan, sceneName: "Undo of Goodnight" };
    const restored = { ...conclusion, outcomes: [LAMP_CONFIRMED] };
    vi.mocked(readRun).mockImplementation(async (_, __, run) => {
      if (run === BY) return { ...first, request, plan, conclusion: restored };
      return run === RUN ? { ...first, ...(undone === undefined ? {} : { undone }) } : undefined;
    });
  };

  // REQ: undone-by-itself
  test("is undone by its workflow where not everything was as asked, and the answer tells both", async () => {
    workflow.mockResolvedValueOnce({ is: "over", output: partly });
    withUndo({
      by: BY,
      leftAlone: [{ device: "front_door", name: "Front door", why: "no answer" }],
    });

    const answer = await call("run_scene", { scene: "goodnight" });

    expect(workflow).toHaveBeenCalledTimes(1);
    expect(answer).toMatchObject({
      result: "partly_done",
      say: "Goodnight: 1 of 2 confirmed. Undo of Goodnight is done: the one device confirmed.",
      undone: { run_id: BY, result: "done", undoes: RUN, left_alone: [{ device: "front_door" }] },
    });
  });

  // REQ: undone-by-itself
  test("is told as it ended where its undo was refused, and why", async () => {
    workflow.mockResolvedValueOnce({ is: "over", output: partly });
    withUndo({ refused: "NotAllowed", why: 'In "Home" you are a guest.' });

    expect(await call("run_scene", { scene: "goodnight" })).toMatchObject({
      result: "partly_done",
      run_id: RUN,
      say: containing('It could not be taken back: In "Home" you are a guest.'),
      undone: { error: { code: "NotAllowed" } },
    });
  });

  // REQ: undone-by-itself
  test.each<[string, Undone | undefined, string, string]>([
    ["before it is undone", undefined, "It is about to be taken back.", "Call get_run with "],
    [
      "while it is undone",
      { by: BY, leftAlone: [] },
      `It is taken back by ${BY}.`,
      "Call get_run with ",
    ],
  ])("is told by get_run %s", async (_, undone, say, next) => {
    withUndo(undone);

    expect(await call("get_run", { run_id: RUN })).toMatchObject({
      result: "partly_done",
      say: containing(say),
      undone: { next: containing(next) },
    });
  });

  test("is left as it is where all was as asked", async () => {
    expect(await call("run_scene", { scene: "goodnight" })).toEqual({ result: "done" });
    expect(workflow).toHaveBeenCalledTimes(1);
  });

  test("says where its caller waits no longer how to hear of its undo", async () => {
    workflow.mockResolvedValueOnce({ is: "over", output: partly });
    withUndo();

    expect(await call("run_scene", { scene: "goodnight", wait_s: 0 })).toMatchObject({
      result: "partly_done",
      undone: { say: "It is about to be taken back." },
    });
  });
});
