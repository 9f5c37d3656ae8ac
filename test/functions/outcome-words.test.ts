import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { getShadow, getShadows, updateShadowAtVersion } from "#adapters/device-shadows.ts";
import type { Acknowledgement } from "#domain/run/acknowledgement.ts";
import type { Outcome, ShadowView } from "#domain/run/outcome.ts";
import { handler } from "../../functions/conclude-run/handler.ts";
import { answer, FRONT_DOOR, GOODNIGHT, RUN, SENT_AT_MS, sent } from "../domain/goodnight.ts";
import { lambdaContext } from "./lambda-context.ts";

// Every word for how a device fared that a run can end with, each with the fault that makes it: what the result says,
// what is recorded, and whether the shadow still holds a wish. `skipped_by_condition` needs a condition, and
// `needs_approval` is said before a run begins.

vi.hoisted(() => {
  vi.stubEnv("POWERTOOLS_TRACE_ENABLED", "false");
  vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
  vi.stubEnv("THING_PREFIX", "");
  vi.stubEnv("AUDIT_TABLE_NAME", "audit");
  vi.stubEnv("RECORD_RETENTION_DAYS", "400");
});
const { read } = vi.hoisted(() => ({
  read: vi.fn<() => Promise<readonly Acknowledgement[]>>(),
}));
vi.mock("#adapters/audit-table.ts", () => ({
  readRunEvidence: async () => ({ acknowledgements: await read(), judgedBy: [] }),
}));
vi.mock("#adapters/device-shadows.ts", () => ({
  getShadow: vi.fn(),
  getShadows: vi.fn(),
  updateShadowAtVersion: vi.fn(),
}));

const update = vi.mocked(updateShadowAtVersion);

beforeEach(() => {
  vi.useFakeTimers({ now: SENT_AT_MS + 13_000, toFake: ["Date"] });
  read.mockReset().mockResolvedValue([]);
  update.mockReset().mockResolvedValue(true);
});
afterEach(() => {
  vi.useRealTimers();
});

const LOCKED = { lock: { locked: true } };
const UNLOCKED = { lock: { locked: false } };
const OURS = "run_0123456789abcdefghjk.0";
const THEIRS = "run_kjhgfedcba9876543210.0";
const STANDING: ShadowView = { desiredCommandId: OURS };
const door = (
  ...more: Parameters<typeof answer> extends [string, number, ...infer Rest] ? Rest : never
) => answer("home-front_door", 0, ...more);

interface Case {
  readonly fault: string;
  readonly outcome: Outcome;
  readonly reason?: string;
  readonly answered?: ReturnType<typeof answer>;
  readonly shadow?: ShadowView;
  readonly held?: ShadowView;
  readonly notSent?: string;
  readonly isNotReached?: true;
  readonly withdrawn: boolean;
}

const CASES: readonly Case[] = [
  {
    fault: "answers in time",
    outcome: "confirmed",
    answered: door(LOCKED, { before: UNLOCKED }),
    withdrawn: false,
  },
  {
    fault: "is so already",
    outcome: "already_there",
    answered: door(LOCKED, { before: LOCKED }),
    withdrawn: false,
  },
  {
    fault: "answers after its window",
    outcome: "confirmed_late",
    answered: door(LOCKED, { before: UNLOCKED, afterMs: 11_000 }),
    withdrawn: false,
  },
  {
    fault: "is jammed",
    outcome: "refused",
    reason: "JAMMED",
    answered: door(UNLOCKED, { status: "FAILED", reason: "JAMMED" }),
    shadow: { ...STANDING, reportedCommandId: OURS },
    withdrawn: true,
  },
  {
    fault: "gets its command after the expiry",
    outcome: "refused",
    reason: "EXPIRED",
    answered: door(UNLOCKED, { status: "REJECTED", reason: "EXPIRED" }),
    shadow: { ...STANDING, reportedCommandId: OURS },
    withdrawn: true,
  },
  {
    fault: "does not answer its hub",
    outcome: "offline",
    reason: "UNREACHABLE",
    answered: door(UNLOCKED, { status: "REJECTED", reason: "UNREACHABLE" }),
    shadow: { ...STANDING, reportedCommandId: OURS },
    withdrawn: true,
  },
  {
    fault: "broke off for a newer command",
    outcome: "superseded",
    reason: "BY run_kjhgfedcba9876543210.0",
    answered: door(UNLOCKED, { status: "FAILED", reason: "SUPERSEDED" }),
    shadow: { ...STANDING, desiredCommandId: THEIRS, reportedCommandId: OURS },
    withdrawn: false,
  },
  {
    fault: "says that it did, and reports that it did not",
    outcome: "refused",
    reason: "REPORTED_OTHERWISE",
    answered: door(UNLOCKED),
    shadow: { ...STANDING, reportedCommandId: OURS },
    withdrawn: true,
  },
  {
    fault: "is silent, though connected",
    outcome: "timed_out",
    reason: "CONNECTED",
    shadow: { ...STANDING, reported: { ...UNLOCKED, online: true } },
    withdrawn: true,
  },
  {
    fault: "is gone",
    outcome: "offline",
    reason: "SINCE 2026-01-02T21:00:00.000Z",
    shadow: {
      ...STANDING,
      reported: { ...UNLOCKED, online: false },
      onlineSaidAtMs: SENT_AT_MS - 3_600_000,
    },
    withdrawn: true,
  },
  {
    fault: "is given another run's command meanwhile",
    outcome: "superseded",
    reason: "BY run_kjhgfedcba9876543210.0",
    shadow: { desiredCommandId: THEIRS },
    withdrawn: false,
  },
  {
    fault: "springs back after its answer",
    outcome: "did_not_stay",
    answered: door(LOCKED, { before: UNLOCKED }),
    held: { reported: UNLOCKED, reportedCommandId: OURS },
    withdrawn: false,
  },
  {
    fault: "cannot be published to",
    outcome: "not_sent",
    reason: "ThrottlingException",
    shadow: {},
    notSent: "ThrottlingException",
    withdrawn: false,
  },
  {
    fault: "is sent nothing because the run began too late",
    outcome: "not_sent",
    reason: "STARTED_LATE",
    shadow: {},
    notSent: "STARTED_LATE",
    withdrawn: false,
  },
  {
    fault: "stands behind a closed gate",
    outcome: "not_reached",
    isNotReached: true,
    withdrawn: false,
  },
];

test.each(CASES)(
  "a door that $fault is $outcome, in the result as in the record",
  async (given) => {
    const { outcome, reason, answered, shadow, held, notSent } = given;
    read.mockResolvedValue(answered === undefined ? [] : [answered]);
    vi.mocked(getShadow).mockResolvedValue({ version: 7, view: shadow ?? {} });
    vi.mocked(getShadows).mockResolvedValue(
      new Map(held === undefined ? [] : [["home-front_door", { version: 8, view: held }]]),
    );
    const plan = {
      ...GOODNIGHT,
      stages: [{ index: 0, name: "close and lock", commands: [FRONT_DOOR] }],
      rules: { onConflict: "supersede", onPartial: "keep", retry: "class_default", holdSeconds: 3 },
    };
    const unsent = notSent === undefined ? [] : [{ device: "front_door", reason: notSent }];

    const { result, record } = await handler(
      {
        home: "home",
        run: { id: RUN, requestedAt: "2026-01-02T22:00:00.000Z" },
        plan,
        planHash: "sha256:abc",
        sent: given.isNotReached === true ? [] : [sent(0, unsent)],
      },
      lambdaContext(),
    );

    const told = result.devices_not_confirmed.map((one) => [one.outcome, one.reason]);
    const isInTime = outcome === "confirmed" || outcome === "already_there";
    expect(told).toEqual(isInTime ? [] : [[outcome, reason]]);
    expect(record.devices).toMatchObject({
      L: [
        {
          M: {
            outcome: { S: outcome },
            ...(reason === undefined ? {} : { reason: { S: reason } }),
          },
        },
      ],
    });
    expect(update.mock.calls.length).toBe(given.withdrawn ? 1 : 0);
  },
);

test("these are all words but the two that no conclusion says", () => {
  expect([...new Set(CASES.map(({ outcome }) => outcome))].toSorted()).toEqual([
    "already_there",
    "confirmed",
    "confirmed_late",
    "did_not_stay",
    "not_reached",
    "not_sent",
    "offline",
    "refused",
    "superseded",
    "timed_out",
  ]);
});
