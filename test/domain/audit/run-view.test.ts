import { expect, test } from "vitest";
import type { RunRecords } from "#domain/audit/run-records.ts";
import { reportedAgain, runView } from "#domain/audit/run-view.ts";
import { deviceOutcomes } from "#domain/run/outcome.ts";
import {
  ALARM_ARMED,
  answer,
  DOOR_LOCKED,
  GOODNIGHT,
  LAMP_OFF,
  RUN,
  SENT_AT_MS,
  sent,
} from "../goodnight.ts";

const REQUESTED_AT_MS = 1_767_391_199_000;
const RUNNING: RunRecords = {
  request: {
    id: RUN,
    scene: "goodnight",
    caller: { sub: "alice", clientId: "c", scopes: ["write"] },
    role: "resident",
    requestedAt: "2026-01-02T21:59:59.000Z",
  },
  plan: GOODNIGHT,
  planHash: "sha256:00",
  acknowledgements: [DOOR_LOCKED],
};

const concluded = (
  known: RunRecords["acknowledgements"],
  stages: readonly number[] = [0, 1],
): RunRecords => ({
  ...RUNNING,
  acknowledgements: known,
  conclusion: {
    outcomes: deviceOutcomes({
      run: RUN,
      plan: GOODNIGHT,
      sent: stages.map((index) => sent(index)),
      acknowledgements: known,
      shadows: {},
    }),
    finishedAt: "2026-01-02T22:00:12.000Z",
  },
});

test("a run that goes on tells what is confirmed and what is awaited, and claims no result", () => {
  const { view } = runView(RUNNING, REQUESTED_AT_MS + 1000);

  expect(view).toEqual({
    run_id: "run_0123456789abcdefghjk",
    scene: "goodnight",
    result: "running",
    say: "Goodnight is still running: 1 of 3 devices confirmed so far; still waiting for Hall lamp (up to 1 s).",
    devices: 3,
    acknowledged: 1,
    confirmed: 1,
    already_there: 0,
    still_awaited: [
      {
        device: "hall_lamp",
        name: "Hall lamp",
        stage: "close and lock",
        until: "2026-01-02T22:00:01.000Z",
        seconds_left: 1,
      },
    ],
    stages_not_reached: ["arm"],
    devices_not_confirmed: [],
    plan_hash: "sha256:00",
    requested_at: "2026-01-02T21:59:59.000Z",
    next: 'Call get_run with {"run_id":"run_0123456789abcdefghjk","wait_s":45}: it answers when the run ends.',
  });
});

test.for([
  ["in its window", 0, "confirmed"],
  ["after its window", 1, "confirmed_late"],
] as const)("a device that answered %s while the run goes on is told so", ([, lateMs, told]) => {
  const answerBy = (SENT_AT_MS + 10_000) / 1000;
  const door = answer(
    "home-front_door",
    0,
    { lock: { locked: true } },
    { afterMs: 10_000 + lateMs },
  );
  const acknowledgements = [{ ...door, echo: { ...door.echo, answerBy } }];

  const { outcomes } = runView({ ...RUNNING, acknowledgements }, SENT_AT_MS + 10_500);

  expect(outcomes[0]?.outcome).toBe(told);
});

test("of a run that goes on every device is listed, without an outcome while it is silent", () => {
  const { outcomes } = runView(RUNNING, REQUESTED_AT_MS + 2000);

  expect(outcomes.map((one) => [one.device, one.outcome])).toEqual([
    ["front_door", "confirmed"],
    ["hall_lamp", undefined],
    ["alarm", undefined],
  ]);
  expect(outcomes[1]).not.toHaveProperty("outcome");
});

// REQ: cut-off-run
test.each([
  [329_999, "running"],
  [330_000, "running"],
  [330_001, "failed"],
])("%d ms after its request a run without an outcome is %s", (afterMs, result) => {
  expect(runView(RUNNING, REQUESTED_AT_MS + afterMs).view.result).toBe(result);
});

test("a run that was never concluded has failed, and is certain of nothing that was not confirmed", () => {
  const refused = answer("home-hall_lamp", 0, {}, { status: "FAILED", reason: "JAMMED" });
  const records = { ...RUNNING, acknowledgements: [DOOR_LOCKED, refused] };

  const { view } = runView(records, REQUESTED_AT_MS + 400_000);

  expect(view).toEqual({
    run_id: "run_0123456789abcdefghjk",
    scene: "goodnight",
    result: "failed",
    say: "Goodnight broke off, and its outcome was not recorded. 1 of 3 devices confirmed; of the others nothing is certain.",
    devices: 3,
    confirmed: 1,
    already_there: 0,
    devices_not_confirmed: [
      {
        device: "hall_lamp",
        name: "Hall lamp",
        stage: "close and lock",
        outcome: "refused",
        reason: "JAMMED",
        next: 'Look at the device itself, then call run_scene with {"scene":"goodnight"} again.',
      },
      {
        device: "alarm",
        name: "Alarm",
        stage: "arm",
        outcome: "timed_out",
        reason: "NOT_CONCLUDED",
        next: 'Look at the device itself, then call run_scene with {"scene":"goodnight"} again.',
      },
    ],
    left_out: [],
    plan_hash: "sha256:00",
    requested_at: "2026-01-02T21:59:59.000Z",
    finished_at: "2026-01-02T22:05:29.000Z",
  });
});

test("a run that was never concluded though every device confirmed says both", () => {
  const already = answer(
    "home-hall_lamp",
    0,
    { light: { on: false } },
    { before: { light: { on: false } } },
  );
  const records = { ...RUNNING, acknowledgements: [DOOR_LOCKED, already, ALARM_ARMED] };

  const { view, outcomes } = runView(records, REQUESTED_AT_MS + 400_000);

  expect(view).toMatchObject({
    result: "failed",
    say: "Goodnight broke off, and its outcome was not recorded. 3 of 3 devices confirmed.",
    confirmed: 2,
    already_there: 1,
    devices_not_confirmed: [],
  });
  expect(outcomes.map((one) => one.outcome)).toEqual(["confirmed", "already_there", "confirmed"]);
});

test("a concluded run is told as it was concluded, however long ago", () => {
  const { view } = runView(concluded([DOOR_LOCKED, LAMP_OFF, ALARM_ARMED]), REQUESTED_AT_MS + 9e9);

  expect(view).toMatchObject({
    result: "done",
    say: "Goodnight is done: all 3 devices confirmed.",
    finished_at: "2026-01-02T22:00:12.000Z",
  });
});

test("a device that confirms after the conclusion shows as confirmed late, with its evidence", () => {
  const before = concluded([DOOR_LOCKED, ALARM_ARMED]);
  const late = answer("home-hall_lamp", 0, { light: { on: false } }, { afterMs: 60_000 });

  const { view, outcomes } = runView(
    { ...before, acknowledgements: [...before.acknowledgements, late] },
    REQUESTED_AT_MS + 61_000,
  );

  expect(view).toMatchObject({
    result: "partly_done",
    say: "Goodnight: 2 of 3 devices confirmed. Hall lamp confirmed only after its 2 s.",
  });
  expect(outcomes[1]).toMatchObject({
    outcome: "confirmed_late",
    after: { light: { on: false } },
    acknowledgedAtMs: 1_767_391_260_000,
  });
});

test("a device that refuses after the conclusion shows as refused", () => {
  const before = concluded([DOOR_LOCKED, ALARM_ARMED]);
  const late = answer("home-hall_lamp", 0, {}, { status: "REJECTED", reason: "EXPIRED" });

  const { outcomes } = runView(
    { ...before, acknowledgements: [...before.acknowledgements, late] },
    REQUESTED_AT_MS + 61_000,
  );

  expect(outcomes[1]).toMatchObject({ outcome: "refused", reason: "EXPIRED" });
});

test("a late answer does not keep the reason for which the device was given up", () => {
  const before = concluded([DOOR_LOCKED, ALARM_ARMED]);
  const outcomes = before.conclusion?.outcomes.map((one) =>
    one.device === "hall_lamp" ? { ...one, reason: "NOT_WITHDRAWN" } : one,
  );
  const records = {
    ...before,
    acknowledgements: [LAMP_OFF],
    conclusion: { outcomes: outcomes ?? [], finishedAt: "2026-01-02T22:00:12.000Z" },
  };

  const lamp = runView(records, REQUESTED_AT_MS + 61_000).outcomes[1];

  expect(lamp).toMatchObject({ outcome: "confirmed_late" });
  expect(lamp).not.toHaveProperty("reason");
});

test("a device that was not reached stays so, whatever is recorded of it", () => {
  const before = concluded([DOOR_LOCKED, LAMP_OFF], [0]);

  const { view, outcomes } = runView(
    { ...before, acknowledgements: [...before.acknowledgements, ALARM_ARMED] },
    REQUESTED_AT_MS + 61_000,
  );

  expect(view.result).toBe("stopped");
  expect(outcomes[2]?.outcome).toBe("not_reached");
});

// REQ: record-never-overwritten
test("a device's first answer is its outcome, and what it reported again is told beside it", () => {
  const again = answer("home-hall_lamp", 0, { light: { on: true } }, { afterMs: 9000 });
  const records = concluded([DOOR_LOCKED, LAMP_OFF, ALARM_ARMED, again]);

  const { outcomes } = runView(records, REQUESTED_AT_MS + 20_000);

  expect(outcomes.find((one) => one.device === "hall_lamp")?.outcome).toBe("confirmed");
  expect(reportedAgain(records, "hall_lamp").map((one) => one.acknowledgedAtMs)).toEqual([
    1_767_391_209_000,
  ]);
  expect(reportedAgain(records, "front_door")).toEqual([]);
});
