import { expect, test } from "vitest";
import { outcomeRecord } from "#domain/audit/outcome-record.ts";
import { requestRecord } from "#domain/audit/request-record.ts";
import { deviceOutcomes } from "#domain/run/outcome.ts";
import { planText } from "#domain/run/plan.ts";
import { runResult } from "#domain/run/run-result.ts";
import { timelineLines } from "../../../scripts/audit/timeline-lines.ts";
import {
  ALARM_ARMED,
  DOOR_LOCKED,
  GOODNIGHT,
  RUN,
  SENT_AT_MS,
  sent,
} from "../../domain/goodnight.ts";
import { AT_HOME } from "../../support/at-home.ts";

const REQUEST = {
  id: RUN,
  scene: "goodnight",
  caller: { sub: "alice", clientId: "claude", username: "alice", scopes: ["write"] },
  role: "resident",
  reason: "going to bed",
  requestedAt: "2026-01-02T22:00:00.000Z",
} as const;
const OUTCOMES = deviceOutcomes({
  run: RUN,
  plan: GOODNIGHT,
  sent: [sent(0), sent(1)],
  acknowledgements: [DOOR_LOCKED, ALARM_ARMED],
  shadows: {},
});
const RUN_ITEM = {
  ...requestRecord(AT_HOME.home, REQUEST, "sha256:00", ["front_door", "hall_lamp", "alarm"]),
  plan: planText(GOODNIGHT),
};
const OUTCOME_ITEM = outcomeRecord(
  AT_HOME.home,
  runResult(REQUEST, GOODNIGHT, "sha256:00", OUTCOMES, "2026-01-02T22:00:10.000Z"),
  OUTCOMES,
  [],
);
const ACKNOWLEDGEMENTS = [DOOR_LOCKED, ALARM_ARMED].map(({ thing, echo, ...one }, at) => ({
  PK: `HOME#home#RUN#${RUN}`,
  SK: `ACK#${thing}#${at}#1#1`,
  v: 1,
  thing,
  command: { ...echo, run: RUN, stage: at, expiresAt: 1, transitionSeconds: 0 },
  before: one.before,
  after: one.after,
  acknowledgedAt: one.acknowledgedAtMs,
}));

test("a run is a timeline: each device's answer in the band of its window", () => {
  const items = [RUN_ITEM, OUTCOME_ITEM, ...ACKNOWLEDGEMENTS];

  expect(timelineLines(items, SENT_AT_MS + 60_000)).toEqual([
    "run_0123456789abcdefghjk  goodnight  requested 2026-01-02T22:00:00.000Z by alice (resident), through the client claude",
    'reason: "going to bed"',
    "plan: sha256:00, version 3 of the scene",
    "partly_done: Goodnight: 2 of 3 devices confirmed. Hall lamp did not answer within 2 s. (2026-01-02T22:00:10.000Z)",
    "",
    "close and lock   asked 22:00:00.000Z, 10.0 s from left to right",
    "  Front door  █░░░░░░░░░░░░░░░░░░░░░░░  0.500 s at 22:00:00.500Z of 10 s  confirmed  unlocked → locked",
    "  Hall lamp   ░░░░×                     no answer of 2 s  timed_out  ?, asked for off   no answer within 2 s; its command was withdrawn",
    "",
    "arm   asked 22:00:00.000Z, 10.0 s from left to right",
    "  Alarm  █░░░░░░░░░░░░░░░░░░░░░░░  0.500 s at 22:00:00.500Z of 10 s  confirmed  disarmed → armed night",
    "",
    "░ its window   █ until it answered   ╌ after its window   ● answered late   × withdrawn",
  ]);
});

test("of a run that was not concluded, each acknowledgement is told", () => {
  const lines = timelineLines([RUN_ITEM, ...ACKNOWLEDGEMENTS], SENT_AT_MS + 1000);

  expect(lines).toContain("not concluded; 2 acknowledgements so far");
  expect(lines).toContain(
    "home-front_door: 2026-01-02T22:00:00.500Z  run_0123456789abcdefghjk  SUCCEEDED  unlocked → locked",
  );
});

test("of a run whose request was erased, what its devices did is told, and no person", () => {
  const lines = timelineLines([OUTCOME_ITEM, ...ACKNOWLEDGEMENTS], SENT_AT_MS + 60_000);

  expect(lines[0]).toBe(
    "run_0123456789abcdefghjk: the record of its request is no more: its time was over, or it was erased. (npm run audit -- verify tells which)",
  );
  expect(lines.join("\n")).toContain("Front door  █");
  expect(lines.join("\n")).not.toContain("alice");
});
