import { describe, expect, test } from "vitest";
import { outcomeRecord } from "#domain/audit/outcome-record.ts";
import { requestRecord } from "#domain/audit/request-record.ts";
import { parseRunRecords } from "#domain/audit/run-records.ts";
import { runKey } from "#domain/home/keys.ts";
import type { DeviceOutcome } from "#domain/run/outcome.ts";
import { planText } from "#domain/run/plan.ts";
import type { RunRequest } from "#domain/run/run.ts";
import { AT_HOME } from "../../support/at-home.ts";
import { codeOf, messageOf } from "../code-of.ts";
import { GOODNIGHT } from "../goodnight.ts";
import { UNKNOWN_FORMATS } from "../unknown-formats.ts";

const REQUEST: RunRequest = {
  id: "run_0123456789abcdefghjk",
  scene: "goodnight",
  caller: { sub: "alice", clientId: "c", username: "Alice", scopes: ["read", "write"] },
  role: "resident",
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

const RUN_ITEM = {
  ...requestRecord(AT_HOME.home, REQUEST, "sha256:00", ["front_door"]),
  plan: planText(GOODNIGHT),
};
const OUTCOME_ITEM = outcomeRecord(
  AT_HOME.home,
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
  ["sha256:00"],
);
const ACK_ITEM = {
  PK: "HOME#home#RUN#run_0123456789abcdefghjk",
  SK: "ACK#home-front_door#0",
  v: 1,
  home: "home",
  thing: "home-front_door",
  command: { id: "run_0123456789abcdefghjk.0" },
  after: { lock: { locked: true } },
  acknowledgedAt: 1_767_391_200_500,
};

test("everything about a run stands under one key", () => {
  expect(runKey(AT_HOME.home, "run_0123456789abcdefghjk")).toBe(
    "HOME#home#RUN#run_0123456789abcdefghjk",
  );
});

// REQ: audit-request
test("a request's record says who asked for what, why and when, and its day", () => {
  expect(requestRecord(AT_HOME.home, REQUEST, "sha256:00", ["front_door"])).toEqual({
    PK: "HOME#home#RUN#run_0123456789abcdefghjk",
    SK: "RUN",
    v: 1,
    home: "home",
    homeDay: "home#2026-01-02",
    dayShard: "2026-01-02#14",
    run: "run_0123456789abcdefghjk",
    scene: "goodnight",
    caller: { sub: "alice", clientId: "c", username: "Alice", scopes: ["read", "write"] },
    role: "resident",
    reason: "going to bed",
    requestId: "9f1c2a",
    requestedAt: "2026-01-02T22:00:00.000Z",
    planHash: "sha256:00",
    askedDevices: ["front_door"],
  });
});

test("what a request did not give is absent from its record", () => {
  const { reason: _, requestId: __, ...request } = REQUEST;

  const record = requestRecord(AT_HOME.home, request, "sha256:00", ["front_door"]);

  expect(record).not.toHaveProperty("reason");
  expect(record).not.toHaveProperty("requestId");
});

test("an outcome's record says how the run ended and how each device fared", () => {
  expect(OUTCOME_ITEM).toEqual({
    PK: "HOME#home#RUN#run_0123456789abcdefghjk",
    SK: "OUTCOME",
    v: 1,
    home: "home",
    homeDay: "home#2026-01-02",
    dayShard: "2026-01-02#14",
    run: "run_0123456789abcdefghjk",
    scene: "goodnight",
    result: "done",
    say: "Goodnight is done: the one device confirmed.",
    planHash: "sha256:00",
    requestedAt: "2026-01-02T22:00:00.000Z",
    finishedAt: "2026-01-02T22:00:10.000Z",
    deviceCount: 1,
    confirmedCount: 1,
    devices: OUTCOMES,
    judgedBy: ["sha256:00"],
  });
});

describe("a run's records", () => {
  test("are put together, in whatever order they come", () => {
    const records = parseRunRecords([ACK_ITEM, OUTCOME_ITEM, RUN_ITEM]);

    expect(records?.request).toEqual(REQUEST);
    expect(records?.plan).toEqual(GOODNIGHT);
    expect(records?.planHash).toBe("sha256:00");
    expect(records?.acknowledgements.map((one) => one.thing)).toEqual(["home-front_door"]);
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

  test.each<[string, object, string]>([
    ["a run that is a number", { run: 7 }, "run must be a text."],
    ["a time that is none", { requestedAt: "tonight" }, "requestedAt must be a time."],
    ["a reason that is no text", { reason: ["bed"] }, "reason must be a text."],
    ["a request id that is no text", { requestId: 1 }, "requestId must be a text."],
    ["a caller that is a text", { caller: "alice" }, "caller must be an object."],
    [
      "a caller without a subject",
      { caller: { clientId: "c", scopes: [] } },
      "caller.sub must be a text.",
    ],
    [
      "a caller without a client",
      { caller: { sub: "s", scopes: [] } },
      "caller.clientId must be a text.",
    ],
    [
      "a caller whose name is a number",
      { caller: { sub: "s", clientId: "c", username: 1, scopes: [] } },
      "caller.username must be a text.",
    ],
    [
      "a caller with a scope that is none",
      { caller: { sub: "s", clientId: "c", scopes: ["admin"] } },
      "caller.scopes must be a list of read and write.",
    ],
    ["a plan that is an object", { plan: {} }, "plan must be a text."],
  ])("with %s in the request are refused, and the member is named", (_, members, told) => {
    const parse = () => parseRunRecords([{ ...RUN_ITEM, ...members }]);

    expect(codeOf(parse)).toBe("RecordInvalid");
    expect(messageOf(parse)).toBe(`Run record HOME#home#RUN#run_0123456789abcdefghjk: ${told}`);
  });

  test.each<[string, unknown, string]>([
    ["a text", "front_door", "a device must be an object."],
    ["without an id", { ...OUTCOMES[0], device: undefined }, "a device's id must be a text."],
    ["without a name", { ...OUTCOMES[0], name: undefined }, "front_door.name must be a text."],
    ["whose stage is a text", { ...OUTCOMES[0], stage: "0" }, "front_door.stage must be a number."],
    [
      "whose stage has no name",
      { ...OUTCOMES[0], stageName: 0 },
      "front_door.stageName must be a text.",
    ],
    [
      "whose outcome is no word",
      { ...OUTCOMES[0], outcome: "fine" },
      "front_door.outcome must be one of the words for it.",
    ],
    [
      "whose reason is a number",
      { ...OUTCOMES[0], reason: 5 },
      "front_door.reason must be a text.",
    ],
    [
      "whose state before is null",
      { ...OUTCOMES[0], before: null },
      "front_door.before must be an object.",
    ],
    [
      "whose state after is a list",
      { ...OUTCOMES[0], after: [] },
      "front_door.after must be an object.",
    ],
    [
      "asked at a text",
      { ...OUTCOMES[0], askedAtMs: "1" },
      "front_door.askedAtMs must be a number.",
    ],
    [
      "acknowledged at a text",
      { ...OUTCOMES[0], acknowledgedAtMs: "1" },
      "front_door.acknowledgedAtMs must be a number.",
    ],
    [
      "without a window",
      { ...OUTCOMES[0], windowSeconds: undefined },
      "front_door.windowSeconds must be a number.",
    ],
    [
      "asked for nothing",
      { ...OUTCOMES[0], asked: {} },
      "front_door.asked must be a wanted state.",
    ],
    [
      "asked to toggle",
      { ...OUTCOMES[0], asked: { lock: "toggle" } },
      "front_door.asked must be a wanted state.",
    ],
  ])("with a device's outcome that is %s are refused, and the member is named", (_, one, told) => {
    const parse = () => parseRunRecords([RUN_ITEM, { ...OUTCOME_ITEM, devices: [one] }]);

    expect(codeOf(parse)).toBe("RecordInvalid");
    expect(messageOf(parse)).toBe(`Outcome record HOME#home#RUN#run_0123456789abcdefghjk: ${told}`);
  });

  test.each([
    ["the request", [{ ...RUN_ITEM, v: undefined }]],
    ["the outcome", [RUN_ITEM, { ...OUTCOME_ITEM, v: undefined }]],
    ["an acknowledgement", [RUN_ITEM, { ...ACK_ITEM, v: undefined }]],
  ])("of which %s is from before records had a format are refused", (_, items) => {
    expect(codeOf(() => parseRunRecords(items))).toBe("FormatUnknown");
  });

  test.each(UNKNOWN_FORMATS)(
    "of the format %j are refused, and the record is named",
    (v, shown) => {
      const ofRequest = () => parseRunRecords([{ ...RUN_ITEM, v }]);
      const ofOutcome = () => parseRunRecords([RUN_ITEM, { ...OUTCOME_ITEM, v }]);

      expect(codeOf(ofRequest)).toBe("FormatUnknown");
      expect(codeOf(ofOutcome)).toBe("FormatUnknown");
      expect(messageOf(ofOutcome)).toBe(
        `Outcome record HOME#home#RUN#run_0123456789abcdefghjk has the format ${shown}; this version reads format 1. Use the version that wrote it. Nothing was changed.`,
      );
    },
  );
});
