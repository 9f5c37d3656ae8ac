import { beforeEach, expect, test, vi } from "vitest";
import { putFirstRecord, readRunOf } from "#adapters/audit-table.ts";
import { getEveryShadow } from "#adapters/device-shadows.ts";
import { readHome, readMemberships } from "#adapters/home-table.ts";
import { runWorkflow } from "#adapters/run-scene-workflow.ts";
import { HomeError } from "#domain/home-error.ts";
import type { DeviceOutcome } from "#domain/run/outcome.ts";
import { handler } from "../../functions/undo-partly-done/handler.ts";
import { RUN } from "../domain/goodnight.ts";
import { CONCLUDED, HOME, LAMP_CONFIRMED, RESIDENT } from "./called-home.ts";
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
  readRunOf: vi.fn(),
  readRun: vi.fn(),
  hasOutcome: vi.fn(),
  putFirstRecord: vi.fn(),
  putRecord: vi.fn(),
}));
vi.mock("#adapters/device-shadows.ts", () => ({ getEveryShadow: vi.fn() }));
vi.mock("#adapters/schedules-client.ts", () => ({ stageScheduler: vi.fn() }));
vi.mock("#adapters/run-scene-workflow.ts", () => ({ runWorkflow: vi.fn() }));

const DOOR: DeviceOutcome = {
  ...LAMP_CONFIRMED,
  device: "front_door",
  name: "Front door",
  outcome: "timed_out",
  asked: { lock: { locked: true } },
};
const RULES = { onConflict: "supersede", onPartial: "undo", retry: "class_default" } as const;

const workflow = vi.mocked(runWorkflow);
const written = vi.mocked(putFirstRecord);
const RAN = {
  ...CONCLUDED,
  plan: { ...CONCLUDED.plan, rules: { ...RULES, holdSeconds: 0 } },
  acknowledgements: [],
  conclusion: { outcomes: [DOOR, LAMP_CONFIRMED], finishedAt: "2026-01-02T22:00:02.000Z" },
};
/** What is recorded of the undo's own run, once it is started. */
let undoRun: typeof RAN | undefined;

const undo = () => handler({ home: "home", run: RUN }, lambdaContext({}));

beforeEach(() => {
  vi.mocked(readMemberships).mockReset().mockResolvedValue(RESIDENT);
  vi.mocked(readHome).mockReset().mockResolvedValue(HOME);
  undoRun = undefined;
  vi.mocked(readRunOf)
    .mockReset()
    .mockImplementation(async (_, __, run) => (run === RUN ? RAN : undoRun));
  vi.mocked(getEveryShadow)
    .mockReset()
    .mockResolvedValue(
      new Map([["home-hall_lamp", { version: 1, view: { reported: { light: { on: false } } } }]]),
    );
  written.mockReset().mockResolvedValue(true);
  workflow.mockReset().mockImplementation(async () => {
    undoRun = { ...RAN, plan: { ...RAN.plan, stages: [] } };
    return { is: "running" };
  });
});

/** What is recorded beside the run. */
const recorded = () =>
  written.mock.calls.map(([, record]) => record).find(({ SK }) => SK === "UNDO");

// REQ: undone-by-itself
test("a run that was to be done whole is taken back once, as who ran it, and nobody waits", async () => {
  const first = await undo();
  undoRun = undefined;
  await undo();

  const [[arn, id, input, waitMs] = [], [, again] = []] = workflow.mock.calls;
  expect([arn, waitMs]).toEqual(["arn:run-scene", 0]);
  expect(again).toBe(id);
  expect(input).toMatchObject({
    home: "home",
    record: { caller: { M: { sub: { S: "sub-anna" } } }, role: { S: "resident" } },
    plan: expect.stringContaining(`"undoes":"${RUN}"`) as unknown,
  });
  expect(first).toMatchObject({
    by: id,
    leftAlone: [{ device: "front_door" }, { device: "alarm" }],
  });
  expect(recorded()).toMatchObject({ PK: `HOME#home#RUN#${RUN}`, SK: "UNDO", by: id });
});

// REQ: undone-by-itself
test("a shadow that cannot be read is not left alone for that: it is thrown, so that Lambda tries again", async () => {
  vi.mocked(getEveryShadow).mockRejectedValue(
    new HomeError("StateUnknown", "What home-hall_lamp reports cannot be read at this moment."),
  );

  await expect(undo()).rejects.toThrow("cannot be read");
  expect(workflow).not.toHaveBeenCalled();
  expect(recorded()).toBeUndefined();
});

// REQ: undone-by-itself
test("who may act no more takes nothing back, and the refusal is recorded", async () => {
  const guest = RESIDENT.homes.map((one) => ({ ...one, role: "guest" as const }));
  vi.mocked(readMemberships).mockResolvedValue({ ...RESIDENT, homes: guest });

  expect(await undo()).toMatchObject({ refused: "NotAllowed" });
  expect(workflow).not.toHaveBeenCalled();
  expect(recorded()).toMatchObject({ SK: "UNDO", refused: "NotAllowed" });
  expect(written.mock.calls.some(([, { PK }]) => PK.startsWith("REFUSED#"))).toBe(true);
});

// REQ: undone-by-itself
test("who may act no more is not told to have been refused where somebody who may has begun that very run", async () => {
  const guest = RESIDENT.homes.map((one) => ({ ...one, role: "guest" as const }));
  vi.mocked(readMemberships).mockResolvedValue({ ...RESIDENT, homes: guest });
  const stages = RAN.plan.stages.map((stage) => ({
    ...stage,
    commands: stage.commands.filter(({ device }) => device === "hall_lamp"),
  }));
  undoRun = { ...RAN, plan: { ...RAN.plan, stages } };

  const undone = await undo();

  expect(undone).toEqual({
    by: expect.stringMatching(/^run_/) as unknown,
    leftAlone: [
      { device: "front_door", name: "Front door", why: "its undo does not ask it" },
      { device: "alarm", name: "Alarm", why: "its undo does not ask it" },
    ],
  });
  expect(written.mock.calls).toMatchObject([["audit", { SK: "UNDO" }]]);
});

test("where nothing can be taken back, that is recorded", async () => {
  vi.mocked(getEveryShadow).mockResolvedValue(new Map());

  expect(await undo()).toMatchObject({ leftAlone: [{}, { device: "hall_lamp" }, {}] });
  expect(workflow).not.toHaveBeenCalled();
  expect(recorded()).not.toHaveProperty("by");
});

test("a start of which nothing is known is thrown, so that Lambda tries again, and records nothing", async () => {
  workflow.mockResolvedValue({ is: "not known", error: new Error("socket hang up") });

  await expect(undo()).rejects.toThrow("is not known");
  expect(recorded()).toBeUndefined();
});

// REQ: undone-by-itself
test("told again while or after it is taken back it starts nothing, and records that run and what that left alone", async () => {
  // By then the lamp is as that run put it, which looks as if somebody had changed it since.
  vi.mocked(getEveryShadow).mockResolvedValue(
    new Map([["home-hall_lamp", { version: 2, view: { reported: { light: { on: true } } } }]]),
  );
  const stages = RAN.plan.stages.map((stage) => ({
    ...stage,
    commands: stage.commands.filter(({ device }) => device === "hall_lamp"),
  }));
  undoRun = { ...RAN, plan: { ...RAN.plan, stages } };

  const undone = await undo();

  expect(workflow).not.toHaveBeenCalled();
  expect(undone).toMatchObject({
    by: expect.stringMatching(/^run_/) as unknown,
    leftAlone: [{ device: "front_door" }, { device: "alarm" }],
  });
  expect(recorded()).toHaveProperty("by");
});

test("an undo of which nothing gets recorded has not begun: it is thrown, so that Lambda tries again", async () => {
  workflow.mockResolvedValue({ is: "running" });

  await expect(undo()).rejects.toThrow("is not known");
  expect(recorded()).toBeUndefined();
});
