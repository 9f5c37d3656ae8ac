import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { readRun } from "#adapters/audit-table.ts";
import { getShadows } from "#adapters/device-shadows.ts";
import { readHome, readMemberships } from "#adapters/home-table.ts";
import { runWorkflow } from "#adapters/run-scene-workflow.ts";
import { HomeError } from "#domain/home-error.ts";
import { handler } from "../../functions/home/handler.ts";
import { RUN, SENT_AT_MS } from "../domain/goodnight.ts";
import {
  anAccess,
  aPlanHash,
  BOTH,
  call,
  containing,
  HOME,
  headersOf,
  READ_ONLY,
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
  putFirstRecord: vi.fn(),
}));
vi.mock("#adapters/home-schedules.ts", () => ({
  readHomeMeta: vi.fn().mockResolvedValue({ name: "Cabin", timeZone: "Europe/Berlin" }),
}));
vi.mock("#adapters/schedules-client.ts", () => ({ stageScheduler: vi.fn() }));
vi.mock("#adapters/device-shadows.ts", () => ({ getShadows: vi.fn() }));
vi.mock("#adapters/runs/run-claims.ts", () => ({
  claimRun: vi.fn(async (_: string, __: unknown, { run }: { readonly run: string }) => run),
  putClaim: vi.fn(),
  readClaim: vi.fn(),
}));
vi.mock("#adapters/run-scene-workflow.ts", () => ({ runWorkflow: vi.fn() }));
// The handler's pauses, on the clock that a test turns.
vi.mock("node:timers/promises", () => ({
  setTimeout: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)),
}));

const homeTable = vi.mocked(readHome);
const auditTable = vi.mocked(readRun);
const workflow = vi.mocked(runWorkflow);

beforeEach(() => {
  vi.useFakeTimers({ now: SENT_AT_MS });
  vi.mocked(readMemberships).mockReset().mockResolvedValue(RESIDENT);
  homeTable.mockReset().mockResolvedValue(HOME);
  vi.mocked(getShadows).mockReset().mockResolvedValue(new Map());
  auditTable.mockReset().mockResolvedValue(RECORDS);
  workflow.mockReset().mockResolvedValue({ is: "over", output: { result: "done" } });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("get_home", () => {
  test("names rooms, devices and scenes", async () => {
    expect(await call("get_home", {})).toEqual({
      say: "The home has 2 devices in 1 room and 1 scene.",
      rooms: [
        {
          room: "Hall",
          devices: [
            { device: "front_door", name: "Front door", kind: "lock" },
            { device: "hall_lamp", name: "Hall lamp", kind: "light" },
          ],
        },
      ],
      scenes: [{ scene: "goodnight", name: "Goodnight", aliases: ["bed time"] }],
    });
    expect(homeTable.mock.calls).toEqual([["home", anAccess]]);
  });

  test("in full also names the home, its time zone, aliases and stages", async () => {
    expect(await call("get_home", { detail: "full" })).toMatchObject({
      name: "Cabin",
      zone: "Europe/Berlin",
      rooms: [{ devices: [{ aliases: ["main door"] }, { aliases: [] }] }],
      scenes: [{ stages: [{ name: "close and lock", required: ["front_door"] }] }],
    });
  });

  test("in full tells what a caller may say to a scene, its conditions and the rules that differ", async () => {
    homeTable.mockResolvedValue({
      ...HOME,
      scenes: [
        {
          id: "evening",
          name: "Evening",
          aliases: [],
          version: 1,
          parameters: {
            level: { type: "number", min: 1, max: 100, default: 40 },
            colour: { type: "choice", among: ["warm", "cold"], default: "warm" },
          },
          rules: {
            onConflict: "queue",
            onPartial: "keep",
            retry: { tries: 2 },
            expiresSeconds: 30,
            holdSeconds: 10,
          },
          stages: [
            {
              name: "light",
              devices: { hall_lamp: { light: { on: true, brightness: 40 } } },
              required: [],
              transitionSeconds: 0,
              windowSeconds: {},
              when: { sun: "down" },
              fromParameters: { hall_lamp: { brightness: "level" } },
            },
          ],
        },
      ],
    });

    const home = await call("get_home", { detail: "full" });

    expect(home).toHaveProperty("scenes", [
      {
        scene: "evening",
        name: "Evening",
        aliases: [],
        parameters: {
          level: { type: "number", min: 1, max: 100, default: 40 },
          colour: { type: "choice", among: ["warm", "cold"], default: "warm" },
        },
        stages: [
          {
            name: "light",
            devices: { hall_lamp: "on, brightness 40 %" },
            required: [],
            when: { sun: "down" },
            from_parameters: { hall_lamp: { brightness: "level" } },
          },
        ],
        rules: { on_conflict: "queue", retry: { tries: 2 }, expires: "30s", hold: "10s" },
      },
    ]);
  });

  test("of a home without devices says so as data", async () => {
    homeTable.mockRejectedValue(new HomeError("HomeEmpty", "The home has no devices yet."));

    expect(await call("get_home", {})).toEqual({
      error: { code: "HomeEmpty", message: "The home has no devices yet." },
    });
  });
});

describe("plan_scene", () => {
  test("says what each device would be asked, and sends nothing", async () => {
    const plan = await call("plan_scene", { scene: " Bed Time ", except: ["Hall lamp"] });

    expect(plan).toMatchObject({
      scene: "goodnight",
      plan_hash: aPlanHash,
      say: "Goodnight would ask 1 device in 1 stage. Nothing was sent.",
      stages: [
        {
          name: "close and lock",
          devices: [{ device: "front_door", required: true, window_s: 10 }],
        },
      ],
      left_out: ["hall_lamp"],
    });
    expect(workflow).not.toHaveBeenCalled();
  });

  test("is open to a caller who may only read", async () => {
    expect(
      await call("plan_scene", { scene: "goodnight" }, headersOf(READ_ONLY)),
    ).not.toHaveProperty("error");
  });
});

describe("get_run", () => {
  // REQ: get-run-while-running
  test("tells how a run fares while it is going on", async () => {
    const view = await call("get_run", { run_id: RUN }, headersOf(READ_ONLY));

    expect(view).toMatchObject({
      run_id: "run_0123456789abcdefghjk",
      result: "running",
      devices: 3,
      acknowledged: 1,
    });
    expect(auditTable.mock.calls).toEqual([["audit", anAccess, "run_0123456789abcdefghjk"]]);
  });

  test("in full lists every device, who asked and why", async () => {
    expect(await call("get_run", { run_id: RUN, detail: "full" })).toMatchObject({
      reason: "going to bed",
      requested_by: "anna",
      every_device: [
        { device: "front_door", outcome: "confirmed" },
        { device: "hall_lamp", outcome: "waiting" },
        { device: "alarm", outcome: "waiting" },
      ],
    });
  });

  test("finds the run of a request id that run_scene was given", async () => {
    auditTable.mockResolvedValueOnce(undefined);

    await call("run_scene", { scene: "goodnight", request_id: "9f1c2a" });
    await call("get_run", { request_id: "9f1c2a" });

    expect(auditTable.mock.lastCall?.[2]).toBe(workflow.mock.calls[0]?.[1]);
  });

  test("of a run that does not exist says so", async () => {
    auditTable.mockResolvedValue(undefined);

    expect(await call("get_run", { run_id: RUN })).toEqual(refusal("RunUnknown"));
  });

  test("of a request id of which nothing is recorded says so, and not that nothing was changed: its run may be about to begin", async () => {
    auditTable.mockResolvedValue(undefined);

    expect(await call("get_run", { request_id: "unheard-of" })).toEqual({
      error: {
        code: "RunUnknown",
        message:
          'No run of yours is recorded for the request_id "unheard-of". It may not have started yet: call get_run again in a few seconds, and do not assume that anything changed.',
      },
    });
  });

  test("of what cannot be a run id does not ask the table", async () => {
    expect(await call("get_run", { run_id: "RUN#1" })).toEqual(refusal("RunUnknown"));
    expect(auditTable).not.toHaveBeenCalled();
  });
});

// REQ: bad-input-changes-nothing
describe("what is wrong with a call is data with a code, and changes nothing", () => {
  test.each([
    ["an unknown tool", "open_sesame", {}, "ToolUnknown"],
    ["a missing argument", "run_scene", {}, "ArgumentsInvalid"],
    ["an extra argument", "run_scene", { scene: "goodnight", force: true }, "ArgumentsInvalid"],
    ["an argument of another type", "run_scene", { scene: 7 }, "ArgumentsInvalid"],
    ["an empty name", "run_scene", { scene: " " }, "ArgumentsInvalid"],
    ["arguments that are no object", "run_scene", null, "ArgumentsInvalid"],
    [
      "a scene of which nothing is left",
      "run_scene",
      { scene: "goodnight", except: ["front_door", "hall_lamp"] },
      "PlanEmpty",
    ],
  ])("%s", async (_, tool, args, code) => {
    expect(await call(tool, args)).toEqual(refusal(code));
    expect(workflow).not.toHaveBeenCalled();
  });

  // REQ: closest-names
  test.each([
    ["a scene", { scene: "godnight" }, "SceneUnknown", ["goodnight"]],
    [
      "a device",
      { scene: "goodnight", except: ["hal lamp"] },
      "DeviceUnknown",
      ["hall_lamp", "hall"],
    ],
  ])("the name of %s that is not known, with the closest ones", async (_, args, code, closest) => {
    expect(await call("run_scene", args)).toEqual({
      error: {
        code,
        message: containing("Nothing was changed."),
        closest,
      },
    });
    expect(workflow).not.toHaveBeenCalled();
  });
});

describe("who calls", () => {
  // REQ: no-caller-no-call
  test.each([
    ["no headers", undefined],
    ["no subject", { ...headersOf(BOTH), "x-caller-sub": "" }],
    ["no client", { ...headersOf(BOTH), "x-caller-client-id": "" }],
  ])("with %s is nobody, and nothing is done", async (_, headers) => {
    expect(await call("get_home", {}, headers ?? {})).toEqual(refusal("CallerUnknown"));
    expect(homeTable).not.toHaveBeenCalled();
  });

  test("is read whatever the case of the headers' names", async () => {
    const headers = Object.fromEntries(
      Object.entries(headersOf(BOTH)).map(([name, value]) => [name.toUpperCase(), value]),
    );

    expect(await call("get_home", {}, headers)).not.toHaveProperty("error");
  });

  test("is read where the runtime delivers objects as JSON texts and capitalizes custom", async () => {
    const context = lambdaContext({
      Custom: JSON.stringify({
        bedrockAgentCoreToolName: "home___get_home",
        bedrockAgentCorePropagatedHeaders: JSON.stringify(headersOf(READ_ONLY)),
      }),
    });

    expect(await handler({}, context)).not.toHaveProperty("error");
  });

  test("without the gateway has no tool", async () => {
    expect(await handler({}, lambdaContext())).toMatchObject({ error: { code: "ToolUnknown" } });
  });
});

test("what is broken inside is thrown, not told", async () => {
  homeTable.mockRejectedValue(new Error("no table"));

  await expect(call("get_home", {})).rejects.toThrow("no table");
});
