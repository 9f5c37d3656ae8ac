import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { putRecord, readRun } from "#adapters/audit-table.ts";
import { readHome, readMemberships } from "#adapters/home-table.ts";
import { recordRefusal } from "#adapters/record-refusal.ts";
import { runWorkflow } from "#adapters/run-scene-workflow.ts";
import type { Membership } from "#domain/access/membership.ts";
import { parseHomeId } from "#domain/home/home-id.ts";
import { RUN, SENT_AT_MS } from "../domain/goodnight.ts";
import { call, containing, HOME, RECORDS, RESIDENT, refusal } from "./called-home.ts";

vi.hoisted(() => {
  vi.stubEnv("POWERTOOLS_TRACE_ENABLED", "false");
  vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
  vi.stubEnv("HOME_TABLE_NAME", "home");
  vi.stubEnv("AUDIT_TABLE_NAME", "audit");
  vi.stubEnv("RECORD_RETENTION_DAYS", "400");
  vi.stubEnv("RUN_SCENE_STATE_MACHINE_ARN", "arn:aws:states:us-east-1:0:stateMachine:run-scene");
});
vi.mock("#adapters/home-table.ts", () => ({ readHome: vi.fn(), readMemberships: vi.fn() }));
vi.mock("#adapters/audit-table.ts", () => ({
  hasOutcome: vi.fn().mockResolvedValue(false),
  readRun: vi.fn(),
  readVisits: vi.fn().mockResolvedValue([]),
  putRecord: vi.fn(),
  putFirstRecord: vi.fn(),
}));
vi.mock("#adapters/record-refusal.ts", () => ({ recordRefusal: vi.fn() }));
vi.mock("#adapters/schedules-client.ts", () => ({ stageScheduler: vi.fn() }));
vi.mock("#adapters/device-shadows.ts", () => ({
  getShadows: vi.fn().mockResolvedValue(new Map()),
}));
vi.mock("#adapters/runs/run-claims.ts", () => ({
  claimRun: vi.fn(async (_: string, __: unknown, { run }: { readonly run: string }) => run),
}));
vi.mock("#adapters/run-scene-workflow.ts", () => ({ runWorkflow: vi.fn() }));

const memberships = vi.mocked(readMemberships);
const homeTable = vi.mocked(readHome);
const auditTable = vi.mocked(readRun);
const workflow = vi.mocked(runWorkflow);
const written = vi.mocked(putRecord);

const cabin: Membership = { home: parseHomeId("cabin"), role: "resident", name: "Cabin" };
const two = { homes: [...RESIDENT.homes, cabin], isOperatorOfAll: false };
const operatorOfAll = { homes: [], isOperatorOfAll: true };
const granted = {
  homes: [{ ...cabin, role: "operator", reason: "ticket 4711" } as const],
  isOperatorOfAll: true,
};

beforeEach(() => {
  vi.useFakeTimers({ now: SENT_AT_MS });
  memberships.mockReset().mockResolvedValue(RESIDENT);
  homeTable.mockReset().mockResolvedValue(HOME);
  auditTable.mockReset().mockResolvedValue(RECORDS);
  written.mockReset();
  workflow.mockReset().mockResolvedValue({ is: "over", output: { result: "done" } });
});
afterEach(() => {
  vi.useRealTimers();
});

const nothingHappened = (): void => {
  expect(homeTable).not.toHaveBeenCalled();
  expect(auditTable).not.toHaveBeenCalled();
  expect(workflow).not.toHaveBeenCalled();
  expect(written).not.toHaveBeenCalled();
};

describe("the home of a call", () => {
  test("is asked of the table by the token's subject", async () => {
    await call("get_home", {});

    expect(memberships.mock.calls).toEqual([["home", "sub-anna"]]);
  });

  test.each(["get_home", "plan_scene", "run_scene", "get_run"])(
    "of somebody with two is asked back by %s, and nothing is read or sent",
    async (tool) => {
      memberships.mockResolvedValue(two);
      const args = { get_run: { run_id: RUN }, get_home: {} }[tool] ?? { scene: "goodnight" };

      expect(await call(tool, args)).toEqual({
        error: {
          code: "HomeAmbiguous",
          message:
            'You have 2 homes: "Home" (home), "Cabin" (cabin). Ask which one is meant and call again with "home". Nothing was changed.',
          closest: ["home", "cabin"],
        },
      });
      nothingHappened();
    },
  );

  test("of somebody who was removed is none, whatever the token says", async () => {
    memberships.mockResolvedValue({ homes: [], isOperatorOfAll: false });

    expect(await call("run_scene", { scene: "goodnight" })).toEqual(refusal("NoHome"));
    nothingHappened();
  });

  test("is not one of somebody else", async () => {
    expect(await call("run_scene", { scene: "goodnight", home: "cabin" })).toMatchObject({
      error: { code: "HomeUnknown", closest: ["home"] },
    });
    nothingHappened();
  });

  test("does not let a guest switch who may write elsewhere", async () => {
    memberships.mockResolvedValue({
      homes: [...RESIDENT.homes, { ...cabin, role: "guest" }],
      isOperatorOfAll: false,
    });

    expect(await call("run_scene", { scene: "goodnight", home: "cabin" })).toEqual(
      refusal("NotAllowed"),
    );
    nothingHappened();
    expect(await call("run_scene", { scene: "goodnight", home: "home" })).toEqual({
      result: "done",
    });
  });
});

// REQ: refusals-recorded
test("a refusal is recorded with its caller and, where that was known, its home; what is answered is not", async () => {
  const record = vi.mocked(recordRefusal).mockReset();

  await call("get_home", {});
  await call("plan_scene", { scene: "goodnight", home: "cabin" });
  await call("plan_scene", { scene: "no such scene" });

  const caller = {
    sub: "sub-anna",
    clientId: "client-web",
    username: "anna",
    scopes: ["read", "write"],
  };
  const at = "2026-01-02T22:00:00.000Z";
  expect(record.mock.calls).toEqual([
    ["audit", caller, { tool: "plan_scene", code: "HomeUnknown", at }],
    ["audit", caller, { tool: "plan_scene", code: "SceneUnknown", home: "home", at }],
  ]);
});

describe("who has several homes is told which one an answer speaks of", () => {
  beforeEach(() => {
    memberships.mockResolvedValue(two);
  });

  test("by get_home and plan_scene", async () => {
    expect(await call("get_home", { home: "home" })).toMatchObject({
      home: "home",
      say: "Home: The home has 2 devices in 1 room and 1 scene.",
    });
    expect(await call("plan_scene", { scene: "goodnight", home: "home" })).toMatchObject({
      home: "home",
      say: containing("Home: Goodnight would ask"),
    });
  });

  test("by get_run, whose next call carries the home", async () => {
    expect(await call("get_run", { run_id: RUN, home: "home" })).toMatchObject({
      home: "home",
      say: "Home: Goodnight is still running: 1 of 3 devices confirmed so far; still waiting for Hall lamp (up to 2 s).",
      next: `Call get_run with {"home":"home","run_id":"${RUN}","wait_s":45}: it answers when the run ends.`,
    });
  });

  test("by run_scene, whose workflow is told what the home is called", async () => {
    await call("run_scene", { scene: "goodnight", home: "Home" });

    expect(workflow.mock.calls[0]?.[2]).toMatchObject({
      home: "home",
      run: { homeName: "Home" },
    });
  });
});

// REQ: visits-recorded
describe("somebody who looks after every home", () => {
  test("leaves a record of the look before it is answered", async () => {
    memberships.mockResolvedValue(operatorOfAll);

    await call("get_run", { run_id: RUN, home: "cabin" });

    expect(written.mock.calls).toEqual([
      [
        "audit",
        {
          PK: "HOME#cabin#ACCESS#2026-01",
          SK: containing("2026-01-02T22:00:00.000Z#"),
          v: 1,
          home: "cabin",
          sub: "sub-anna",
          username: "anna",
          clientId: "client-web",
          role: "operator",
          tool: "get_run",
          subject: RUN,
          at: "2026-01-02T22:00:00.000Z",
        },
      ],
    ]);
    expect(written.mock.invocationCallOrder[0]).toBeLessThan(
      auditTable.mock.invocationCallOrder[0] ?? 0,
    );
  });

  test("is not answered where the look cannot be recorded", async () => {
    memberships.mockResolvedValue(operatorOfAll);
    written.mockRejectedValue(new Error("AccessDeniedException"));

    expect(await call("get_home", { home: "cabin" })).toEqual(refusal("VisitNotRecorded"));
    expect(homeTable).not.toHaveBeenCalled();
  });

  test("switches nothing without a grant, and with one as an operator who said why", async () => {
    memberships.mockResolvedValue(operatorOfAll);

    expect(await call("run_scene", { scene: "goodnight", home: "cabin" })).toEqual(
      refusal("NotAllowed"),
    );
    nothingHappened();

    memberships.mockResolvedValue(granted);
    await call("run_scene", { scene: "goodnight", home: "cabin" });

    expect(workflow.mock.calls[0]?.[2]).toMatchObject({
      record: { role: { S: "operator" }, visitReason: { S: "ticket 4711" } },
    });
  });

  test("who lives there leaves none", async () => {
    await call("get_home", {});

    expect(written).not.toHaveBeenCalled();
  });
});
