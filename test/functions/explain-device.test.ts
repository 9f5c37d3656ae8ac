import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { putRecord } from "#adapters/audit-table.ts";
import { readDeviceOutcomes, readDeviceReports, readRequest } from "#adapters/device-history.ts";
import { getShadows } from "#adapters/device-shadows.ts";
import { readHome, readMemberships } from "#adapters/home-table.ts";
import type { RecordedRequest } from "#domain/audit/request-record.ts";
import type { DeviceReport } from "#domain/look/device-report.ts";
import type { DeviceOutcome } from "#domain/run/outcome.ts";
import { GOODNIGHT, RUN } from "../domain/goodnight.ts";
import { call, HOME, headersOf, READ_ONLY, RESIDENT, refusal } from "./called-home.ts";

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
vi.mock("#adapters/audit-table.ts", () => ({ putRecord: vi.fn(), readRun: vi.fn() }));
vi.mock("#adapters/device-history.ts", () => ({
  readDeviceReports: vi.fn(),
  readDeviceOutcomes: vi.fn(),
  readRequest: vi.fn(),
}));
vi.mock("#adapters/device-shadows.ts", () => ({ getShadows: vi.fn() }));
vi.mock("#adapters/schedules-client.ts", () => ({ stageScheduler: vi.fn() }));
vi.mock("#adapters/run-scene-workflow.ts", () => ({ runWorkflow: vi.fn() }));

const NOW = Date.parse("2026-11-27T22:00:00.000Z");
const AT = Date.parse("2026-11-27T21:00:00.000Z");
const OFF = { light: { on: false } };
const ON = { light: { on: true, brightness: 40 } };

/** The lamp went off for a run. */
const ANSWER: DeviceReport = {
  atMs: AT,
  run: RUN,
  stage: 0,
  status: "SUCCEEDED",
  before: ON,
  after: OFF,
};
const BY_HAND: DeviceReport = { atMs: AT + 60_000, before: OFF, after: ON };

const requestOf = (more: Partial<RecordedRequest["request"]> = {}): RecordedRequest => ({
  request: {
    id: RUN,
    scene: "goodnight",
    caller: { sub: "sub-bob", clientId: "client-web", username: "bob", scopes: ["write"] },
    role: "resident",
    reason: "a surprise",
    requestedAt: "2026-11-27T20:59:59.000Z",
    ...more,
  },
  plan: GOODNIGHT,
  planHash: "sha256:abc",
});

const outcome = (
  word: DeviceOutcome["outcome"],
  seconds?: number,
): Pick<DeviceOutcome, "outcome" | "askedAtMs" | "acknowledgedAtMs"> => ({
  outcome: word,
  askedAtMs: AT,
  ...(seconds === undefined ? {} : { acknowledgedAtMs: AT + seconds * 1000 }),
});
const answered = (...outcomes: readonly ReturnType<typeof outcome>[]): void => {
  vi.mocked(readDeviceOutcomes).mockResolvedValue(
    outcomes.map((one) => ({
      device: "hall_lamp",
      name: "Hall lamp",
      stage: 0,
      stageName: "all",
      asked: { light: { on: false } },
      windowSeconds: 2,
      ...one,
    })),
  );
};
const explain = (headers?: unknown): Promise<unknown> =>
  headers === undefined
    ? call("explain_device", { device: "Hall lamp" })
    : call("explain_device", { device: "Hall lamp" }, headers);

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  vi.mocked(readMemberships).mockReset().mockResolvedValue(RESIDENT);
  vi.mocked(readHome).mockReset().mockResolvedValue(HOME);
  vi.mocked(getShadows)
    .mockReset()
    .mockResolvedValue(
      new Map([["home-hall_lamp", { version: 1, view: { reported: { ...OFF, online: true } } }]]),
    );
  vi.mocked(putRecord).mockReset();
  vi.mocked(readDeviceReports).mockReset().mockResolvedValue([ANSWER]);
  vi.mocked(readRequest).mockReset().mockResolvedValue(requestOf());
  answered(outcome("confirmed", 0.4));
});
afterEach(() => {
  vi.useRealTimers();
});

// REQ: why-it-is-so
test("a resident is told what made a device as it is, and of somebody else only what they are", async () => {
  const answer = await explain(headersOf(READ_ONLY));

  expect(answer).toMatchObject({
    say: "Hall lamp is off. Hall lamp became off (before: on, brightness 40 %) at 2026-11-27T21:00:00.000Z, because another resident ran the scene goodnight. It confirmed 1 of its last 1 command, half of its answers within 0.4 s and 95 % within 0.4 s.",
    device: "hall_lamp",
    state: "off",
    causes: [
      {
        at: "2026-11-27T21:00:00.000Z",
        through: "run",
        from: "on, brightness 40 %",
        to: "off",
        scene: "goodnight",
        who: "another resident",
      },
    ],
  });
  expect(JSON.stringify(answer)).not.toMatch(/bob|surprise|client-web|run_/);
  expect(putRecord).not.toHaveBeenCalled();
});

test("whoever asked is told their own run by its id, with their reason", async () => {
  vi.mocked(readRequest).mockResolvedValue(
    requestOf({
      caller: { sub: "sub-anna", clientId: "client-web", username: "anna", scopes: ["write"] },
    }),
  );

  expect(await explain()).toMatchObject({
    causes: [
      {
        who: "you",
        client: "client-web",
        reason: "a surprise",
        run_id: "run_0123456789abcdefghjk",
      },
    ],
  });
});

// REQ: why-it-is-so
test("an operator of the home is told names, and the look is recorded first", async () => {
  vi.mocked(readMemberships).mockResolvedValue({
    homes: RESIDENT.homes.map((home) => ({ ...home, role: "operator" as const })),
    isOperatorOfAll: false,
  });

  expect(await explain()).toMatchObject({
    causes: [{ who: "bob", run_id: "run_0123456789abcdefghjk" }],
  });
  expect(putRecord).toHaveBeenCalledExactlyOnceWith(
    "audit",
    expect.objectContaining({ tool: "explain_device", subject: "Hall lamp", username: "anna" }),
  );
});

test("without the record there is no answer", async () => {
  vi.mocked(readMemberships).mockResolvedValue({
    homes: RESIDENT.homes.map((home) => ({ ...home, role: "operator" as const })),
    isOperatorOfAll: false,
  });
  vi.mocked(putRecord).mockRejectedValueOnce(new Error("away"));

  expect(await explain()).toEqual(refusal("VisitNotRecorded"));
  expect(readDeviceReports).not.toHaveBeenCalled();
});

test("a hand at the switch, a schedule, an undo and a set of devices are told as such", async () => {
  const later = { ...ANSWER, atMs: AT + 1, stage: 1 };
  vi.mocked(readDeviceReports).mockResolvedValue([
    BY_HAND,
    ANSWER,
    { ...later, stage: 1 },
    { ...later, stage: 2 },
    { ...later, stage: 3 },
  ]);
  vi.mocked(readRequest)
    .mockResolvedValueOnce(
      requestOf({
        caller: { sub: "machine", clientId: "machine", scopes: ["write"] },
        requestId: "schedule evening 20261127T2100Z",
      }),
    )
    .mockResolvedValueOnce({
      ...requestOf({ role: "guest" }),
      plan: { ...GOODNIGHT, undoes: RUN },
    })
    .mockResolvedValueOnce({ ...requestOf(), plan: { ...GOODNIGHT, scene: "set-devices" } })
    .mockResolvedValueOnce(undefined);

  expect(await explain()).toMatchObject({
    causes: [
      { through: "by_hand", from: "off", to: "on, brightness 40 %" },
      { through: "schedule", who: "a schedule" },
      { through: "undo", who: "a guest" },
      { through: "run", who: "another resident" },
      { through: "run", who: "somebody; the request is no longer recorded" },
    ],
  });
});

test("an answer that was reported again, and one that changed nothing, is no cause", async () => {
  vi.mocked(readDeviceReports).mockResolvedValue([
    { ...ANSWER, atMs: AT + 5_000 },
    { ...ANSWER, before: OFF },
    { ...ANSWER, stage: 1 },
  ]);

  expect(await explain()).toMatchObject({ causes: [{}, {}] });
});

test("nothing recorded is said to be so", async () => {
  vi.mocked(readDeviceReports).mockResolvedValue([]);
  answered();

  expect(await explain()).toMatchObject({
    say: "Hall lamp is off. What made Hall lamp as it is is not recorded. It was asked nothing in the last 30 days.",
    causes: [],
    answers: { commands: 0, confirmed: 0 },
  });
});

test("how well it answers counts what it was asked, and no more", async () => {
  answered(
    ...Array.from({ length: 18 }, (_, index) => outcome("confirmed", 0.1 * (index + 1))),
    outcome("already_there", 0.2),
    outcome("timed_out"),
    outcome("refused", 9),
    outcome("confirmed_late", 12),
    outcome("not_reached"),
    outcome("superseded"),
  );

  expect(await explain()).toMatchObject({
    answers: {
      commands: 22,
      confirmed: 19,
      share_confirmed: 0.86,
      refused: 1,
      not_in_time: 2,
      p50_s: 1,
      p95_s: 9,
      since: "2026-11-27T21:00:00.000Z",
    },
  });
  expect(readDeviceOutcomes).toHaveBeenCalledExactlyOnceWith(
    "audit",
    expect.anything(),
    "hall_lamp",
    { since: "2026-10-28T22:00:00.000Z", until: "2026-11-27T22:00:00.000Z", most: 50 },
  );
});

test("a room is asked back", async () => {
  expect(await call("explain_device", { device: "Hall" })).toEqual({
    error: {
      code: "NameAmbiguous",
      message:
        '"Hall" means 2 devices: front_door, hall_lamp. Call explain_device again with one of these names. Nothing was changed.',
      closest: ["front_door", "hall_lamp"],
    },
  });
});
