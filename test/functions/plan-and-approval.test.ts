import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { putFirstRecord, readRun } from "#adapters/audit-table.ts";
import { getShadows } from "#adapters/device-shadows.ts";
import { readHome, readMemberships } from "#adapters/home-table.ts";
import { readApproval, readShownPlan } from "#adapters/plan-records.ts";
import { runWorkflow } from "#adapters/run-scene-workflow.ts";
import { parseApproval } from "#domain/audit/approval-record.ts";
import { parsePlanRecord } from "#domain/audit/plan-record.ts";
import { stampOf } from "#domain/audit/stamp.ts";
import type { Home } from "#domain/home/home.ts";
import type { WantedState } from "#domain/home/vocabulary.ts";
import { isObject } from "#domain/json.ts";
import { SENT_AT_MS } from "../domain/goodnight.ts";
import {
  BOTH,
  CONCLUDED,
  call,
  HOME,
  headersOf,
  MACHINE,
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
vi.mock("#adapters/device-shadows.ts", () => ({ getShadows: vi.fn() }));
vi.mock("#adapters/plan-records.ts", () => ({
  readApproval: vi.fn(),
  readShownPlan: vi.fn(),
}));
vi.mock("#adapters/schedules-client.ts", () => ({ stageScheduler: vi.fn() }));
vi.mock("#adapters/runs/run-claims.ts", () => ({
  claimRun: vi.fn(async (_: string, __: unknown, { run }: { readonly run: string }) => run),
}));
vi.mock("#adapters/run-scene-workflow.ts", () => ({ runWorkflow: vi.fn() }));

const workflow = vi.mocked(runWorkflow);
const shadows = vi.mocked(getShadows);

type Item = Readonly<Record<string, unknown>>;

// The audit table, as far as plans and approvals go: a key is written once.
let records: Map<string, Item>;
const inPartition = (partition: string): readonly Item[] =>
  [...records.values()].filter(({ PK }) => PK === partition);

beforeEach(() => {
  vi.useFakeTimers({ now: SENT_AT_MS });
  records = new Map();
  vi.mocked(readMemberships).mockReset().mockResolvedValue(RESIDENT);
  vi.mocked(readHome).mockReset().mockResolvedValue(HOME);
  shadows.mockReset().mockResolvedValue(new Map());
  workflow.mockReset().mockResolvedValue({ is: "over", output: { result: "done" } });
  vi.mocked(putFirstRecord).mockImplementation(async (_, record) => {
    const item: Item = { ...record };
    const key = `${String(item.PK)} ${String(item.SK)}`;
    if (records.has(key)) return false;
    // With the stamp that the table's writer adds, whose names no record may use itself.
    records.set(key, { ...item, ...stampOf(record.PK, SENT_AT_MS, 400) });
    return true;
  });
  vi.mocked(readShownPlan).mockImplementation(async (_, __, hash) => {
    const item = inPartition(`HOME#home#PLAN#${hash}`).at(-1);
    return item === undefined ? undefined : parsePlanRecord(item);
  });
  vi.mocked(readApproval).mockImplementation(async (_, __, id) =>
    parseApproval(inPartition(`HOME#home#APPROVAL#${id}`)),
  );
});
afterEach(() => {
  vi.useRealTimers();
});

/** The home whose goodnight asks the door for this instead. */
const homeWith = (front_door: WantedState, more: Partial<Home> = {}): Home => ({
  ...HOME,
  ...more,
  scenes: HOME.scenes.map((scene) => ({
    ...scene,
    stages: scene.stages.map((stage) => ({ ...stage, devices: { front_door } })),
  })),
});
const UNLOCKING = homeWith({ lock: { locked: false } });

const textIn = (answer: unknown, member: string): string => {
  const text = isObject(answer) ? answer[member] : undefined;
  if (typeof text !== "string") throw new Error(`no ${member} in ${JSON.stringify(answer)}`);
  return text;
};
const ask = async (): Promise<string> =>
  textIn(await call("run_scene", { scene: "goodnight" }), "approval_id");
const approve = (approval_id: string, headers: unknown = headersOf(BOTH)): Promise<unknown> =>
  call("run_scene", { scene: "goodnight", approval_id }, headers);
const BEN = { ...headersOf(BOTH), "x-caller-sub": "sub-ben", "x-caller-username": "ben" };

describe("plan_scene", () => {
  test("says what is so already, who is offline since when, and which run wants the same device", async () => {
    shadows.mockResolvedValue(
      new Map([
        [
          "home-front_door",
          {
            version: 1,
            view: {
              reported: { lock: { locked: true }, online: false },
              onlineSaidAtMs: SENT_AT_MS - 3_600_000,
            },
          },
        ],
        [
          "home-hall_lamp",
          {
            version: 2,
            view: {
              reported: { light: { on: true }, online: true },
              desiredCommandId: "run_kjhgfedcba9876543210.0",
              desiredExpiresAt: SENT_AT_MS / 1000 + 5,
            },
          },
        ],
      ]),
    );

    const plan = await call("plan_scene", { scene: "goodnight" });

    expect(plan).toMatchObject({
      plan_expires_at: "2026-01-02T22:10:00.000Z",
      worst_case_s: 10,
      say: "Goodnight would ask 2 devices in 1 stage. 1 already as asked. 1 offline. 1 device still busy with another run. Nothing was sent.",
      stages: [
        {
          devices: [
            {
              device: "front_door",
              now: "already_there",
              connection: "offline",
              offline_since: "2026-01-02T21:00:00.000Z",
            },
            {
              device: "hall_lamp",
              now: "would_change",
              connection: "online",
              conflict: "run_kjhgfedcba9876543210",
            },
          ],
        },
      ],
      needs_approval: [],
    });
  });

  test("of a device that never reported knows nothing, and claims nothing", async () => {
    const plan = await call("plan_scene", { scene: "goodnight", except: ["Hall lamp"] });

    expect(plan).toMatchObject({
      stages: [{ devices: [{ device: "front_door", now: "unknown", connection: "unknown" }] }],
    });
  });

  test("names what a person must approve", async () => {
    vi.mocked(readHome).mockResolvedValue(UNLOCKING);

    expect(await call("plan_scene", { scene: "goodnight" })).toMatchObject({
      needs_approval: [{ device: "front_door", name: "Front door", what: "unlock" }],
    });
  });
});

// REQ: plan-is-run
describe("run_scene with a plan_hash", () => {
  const planned = async (): Promise<string> =>
    textIn(await call("plan_scene", { scene: "goodnight" }), "plan_hash");
  const run = (plan_hash: string): Promise<unknown> =>
    call("run_scene", { scene: "goodnight", plan_hash });

  test("runs that plan", async () => {
    const hash = await planned();

    const result = await run(hash);

    expect(result).toEqual({ result: "done" });
    expect(workflow.mock.calls[0]?.[2]).toMatchObject({ planHash: hash });
  });

  test("refuses when the scene was changed since, and says what is otherwise", async () => {
    const hash = await planned();
    vi.mocked(readHome).mockResolvedValue(homeWith({ lock: { locked: false } }));

    const result = await run(hash);

    expect(result).toEqual({
      error: {
        code: "PlanChanged",
        message:
          '"goodnight" is no longer what was planned: hall_lamp is no longer in it; front_door is asked for unlocked instead of locked. Call plan_scene again and show the user. Nothing was changed.',
      },
    });
    expect(workflow).not.toHaveBeenCalled();
  });

  test("refuses after ten minutes", async () => {
    const hash = await planned();
    vi.setSystemTime(SENT_AT_MS + 600_000);

    expect(await run(hash)).toEqual(refusal("PlanExpired"));
  });

  // REQ: request-id
  test("told again with its request id is the run that there was, though the plan has expired", async () => {
    const hash = await planned();
    const again = { scene: "goodnight", plan_hash: hash, request_id: "r1" };
    await call("run_scene", again);
    vi.setSystemTime(SENT_AT_MS + 600_000);
    vi.mocked(readRun).mockResolvedValueOnce(CONCLUDED);

    const result = await call("run_scene", again);

    expect(result).toMatchObject({ run_id: "run_0123456789abcdefghjk" });
    expect(workflow).toHaveBeenCalledTimes(1);
  });

  test("refuses a hash that this home was never shown", async () => {
    expect(await run(`sha256:${"0".repeat(64)}`)).toEqual(refusal("PlanUnknown"));
  });

  test("refuses what cannot be a hash", async () => {
    expect(await run("goodnight")).toEqual(refusal("ArgumentsInvalid"));
  });
});

// REQ: approval-once
describe("a scene that unlocks", () => {
  beforeEach(() => {
    vi.mocked(readHome).mockResolvedValue(UNLOCKING);
  });

  test("is not run but asks, and says for what and until when", async () => {
    const asked = await call("run_scene", { scene: "goodnight", reason: "parcel" });

    expect(asked).toMatchObject({
      result: "needs_approval",
      expires_at: "2026-01-02T22:05:00.000Z",
      say: "Goodnight would unlock Front door. A person who lives there must approve that first. Nothing was sent.",
      needs_approval: [{ device: "front_door", name: "Front door", what: "unlock" }],
    });
    expect(workflow).not.toHaveBeenCalled();
    expect([...records.values()]).toMatchObject([{ SK: "ASKED", v: 1, reason: "parcel" }]);
  });

  test("runs when another resident approves, and the run's record names the approval", async () => {
    const id = await ask();

    const result = await approve(id, BEN);

    expect(result).toEqual({ result: "done" });
    expect(workflow.mock.calls[0]?.[2]).toMatchObject({ record: { approval: { S: id } } });
    expect([...records.values()]).toMatchObject([
      { SK: "ASKED", caller: { sub: "sub-anna" } },
      { SK: "USED", caller: { sub: "sub-ben" } },
    ]);
  });

  test("is not approved in the breath in which it was asked for", async () => {
    const id = await ask();

    const at_once = await approve(id);
    vi.setSystemTime(SENT_AT_MS + 10_000);
    const later = await approve(id);

    expect(at_once).toEqual(refusal("ApprovalTooSoon"));
    expect(later).toEqual({ result: "done" });
  });

  test("is approved at once where the home says so", async () => {
    vi.mocked(readHome).mockResolvedValue({ ...UNLOCKING, approvesOwn: true });

    expect(await approve(await ask())).toEqual({ result: "done" });
  });

  test("is approved for one run: a second one must ask again", async () => {
    const id = await ask();
    await approve(id, BEN);

    expect(await approve(id, BEN)).toEqual(refusal("ApprovalUsed"));
    expect(workflow).toHaveBeenCalledTimes(1);
  });

  test("told again with the same request id is the same run, and no second use", async () => {
    const id = await ask();
    const again = { scene: "goodnight", approval_id: id, request_id: "r1" };

    await call("run_scene", again, BEN);
    await call("run_scene", again, BEN);

    expect(workflow.mock.calls[0]?.[1]).toBe(workflow.mock.calls[1]?.[1]);
    expect(records.size).toBe(2);
  });

  test.for([
    ["when it has expired", "ApprovalExpired", 300_000, UNLOCKING, BEN],
    ["by a machine", "NeedsApproval", 20_000, UNLOCKING, MACHINE],
    ["when the scene was changed since", "PlanChanged", 0, "renamed", BEN],
  ] as const)("is not approved %s", async ([, code, afterMs, home, who]) => {
    const id = await ask();
    vi.setSystemTime(SENT_AT_MS + afterMs);
    const [scene] = UNLOCKING.scenes;
    if (scene === undefined) throw new Error("no scene");
    const changed = { ...UNLOCKING, scenes: [{ ...scene, version: 4 }] };
    vi.mocked(readHome).mockResolvedValue(home === "renamed" ? changed : home);

    const result = await approve(id, who);

    expect(result).toEqual(refusal(code));
    expect(workflow).not.toHaveBeenCalled();
  });

  test("is not approved by somebody who looks after the home and does not live there", async () => {
    const id = await ask();
    vi.mocked(readMemberships).mockResolvedValue({
      ...RESIDENT,
      homes: RESIDENT.homes.map((one) => ({ ...one, role: "operator", reason: "repair" })),
    });

    expect(await approve(id, BEN)).toEqual(refusal("ApprovalNotAllowed"));
  });

  test("is not approved under an id that nobody was given", async () => {
    expect(await approve("approval_00000000000000000000")).toEqual(refusal("ApprovalUnknown"));
  });
});
