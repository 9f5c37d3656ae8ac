import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { getShadows } from "#adapters/device-shadows.ts";
import { readHome, readMemberships } from "#adapters/home-table.ts";
import { runWorkflow } from "#adapters/run-scene-workflow.ts";
import { isObject } from "#domain/json.ts";
import { parsePlan } from "#domain/run/parse-plan.ts";
import { compileScene } from "#domain/scene/definition/compile-scene.ts";
import { parseDefinition } from "#domain/scene/definition/parse-definition.ts";
import { A_HOME } from "../support/scenes/a-home.ts";
import { call, RESIDENT, refusal } from "./called-home.ts";

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
  putFirstRecord: vi.fn().mockResolvedValue(true),
}));
vi.mock("#adapters/plan-records.ts", () => ({
  readApproval: vi.fn(),
  readShownPlan: vi.fn(),
}));
vi.mock("#adapters/device-shadows.ts", () => ({ getShadows: vi.fn() }));
vi.mock("#adapters/schedules-client.ts", () => ({ stageScheduler: vi.fn() }));
vi.mock("#adapters/runs/run-claims.ts", () => ({
  claimRun: vi.fn(async (_: string, __: unknown, { run }: { readonly run: string }) => run),
}));
vi.mock("#adapters/run-scene-workflow.ts", () => ({ runWorkflow: vi.fn() }));

const EVENING = {
  name: "Evening",
  parameters: { level: { type: "number", min: 1, max: 100, default: 40 } },
  entities: {
    ceiling: { light: { brightness: { parameter: "level" } }, when: { sun: "down" } },
    kettle: { state: "off", when: { device: "Window", is: { contact: { open: false } } } },
    hall_lamp: "off",
  },
};
const scene = compileScene(
  parseDefinition({ value: EVENING, positionOf: () => undefined }),
  A_HOME,
  1,
);
const BERLIN = { latitude: 52.52, longitude: 13.405 };

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-11-27T20:00:00Z"), toFake: ["Date"] });
  vi.mocked(readMemberships).mockResolvedValue(RESIDENT);
  vi.mocked(readHome).mockResolvedValue({
    ...A_HOME,
    scenes: [scene],
    meta: { timeZone: "Europe/Berlin", position: BERLIN },
  });
  vi.mocked(getShadows).mockResolvedValue(
    new Map([["home-window", { version: 1, view: { reported: { contact: { open: true } } } }]]),
  );
  vi.mocked(runWorkflow).mockReset().mockResolvedValue({ is: "over", output: {} });
});
afterEach(() => {
  vi.useRealTimers();
});

test("a plan takes the caller's values, and says what its conditions leave out and why", async () => {
  const plan = await call("plan_scene", { scene: "evening", parameters: ["level=70"] });

  expect(plan).toMatchObject({
    stages: [
      {
        devices: [
          { device: "ceiling", want: "on, brightness 70 %" },
          { device: "hall_lamp", want: "off" },
        ],
      },
    ],
    skipped: [
      {
        device: "kettle",
        outcome: "skipped_by_condition",
        because: 'window is not {"contact":{"open":false}}',
      },
    ],
  });
});

test("by day another part of it is left out, and the plan that runs says so itself", async () => {
  vi.setSystemTime(new Date("2026-11-27T11:00:00Z"));

  await call("run_scene", { scene: "evening" });

  const input = vi.mocked(runWorkflow).mock.lastCall?.[2];
  const text = isObject(input) && typeof input.plan === "string" ? input.plan : "";
  expect(parsePlan(text, "the run").skipped).toEqual([
    { device: "ceiling", because: "the sun is up" },
    { device: "kettle", because: 'window is not {"contact":{"open":false}}' },
  ]);
});

test("the plan that runs keeps the values that were given, and no defaults", async () => {
  await call("run_scene", { scene: "evening", parameters: ["level= 70"] });
  await call("run_scene", { scene: "evening" });

  const given = vi.mocked(runWorkflow).mock.calls.map(([, , input]) => {
    const text = isObject(input) && typeof input.plan === "string" ? input.plan : "";
    return parsePlan(text, "the run").parameters;
  });
  expect(given).toEqual([{ level: "70" }, undefined]);
});

test("an approval is asked for with the caller's values, for the call that uses it", async () => {
  const lets = compileScene(
    parseDefinition({
      value: {
        name: "Parcel",
        parameters: EVENING.parameters,
        entities: {
          ceiling: { light: { brightness: { parameter: "level" } } },
          front_door: "unlocked",
        },
      },
      positionOf: () => undefined,
    }),
    A_HOME,
    1,
  );
  vi.mocked(readHome).mockResolvedValue({ ...A_HOME, scenes: [lets] });

  expect(await call("run_scene", { scene: "parcel", parameters: ["level=70"] })).toMatchObject({
    result: "needs_approval",
    next: expect.stringContaining(
      'call run_scene with {"scene":"parcel","parameters":["level=70"],"approval_id":',
    ) as unknown,
  });
});

test("a value out of its range runs nothing", async () => {
  expect(await call("run_scene", { scene: "evening", parameters: ["level=101"] })).toEqual(
    refusal("ParameterInvalid"),
  );
  expect(runWorkflow).not.toHaveBeenCalled();
});
