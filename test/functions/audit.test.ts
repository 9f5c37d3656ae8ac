import { beforeEach, describe, expect, test, vi } from "vitest";
import { putFirstRecord, putRecord, readRun } from "#adapters/audit-table.ts";
import {
  listRuns,
  proveRun,
  readMemberships,
  readReports,
  readSignedHead,
} from "#adapters/run-audit.ts";
import type { Memberships } from "#domain/access/membership.ts";
import type { ListedRun } from "#domain/audit/listed-run.ts";
import type { RunRecords } from "#domain/audit/run-records.ts";
import { parseHomeId } from "#domain/home/home-id.ts";
import { handler } from "../../functions/audit/handler.ts";
import { GOODNIGHT, LAMP_OFF, RUN } from "../domain/goodnight.ts";
import { lambdaContext } from "./lambda-context.ts";

vi.hoisted(() => {
  vi.stubEnv("POWERTOOLS_TRACE_ENABLED", "false");
  vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
  vi.stubEnv("HOME_TABLE_NAME", "home");
  vi.stubEnv("AUDIT_TABLE_NAME", "audit");
  vi.stubEnv("LOG_TABLE_NAME", "log");
  vi.stubEnv("LOG_KEY_ARN", "key");
  vi.stubEnv("THING_PREFIX", "");
  vi.stubEnv("RECORD_RETENTION_DAYS", "400");
});
vi.mock("#adapters/run-audit.ts", () => ({
  readMemberships: vi.fn(),
  listRuns: vi.fn(),
  readReports: vi.fn(),
  readSignedHead: vi.fn(),
  proveRun: vi.fn(),
}));
vi.mock("#adapters/audit-table.ts", () => ({
  putRecord: vi.fn(),
  putFirstRecord: vi.fn(),
  hasOutcome: vi.fn().mockResolvedValue(false),
  readRun: vi.fn(),
}));
vi.mock("#adapters/sealing/signing-key.ts", () => ({
  openSigningKey: () => ({ publicKey: async () => new Uint8Array(32) }),
}));

type Item = Readonly<Record<string, unknown>>;

const memberOf = (role: "resident" | "guest" | "operator"): Memberships => ({
  homes: [{ home: parseHomeId("a"), role, name: "Cabin" }],
  isOperatorOfAll: false,
});
const OF_ALL: Memberships = { homes: [], isOperatorOfAll: true };

const listed = (run: number): ListedRun => ({
  run: `run_${String(run).padStart(20, "0")}`,
  scene: "goodnight",
  requestedAt: `2026-11-27T21:00:00.${String(run).padStart(3, "0")}Z`,
  end: "done",
  request: {},
  caller: { sub: "s", clientId: "claude", username: "alice" },
  reason: "<img src=x onerror=alert(1)>",
  devices: 14,
  confirmed: 14,
});

const GOODNIGHT_CUT_OFF: RunRecords = {
  request: {
    id: RUN,
    scene: "goodnight",
    caller: { sub: "s", clientId: "claude", username: "alice", scopes: ["write"] },
    role: "resident",
    reason: "going to bed",
    requestedAt: "2026-01-02T22:00:00.000Z",
  },
  plan: GOODNIGHT,
  planHash: "sha256:00",
  acknowledgements: [LAMP_OFF],
};

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-11-27T22:00:00Z"), toFake: ["Date"] });
  vi.mocked(readMemberships).mockReset().mockResolvedValue(memberOf("operator"));
  vi.mocked(putRecord).mockReset().mockResolvedValue();
  vi.mocked(putFirstRecord).mockReset().mockResolvedValue(true);
  vi.mocked(listRuns).mockReset().mockResolvedValue({ runs: [], hasMore: false });
  vi.mocked(readRun).mockReset().mockResolvedValue(undefined);
  vi.mocked(readReports).mockReset().mockResolvedValue([]);
  vi.mocked(readSignedHead)
    .mockReset()
    .mockResolvedValue({ origin: "smarthome.a", size: 300, root: new Uint8Array(32), note: "n" });
  vi.mocked(proveRun).mockReset().mockResolvedValue([]);
});

const call = async (tool: string, args: unknown): Promise<Item> =>
  (await handler(
    args,
    lambdaContext({
      custom: {
        bedrockAgentCoreToolName: `audit___${tool}`,
        bedrockAgentCorePropagatedHeaders: {
          "x-caller-sub": "sub-olga",
          "x-caller-client-id": "client-web",
          "x-caller-username": "olga",
          "x-caller-scopes": "smarthome-gateway/read",
        },
      },
    }),
  )) as Item;

const codeIn = (answer: Item): unknown => (answer.error as Item | undefined)?.code;

describe("list_runs", () => {
  test("shows a page of the home's runs with who asked, and how to ask for older ones", async () => {
    vi.mocked(listRuns).mockResolvedValue({ runs: [listed(2), listed(1)], hasMore: true });

    const answer = await call("list_runs", { since: "8h", result: "done" });

    expect(answer).toMatchObject({
      say: "2 runs in Cabin from 2026-11-27T14:00:00.000Z to 2026-11-27T22:00:00.000Z, newest first. There are older ones.",
      runs: [
        {
          run_id: "run_00000000000000000002",
          scene: "goodnight",
          result: "done",
          requested_by: "alice",
          client: "claude",
          reason: "<img src=x onerror=alert(1)>",
          devices: 14,
          confirmed: 14,
        },
        { run_id: "run_00000000000000000001" },
      ],
    });
    expect(answer.next).toMatch(
      /^Call list_runs with \{"since":"8h","result":"done","page":"2026-11-27T21:00:00\.001Z\.run_00000000000000000001\.[0-9a-z]{20}"\} for older ones\.$/,
    );
  });

  test("a page goes on after its last run, for the same question alone", async () => {
    vi.mocked(listRuns).mockResolvedValue({ runs: [listed(1)], hasMore: true });
    const first = await call("list_runs", { since: "8h" });
    const page = /"page":"([^"]+)"/.exec(String(first.next))?.[1] ?? "";

    const second = await call("list_runs", { since: "8h", page });
    const other = await call("list_runs", { since: "8h", person: "alice", page });

    expect(codeIn(second)).toBeUndefined();
    expect(vi.mocked(listRuns).mock.calls.at(-1)?.[2]).toMatchObject({
      after: { requestedAt: "2026-11-27T21:00:00.001Z", run: "run_00000000000000000001" },
      most: 25,
    });
    expect(codeIn(other)).toBe("CursorInvalid");
  });

  test("in full, sums the period up: how runs ended by quarters of an hour, and which devices did not confirm", async () => {
    const asked = { askedDevices: ["front_door", "hall_lamp"] };
    const failed: ListedRun = { ...listed(2), run: RUN, end: "failed", request: asked };
    vi.mocked(listRuns).mockResolvedValue({
      runs: [failed, { ...listed(1), request: asked }],
      hasMore: false,
    });
    vi.mocked(readRun).mockResolvedValue(GOODNIGHT_CUT_OFF);

    const { summary } = await call("list_runs", { since: "8h", detail: "full" });

    expect(summary).toMatchObject({
      runs: 2,
      quarters: [{ at: "2026-11-27T21:00:00.000Z", failed: 1, done: 1 }],
      looked_into: 1,
      not_well: [{ run_id: RUN, result: "failed" }],
    });
    expect((summary as Item).counted_since).toBeUndefined();
    expect((summary as { readonly devices: readonly Item[] }).devices).toContainEqual({
      device: "front_door",
      asked: 2,
      not_confirmed: 1,
      last_problem: {
        run_id: RUN,
        outcome: "timed_out",
        requested_at: "2026-01-02T22:00:00.000Z",
      },
    });
    expect((summary as { readonly devices: readonly Item[] }).devices).toContainEqual({
      device: "hall_lamp",
      asked: 2,
      not_confirmed: 0,
    });
  });

  test("in full, of a device: what each run was for it, and who switched it without one", async () => {
    vi.mocked(listRuns).mockResolvedValue({ runs: [listed(1)], hasMore: false });
    vi.mocked(readRun).mockResolvedValue(GOODNIGHT_CUT_OFF);
    vi.mocked(readReports).mockResolvedValue([
      {
        change: "reported",
        before: { light: { on: false } },
        after: { light: { on: true } },
        acknowledgedAt: Date.parse("2026-11-27T21:30:00Z"),
      },
      { thing: "a-hall_lamp", run: RUN, after: { light: { on: false } }, acknowledgedAt: 1 },
    ]);

    const answer = await call("list_runs", { since: "8h", device: "Hall lamp", detail: "full" });

    expect(answer.device_in_runs).toEqual([
      {
        run_id: RUN,
        scene_name: "Goodnight",
        device: "hall_lamp",
        name: "Hall lamp",
        stage: "close and lock",
        outcome: "confirmed",
        asked: "off",
        before: "on",
        after: "off",
        window_seconds: 2,
        answered_at: "2026-01-02T22:00:00.500Z",
      },
    ]);
    expect(answer.by_hand).toEqual([
      { at: "2026-11-27T21:30:00.000Z", before: "off", after: "on" },
    ]);
    expect(vi.mocked(readReports).mock.calls[0]?.[2]).toBe("hall_lamp");
  });

  test("asks for no more than 31 days at once", async () => {
    expect(codeIn(await call("list_runs", { since: "32d" }))).toBe("ArgumentsInvalid");
    expect(listRuns).not.toHaveBeenCalled();
  });
});

describe("explain_run", () => {
  test("tells who, why, and of each device what it was asked and did", async () => {
    vi.mocked(readRun).mockResolvedValue(GOODNIGHT_CUT_OFF);

    const answer = await call("explain_run", { run_id: RUN });

    expect(answer).toMatchObject({
      run_id: RUN,
      result: "failed",
      requested_by: "alice",
      role: "resident",
      client: "claude",
      reason: "going to bed",
    });
    expect((answer.devices as readonly Item[])[1]).toEqual({
      device: "hall_lamp",
      name: "Hall lamp",
      stage: "close and lock",
      outcome: "confirmed",
      asked: "off",
      before: "on",
      after: "off",
      window_seconds: 2,
      answered_at: "2026-01-02T22:00:00.500Z",
    });
  });

  test("a run that the home does not have is refused", async () => {
    expect(codeIn(await call("explain_run", { run_id: RUN }))).toBe("RunUnknown");
    expect(codeIn(await call("explain_run", { run_id: "HOME#b#RUN#x" }))).toBe("RunUnknown");
    expect(readRun).toHaveBeenCalledTimes(1);
  });
});

describe("verify_runs", () => {
  const PROVED = {
    is: "proved",
    index: 1,
    entry: new TextEncoder().encode('{"at":1}'),
    salt: new Uint8Array(32),
    hashes: [new Uint8Array(32)],
  } as const;
  const RECORD = { record: "RUN", item: { v: { N: "1" } } } as const;

  test.each([
    ["proved", [PROVED, PROVED], "proved"],
    ["changed", [PROVED, { is: "changed", index: 7 }], "broken"],
    ["not in the tree", [{ is: "not in the tree", index: 7 }], "broken"],
    ["not sealed", [PROVED, { is: "not sealed" }], "not sealed yet"],
    ["no records at all", [], "no such run"],
  ] as const)("of a run with what is %s", async (_, proofs, verdict) => {
    vi.mocked(proveRun).mockResolvedValue(proofs.map((proof) => ({ ...RECORD, proof })));

    const { runs } = await call("verify_runs", { run_ids: [RUN] });

    expect(runs).toEqual([expect.objectContaining({ run_id: RUN, verdict })]);
  });

  test("says against which signed head, by which key, and what it does not prove", async () => {
    vi.mocked(proveRun).mockResolvedValue([{ ...RECORD, proof: PROVED }]);

    expect(await call("verify_runs", { run_ids: [RUN] })).toMatchObject({
      say: "1 of 1 run proved: each record is as it was sealed, under the signed head of 300 entries.",
      head: { entries: 300, key: expect.stringMatching(/^smarthome\.a\+[0-9a-f]{8}\+/) as string },
      not_proved: expect.stringContaining("What was never written") as string,
    });
  });

  test("in full, hands out what it takes to verify each record elsewhere", async () => {
    vi.mocked(proveRun).mockResolvedValue([{ ...RECORD, proof: PROVED }]);
    const zeros = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    const { runs, head } = await call("verify_runs", { run_ids: [RUN], detail: "full" });

    expect(runs).toEqual([
      expect.objectContaining({
        verdict: "proved",
        proofs: [
          {
            record: "RUN",
            item: { v: { N: "1" } },
            index: 1,
            entry: '{"at":1}',
            salt: zeros,
            hashes: [zeros],
          },
        ],
      }),
    ]);
    expect(head).toMatchObject({ note: "n" });
  });

  test.each([["no head"], ["badly signed"], ["not signed"]] as const)(
    "a log with %s proves nothing",
    async (head) => {
      vi.mocked(readSignedHead).mockResolvedValue(head);

      expect(codeIn(await call("verify_runs", { run_ids: [RUN] }))).toBe("LogInvalid");
      expect(proveRun).not.toHaveBeenCalled();
    },
  );
});

// REQ: audit-operators-only
describe("who may look", () => {
  test.each([
    ["a resident", "resident", "you are a resident"],
    ["a guest", "guest", "you are a guest"],
  ] as const)("%s is refused, before anything is read", async (_, role, told) => {
    vi.mocked(readMemberships).mockResolvedValue(memberOf(role));

    const answers = [
      await call("list_runs", {}),
      await call("explain_run", { run_id: RUN }),
      await call("verify_runs", { run_ids: [RUN] }),
    ];

    expect(answers.map(codeIn)).toEqual(["NotAllowed", "NotAllowed", "NotAllowed"]);
    expect(JSON.stringify(answers)).toContain(told);
    expect(putRecord).not.toHaveBeenCalled();
    expect(listRuns).not.toHaveBeenCalled();
    expect(readRun).not.toHaveBeenCalled();
    expect(proveRun).not.toHaveBeenCalled();
    expect(putFirstRecord).toHaveBeenCalledTimes(3);
  });

  test("an operator of one home does not see another", async () => {
    expect(codeIn(await call("list_runs", { home: "b" }))).toBe("HomeUnknown");
  });

  test("whoever looks after every home names one", async () => {
    vi.mocked(readMemberships).mockResolvedValue(OF_ALL);

    expect(codeIn(await call("list_runs", {}))).toBe("HomeAmbiguous");
    expect(codeIn(await call("list_runs", { home: "b" }))).toBeUndefined();
  });
});

// REQ: visits-recorded
describe("each look is a record first", () => {
  test.each([
    ["list_runs", { person: "alice", since: "8h" }, '{"since":"8h","person":"alice"}'],
    ["explain_run", { run_id: RUN }, RUN],
    ["verify_runs", { run_ids: [RUN] }, RUN],
  ])("of %s, with what was looked at", async (tool, args, subject) => {
    await call(tool, args);

    expect(vi.mocked(putRecord).mock.calls).toEqual([
      [
        "audit",
        {
          PK: "HOME#a#ACCESS#2026-11",
          SK: expect.stringMatching(/^2026-11-27T22:00:00\.000Z#[0-9a-f-]{36}$/) as string,
          v: 1,
          home: "a",
          sub: "sub-olga",
          username: "olga",
          clientId: "client-web",
          role: "operator",
          tool,
          subject,
          at: "2026-11-27T22:00:00.000Z",
        },
      ],
    ]);
  });

  test("and without the record there is no answer, and nothing is read", async () => {
    vi.mocked(putRecord).mockRejectedValue(new Error("AccessDenied"));

    expect(codeIn(await call("list_runs", {}))).toBe("VisitNotRecorded");
    expect(listRuns).not.toHaveBeenCalled();
  });
});
