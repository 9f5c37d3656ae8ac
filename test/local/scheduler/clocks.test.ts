import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ListSchedulesCommand } from "@aws-sdk/client-scheduler";
import { afterEach, describe, expect, test } from "vitest";
import {
  FUNCTION_ARN,
  plannedAt,
  QUEUE_ARN,
  ROLE_ARN,
  schedule,
  startTestScheduler,
  type TestScheduler,
} from "./test-scheduler.ts";

// Numbers are those of public reports of schedulers going wrong (../shared/reference/scheduler/reports.md).

let running: TestScheduler | undefined;
let folder: string | undefined;
const started = async (now: string) => {
  folder = mkdtempSync(join(tmpdir(), "scheduler-"));
  running = await startTestScheduler({ now, file: join(folder, "scheduler.sqlite") });
  return running;
};
afterEach(async () => {
  await running?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true });
});

const HOURLY = schedule({ ScheduleExpression: "cron(0 * * * ? *)" });

// REQ: schedules-survive-restart
test("reports 13 and 15: what came due while it was off is delivered once at the start, if it is young enough", async () => {
  const house = await started("2026-06-01T12:30:00Z");
  await house.client.send(HOURLY);
  await house.goTo("2026-06-01T13:30:00Z");

  await house.stop();
  house.clock.set("2026-06-01T15:30:00Z");
  await house.start();
  await house.goTo("2026-06-01T15:31:00Z");
  await house.stop();
  await house.start();
  await house.goTo("2026-06-01T16:30:00Z");

  expect(plannedAt(house)).toEqual(
    ["13", "14", "15", "16"].map((hour) => `2026-06-01T${hour}:00:00Z`),
  );
});

test("report 13: what is older than its MaximumEventAge is dropped, and told", async () => {
  const house = await started("2026-06-01T12:30:00Z");
  await house.client.send(
    schedule({
      ScheduleExpression: "cron(0 * * * ? *)",
      Target: {
        Arn: FUNCTION_ARN,
        RoleArn: ROLE_ARN,
        Input: '{"plannedAt":"<aws.scheduler.scheduled-time>"}',
        RetryPolicy: { MaximumEventAgeInSeconds: 3600 },
      },
    }),
  );

  await house.stop();
  house.clock.set("2026-06-01T15:30:00Z");
  await house.start();
  await house.goTo("2026-06-01T15:31:00Z");

  expect(plannedAt(house)).toEqual(["2026-06-01T15:00:00Z"]);
  expect(house.lines).toEqual([
    "Scheduler: arn:aws:scheduler:us-east-1:000000000000:schedule/default/evening was to fire 2 times from 2026-06-01T13:00:00.000Z to 2026-06-01T14:00:00.000Z, each more than 3600 s ago; they are dropped.",
  ]);
});

test("report 13: one that was missed alone is told with its time", async () => {
  const house = await started("2026-06-01T12:30:00Z");
  await house.client.send(schedule({ ScheduleExpression: "at(2026-06-01T13:00:00)" }));

  await house.stop();
  house.clock.set("2026-06-10T12:00:00Z");
  await house.start();

  expect(house.lines).toEqual([
    "Scheduler: arn:aws:scheduler:us-east-1:000000000000:schedule/default/evening was to fire at 2026-06-01T13:00:00.000Z, which is more than 86400 s ago; it is dropped.",
  ]);
});

describe("what fires each minute and was not called for a time", () => {
  const eachMinute = (expression = "rate(1 minute)") =>
    schedule({
      ScheduleExpression: expression,
      Target: {
        Arn: FUNCTION_ARN,
        RoleArn: ROLE_ARN,
        Input: '{"plannedAt":"<aws.scheduler.scheduled-time>"}',
        RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 },
      },
    });

  test.each([
    ["a night", "2026-06-02T07:00:30Z"],
    ["three days", "2026-06-04T07:00:30Z"],
  ])("goes on with the call that is due, and %s's others are told nobody", async (_, morning) => {
    const house = await started("2026-06-01T23:00:00Z");
    await house.client.send(eachMinute());
    await house.goTo("2026-06-01T23:00:30Z");

    await house.stop();
    house.clock.set(morning);
    await house.start();
    await house.goTo(morning.replace(":30Z", ":31Z"));

    expect(plannedAt(house)).toEqual(["2026-06-01T23:00:00Z", morning.replace(":30Z", ":00Z")]);
    expect(house.lines).toEqual([]);
  });

  test("neither that one which a house had planned that ended in its quiet", async () => {
    const house = await started("2026-06-01T12:00:20Z");
    await house.stop();
    await house.start({ quietMs: 5000 });
    await house.client.send(eachMinute());
    await house.goTo("2026-06-01T12:00:22Z");

    await house.stop();
    house.clock.set("2026-06-01T12:03:30Z");
    await house.start();
    await house.goTo("2026-06-01T12:03:31Z");

    expect(plannedAt(house)).toEqual(["2026-06-01T12:03:00Z"]);
    expect(house.lines).toEqual([]);
  });

  test("but the last of an hour, which no next one follows, is told", async () => {
    const house = await started("2026-06-01T08:30:00Z");
    await house.client.send(eachMinute("cron(* 9 * * ? *)"));

    await house.stop();
    house.clock.set("2026-06-01T11:00:00Z");
    await house.start();

    expect(house.lines).toEqual([
      "Scheduler: arn:aws:scheduler:us-east-1:000000000000:schedule/default/evening was to fire at 2026-06-01T09:59:00.000Z, which is more than 60 s ago; it is dropped.",
    ]);
  });
});

test("report 13: with a dead-letter queue it is not dropped but goes there", async () => {
  const house = await started("2026-06-01T12:30:00Z");
  await house.client.send(
    schedule({
      ScheduleExpression: "at(2026-06-01T13:00:00)",
      Target: {
        Arn: FUNCTION_ARN,
        RoleArn: ROLE_ARN,
        Input: '{"plannedAt":"<aws.scheduler.scheduled-time>"}',
        RetryPolicy: { MaximumEventAgeInSeconds: 3600 },
        DeadLetterConfig: { Arn: QUEUE_ARN },
      },
    }),
  );

  await house.stop();
  house.clock.set("2026-06-15T12:00:00Z");
  await house.start();
  await house.goTo("2026-06-15T12:01:00Z");

  expect(house.lambda.received).toEqual([]);
  expect(house.sqs.received).toMatchObject([
    { body: { MessageBody: '{"plannedAt":"2026-06-01T13:00:00Z"}' } },
  ]);
});

test("report 14: started with a clock half an hour behind, it fires within a minute of the clock's correction", async () => {
  const house = await started("2026-06-01T11:30:00Z");
  await house.client.send(schedule({ ScheduleExpression: "at(2026-06-01T12:00:00)" }));
  await house.goTo("2026-06-01T11:31:00Z");

  house.clock.set("2026-06-01T12:01:00Z");
  await house.goTo("2026-06-01T12:02:00Z");

  expect(plannedAt(house)).toEqual(["2026-06-01T12:00:00Z"]);
});

test("report 15: a machine that wakes two weeks back does nothing again, and after the correction what is due, once", async () => {
  const house = await started("2026-06-15T12:30:00Z");
  await house.client.send(HOURLY);
  await house.goTo("2026-06-15T14:30:00Z");
  await house.stop();

  house.clock.set("2026-06-01T09:10:00Z");
  await house.start();
  await house.goTo("2026-06-01T09:20:00Z");
  house.clock.set("2026-06-15T16:30:00Z");
  await house.goTo("2026-06-15T17:30:00Z");

  expect(plannedAt(house)).toEqual(
    ["13", "14", "15", "16", "17"].map((hour) => `2026-06-15T${hour}:00:00Z`),
  );
});

test("report 16: set back two hours, it goes on from the new time, and does nothing again", async () => {
  const house = await started("2026-06-01T09:30:00Z");
  await house.client.send(HOURLY);
  await house.goTo("2026-06-01T13:30:00Z");

  house.clock.set("2026-06-01T11:30:00Z");
  await house.goTo("2026-06-01T15:30:00Z");

  expect(plannedAt(house)).toEqual(
    ["10", "11", "12", "13", "14", "15"].map((hour) => `2026-06-01T${hour}:00:00Z`),
  );
});

test("report 16: a clock that was years ahead for a moment silences nothing", async () => {
  const house = await started("2026-06-01T09:30:00Z");
  await house.client.send(HOURLY);

  await house.goTo("2026-06-01T10:30:00Z");
  house.clock.set("2040-01-01T00:30:00Z");
  await house.goTo("2040-01-01T00:32:00Z");
  const ahead = house.lambda.received.length;
  house.clock.set("2026-06-01T10:33:00Z");
  await house.goTo("2026-06-01T12:30:00Z");

  // One from before, and the day's worth that is not too old in 2040.
  expect(ahead).toBe(1 + 24);
  expect(plannedAt(house).slice(ahead)).toEqual(["2026-06-01T11:00:00Z", "2026-06-01T12:00:00Z"]);
});

test("report 16: what a clock that was days ahead found too old is done when its time comes", async () => {
  const house = await started("2026-06-01T09:30:00Z");
  await house.client.send(schedule({ ScheduleExpression: "cron(0 12 * * ? *)" }));

  house.clock.set("2026-06-03T20:00:00Z");
  await house.goTo("2026-06-03T20:02:00Z");
  house.clock.set("2026-06-01T09:33:00Z");
  await house.goTo("2026-06-03T21:00:00Z");

  // The third was young enough on the evening of the 3rd, and is not done again.
  expect(plannedAt(house)).toEqual([
    "2026-06-03T12:00:00Z",
    "2026-06-01T12:00:00Z",
    "2026-06-02T12:00:00Z",
  ]);
});

test("a schedule that fires once and was missed for too long is deleted, if it says so", async () => {
  const house = await started("2026-06-01T09:30:00Z");
  const given = { ScheduleExpression: "at(2026-06-01T12:00:00)" };
  await house.client.send(schedule({ ...given, ActionAfterCompletion: "DELETE" }));
  await house.client.send(schedule({ ...given, Name: "stays" }));

  await house.stop();
  house.clock.set("2026-06-10T12:00:00Z");
  await house.start();

  const { Schedules = [] } = await house.client.send(new ListSchedulesCommand({}));
  expect(Schedules.map(({ Name }) => Name)).toEqual(["stays"]);
  expect(plannedAt(house)).toEqual([]);
});

test("report 17: a timer that rings five milliseconds early makes one call, at the time", async () => {
  const house = await started("2026-06-01T11:59:00Z");
  await house.client.send(HOURLY);
  await house.goTo("2026-06-01T11:59:50Z");

  // What is left to the ring is now five milliseconds more.
  house.clock.set("2026-06-01T11:59:49.995Z");
  await house.goTo("2026-06-01T11:59:59.999Z");
  const early = house.lambda.received.length;
  await house.goTo("2026-06-01T12:01:00Z");

  expect(early).toBe(0);
  expect(plannedAt(house)).toEqual(["2026-06-01T12:00:00Z"]);
});

test("report 18: a second that comes twice makes one call", async () => {
  const house = await started("2026-12-31T23:59:00Z");
  await house.client.send(schedule({ ScheduleExpression: "at(2026-12-31T23:59:59)" }));
  await house.goTo("2026-12-31T23:59:59.999Z");

  house.clock.set("2026-12-31T23:59:58.990Z");
  await house.goTo("2027-01-01T00:01:00Z");

  expect(plannedAt(house)).toEqual(["2026-12-31T23:59:59Z"]);
});

test("report 19: after eight hours asleep, what was due is done within a minute of waking", async () => {
  const house = await started("2026-06-01T22:00:00Z");
  await house.client.send(schedule({ ScheduleExpression: "at(2026-06-02T01:00:00)" }));
  await house.goTo("2026-06-01T22:10:00Z");

  // Timers stood still meanwhile.
  house.clock.set("2026-06-02T06:10:00Z");
  await house.goTo("2026-06-02T06:11:00Z");

  expect(plannedAt(house)).toEqual(["2026-06-02T01:00:00Z"]);
});

test("report 26: when every timer is lost, the sweep finds what is due", async () => {
  const house = await started("2026-06-01T11:50:00Z");
  await house.client.send(HOURLY);

  house.clock.dropAlarms();
  await house.goTo("2026-06-01T12:00:30Z");

  expect(plannedAt(house)).toEqual(["2026-06-01T12:00:00Z"]);
});

// REQ: schedules-at-least-once
test("a call that was under way when it stopped is made again, for the same planned instant", async () => {
  const house = await started("2026-06-01T11:59:00Z");
  await house.client.send(schedule({ ScheduleExpression: "at(2026-06-01T12:00:00)" }));
  const answer = house.lambda.holdNext();
  const going = house.clock.goTo("2026-06-01T12:00:00Z");
  await expect.poll(() => house.lambda.received.length).toBe(1);

  await house.stop();
  answer();
  await going;
  await house.start();
  await house.goTo("2026-06-01T12:01:00Z");

  expect(plannedAt(house)).toEqual(["2026-06-01T12:00:00Z", "2026-06-01T12:00:00Z"]);
});
