import { describe, expect, test } from "vitest";
import { outcomeRecord, parseRunRecords, requestRecord, runKey } from "#domain/run/audit-record.ts";
import type { DeviceOutcome } from "#domain/run/outcome.ts";
import { planText } from "#domain/run/plan.ts";
import type { RunRequest } from "#domain/run/run.ts";
import { codeOf } from "../code-of.ts";
import { GOODNIGHT } from "../goodnight.ts";

const REQUEST: RunRequest = {
  id: "run_0123456789abcdefghjk",
  scene: "goodnight",
  caller: { sub: "alice", clientId: "c", username: "Alice", scopes: ["read", "write"] },
  reason: "going to bed",
  requestId: "9f1c2a",
  requestedAt: "2026-01-02T22:00:00.000Z",
};

const OUTCOMES: readonly DeviceOutcome[] = [
  {
    device: "front_door",
    name: "Front door",
    stage: 0,
    stageName: "close and lock",
    outcome: "confirmed",
    asked: { lock: { locked: true } },
    windowSeconds: 10,
  },
];

const RUN_ITEM = { ...requestRecord(REQUEST, "sha256:00"), plan: planText(GOODNIGHT) };
const OUTCOME_ITEM = outcomeRecord(
  {
    run_id: "run_0123456789abcdefghjk",
    scene: "goodnight",
    result: "done",
    say: "Goodnight is done: the one device confirmed.",
    devices: 1,
    confirmed: 1,
    already_there: 0,
    devices_not_confirmed: [],
    left_out: [],
    plan_hash: "sha256:00",
    requested_at: "2026-01-02T22:00:00.000Z",
    finished_at: "2026-01-02T22:00:10.000Z",
  },
  OUTCOMES,
);
const ACK_ITEM = {
  PK: "RUN#run_0123456789abcdefghjk",
  SK: "ACK#thing-front-door#0",
  thing: "thing-front-door",
  command: { id: "run_0123456789abcdefghjk.0" },
  after: { lock: { locked: true } },
  acknowledgedAt: 1_767_391_200_500,
};

test("everything about a run stands under one key", () => {
  expect(runKey("run_0123456789abcdefghjk")).toBe("RUN#run_0123456789abcdefghjk");
});

// REQ: audit-request
test("a request's record says who asked for what, why and when, and its day", () => {
  expect(requestRecord(REQUEST, "sha256:00")).toEqual({
    PK: "RUN#run_0123456789abcdefghjk",
    SK: "RUN",
    day: "2026-01-02",
    run: "run_0123456789abcdefghjk",
    scene: "goodnight",
    caller: { sub: "alice", clientId: "c", username: "Alice", scopes: ["read", "write"] },
    reason: "going to bed",
    requestId: "9f1c2a",
    requestedAt: "2026-01-02T22:00:00.000Z",
    planHash: "sha256:00",
  });
});

test("what a request did not give is absent from its record", () => {
  const { reason: _, requestId: __, ...request } = REQUEST;

  const record = requestRecord(request, "sha256:00");

  expect(record).not.toHaveProperty("reason");
  expect(record).not.toHaveProperty("requestId");
});

test("an outcome's record says how the run ended and how each device fared", () => {
  expect(OUTCOME_ITEM).toEqual({
    PK: "RUN#run_0123456789abcdefghjk",
    SK: "OUTCOME",
    run: "run_0123456789abcdefghjk",
    scene: "goodnight",
    result: "done",
    say: "Goodnight is done: the one device confirmed.",
    planHash: "sha256:00",
    finishedAt: "2026-01-02T22:00:10.000Z",
    devices: OUTCOMES,
  });
});

describe("a run's records", () => {
  test("are put together, in whatever order they come", () => {
    const records = parseRunRecords([ACK_ITEM, OUTCOME_ITEM, RUN_ITEM]);

    expect(records?.request).toEqual(REQUEST);
    expect(records?.plan).toEqual(GOODNIGHT);
    expect(records?.planHash).toBe("sha256:00");
    expect(records?.acknowledgements.map((one) => one.thing)).toEqual(["thing-front-door"]);
    expect(records?.conclusion).toEqual({
      outcomes: OUTCOMES,
      finishedAt: "2026-01-02T22:00:10.000Z",
    });
  });

  test("have no conclusion while the run goes on", () => {
    expect(parseRunRecords([RUN_ITEM])).not.toHaveProperty("conclusion");
  });

  test.each([[[]], [[ACK_ITEM]], [[OUTCOME_ITEM, ACK_ITEM]]])(
    "without the request's are no run (%#)",
    (items) => {
      expect(parseRunRecords(items)).toBeUndefined();
    },
  );

  test("are read though an acknowledgement among them cannot be", () => {
    const broken = { ...ACK_ITEM, SK: "ACK#other#0", acknowledgedAt: "now" };

    expect(parseRunRecords([RUN_ITEM, broken, ACK_ITEM])?.acknowledgements).toHaveLength(1);
  });

  test.each([
    ["no plan", [{ ...RUN_ITEM, plan: undefined }]],
    ["a plan that is no JSON", [{ ...RUN_ITEM, plan: "{" }]],
    ["no hash", [{ ...RUN_ITEM, planHash: undefined }]],
    ["no run", [{ ...RUN_ITEM, run: undefined }]],
    ["no scene", [{ ...RUN_ITEM, scene: undefined }]],
    ["no time", [{ ...RUN_ITEM, requestedAt: undefined }]],
    ["no caller", [{ ...RUN_ITEM, caller: undefined }]],
    ["no devices in the outcome", [RUN_ITEM, { ...OUTCOME_ITEM, devices: undefined }]],
    ["no end in the outcome", [RUN_ITEM, { ...OUTCOME_ITEM, finishedAt: undefined }]],
  ])("with %s are refused", (_, items) => {
    expect(codeOf(() => parseRunRecords(items))).toBe("RecordInvalid");
  });
});
