import { expect, test } from "vitest";
import type { RunRecords } from "#domain/audit/run-records.ts";
import { describeReported, outcomeTimeline, runTimeline } from "#domain/audit/run-timeline.ts";
import { deviceOutcomes } from "#domain/run/outcome.ts";
import {
  ALARM_ARMED,
  answer,
  DOOR_LOCKED,
  GOODNIGHT,
  RUN,
  SENT_AT_MS,
  sent,
} from "../goodnight.ts";

const REQUEST = {
  id: RUN,
  scene: "goodnight",
  caller: { sub: "alice", clientId: "c", username: "alice", scopes: ["write"] },
  role: "resident",
  requestedAt: "2026-01-02T22:00:00.000Z",
} as const;

const RECORDS: RunRecords = {
  request: REQUEST,
  plan: GOODNIGHT,
  planHash: "sha256:00",
  acknowledgements: [DOOR_LOCKED, ALARM_ARMED],
};

const concluded = (late: RunRecords["acknowledgements"] = []): RunRecords => ({
  ...RECORDS,
  acknowledgements: [...RECORDS.acknowledgements, ...late],
  conclusion: {
    outcomes: deviceOutcomes({
      run: RUN,
      plan: GOODNIGHT,
      sent: [sent(0), sent(1)],
      acknowledgements: RECORDS.acknowledgements,
      shadows: {},
    }),
    finishedAt: "2026-01-02T22:00:10.000Z",
  },
});

test("each device stands in its stage with its window, its answer, before and after", () => {
  const { stages } = runTimeline(concluded(), SENT_AT_MS + 60_000);

  expect(stages.map(({ name, devices }) => [name, devices.length])).toEqual([
    ["close and lock", 2],
    ["arm", 1],
  ]);
  expect(stages[0]?.devices[0]).toEqual({
    device: "front_door",
    name: "Front door",
    outcome: "confirmed",
    asked: "locked",
    before: "unlocked",
    after: "locked",
    askedAtMs: 1_767_391_200_000,
    windowSeconds: 10,
    acknowledgedAtMs: 1_767_391_200_500,
    isLate: false,
    isWithdrawn: false,
    why: "",
    againAtMs: [],
  });
});

test("a device that kept silent says so, and that its command was withdrawn", () => {
  expect(runTimeline(concluded(), SENT_AT_MS + 60_000).stages[0]?.devices[1]).toMatchObject({
    outcome: "timed_out",
    isWithdrawn: true,
    why: "no answer within 2 s; its command was withdrawn",
  });
});

test("one that answered after the end is late, and its command had been withdrawn", () => {
  const late = answer("home-hall_lamp", 0, { light: { on: false } }, { afterMs: 15_000 });

  const { stages } = runTimeline(concluded([late]), SENT_AT_MS + 60_000);

  expect(stages[0]?.devices[1]).toMatchObject({
    outcome: "confirmed_late",
    acknowledgedAtMs: 1_767_391_215_000,
    isLate: true,
    isWithdrawn: true,
    why: "answered after its 2 s; its command was withdrawn",
  });
});

test("while the run goes on, a device that has not answered is waited for", () => {
  const { stages } = runTimeline(RECORDS, SENT_AT_MS + 1000);

  expect(stages[0]?.devices.map(({ outcome, why }) => [outcome, why])).toEqual([
    ["confirmed", ""],
    ["waiting", "has not answered yet"],
  ]);
});

test("of a run whose request is gone, the outcome alone tells the same", () => {
  const outcomes = concluded().conclusion?.outcomes ?? [];

  expect(outcomeTimeline(outcomes)).toEqual(runTimeline(concluded(), SENT_AT_MS).stages);
});

test.each([
  [{ light: { on: true, brightness: 40 } }, "on, brightness 40 %"],
  [{ lock: { locked: true }, battery: 80 }, "locked"],
  [{ battery: 80 }, '{"battery":80}'],
  [{ light: { on: { nested: true } } }, '{"light":{"on":{"nested":true}}}'],
])("the reported state %j is %s in words", (reported, words) => {
  expect(describeReported(reported)).toBe(words);
});
