import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";
import { afterEach, describe, expect, test } from "vitest";
import { wallClock } from "#local/scheduler/engine/clock.ts";
import { AwsError } from "#local/wire/aws-service.ts";
import { ACCOUNT, REGION } from "../endpoint/test-endpoint.ts";
import {
  FUNCTION_ARN,
  plannedAt,
  QUEUE_ARN,
  ROLE_ARN,
  schedule,
  startTestScheduler,
  type TestScheduler,
} from "./test-scheduler.ts";

let running: TestScheduler | undefined;
const started = async (options: Parameters<typeof startTestScheduler>[0] = {}) => {
  running = await startTestScheduler(options);
  return running;
};
afterEach(async () => {
  await running?.close();
});

const unavailable = (): AwsError => new AwsError("ServiceException", "Not now.", { status: 500 });

describe("a schedule calls its target", () => {
  // REQ: schedules-fire-here
  test("a rate of a minute: in the minute that it was made in, and each minute from then on", async () => {
    const { client, goTo, lambda } = await started({ now: "2026-06-01T12:00:20Z" });

    await client.send(schedule({ ScheduleExpression: "rate(1 minute)" }));
    await goTo("2026-06-01T12:02:59Z");

    expect(lambda.received).toEqual(
      ["2026-06-01T12:00:00Z", "2026-06-01T12:01:00Z", "2026-06-01T12:02:00Z"].map((at) => ({
        path: "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Astart/invocations",
        body: { plannedAt: at, attempt: "1" },
        invocationType: "Event",
        caller: "arn:aws:sts::000000000000:assumed-role/Schedules/local",
      })),
    );
  });

  test("what is due while it starts is planned at once, and called when the quiet after the start ends", async () => {
    const { client, goTo, lambda } = await started({ now: "2026-06-01T12:00:20Z", quietMs: 3000 });

    await client.send(schedule({ ScheduleExpression: "rate(1 minute)" }));
    await goTo("2026-06-01T12:00:22Z");
    const whileQuiet = [...lambda.received];
    await goTo("2026-06-01T12:00:23Z");

    expect(whileQuiet).toEqual([]);
    expect(lambda.received.map(({ body }) => body)).toEqual([
      { plannedAt: "2026-06-01T12:00:00Z", attempt: "1" },
    ]);
  });

  test("by the machine's own clock, at the second that it says", async () => {
    const { client, lambda } = await started({ clock: wallClock });
    const at = new Date(Math.ceil(Date.now() / 1000) * 1000 + 1000).toISOString().slice(0, 19);

    await client.send(schedule({ ScheduleExpression: `at(${at})` }));

    await expect.poll(() => lambda.received.length, { timeout: 5000 }).toBe(1);
    expect(lambda.received[0]?.body).toEqual({ plannedAt: `${at}Z`, attempt: "1" });
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(`${at}Z`));
  });

  // Reports 1, 2 and 25: in its zone, nothing in the hour that does not exist, once in the one that comes twice.
  test("a cron in a named zone, over both changes of the clocks", async () => {
    const spring = await started({ now: "2026-03-27T00:00:00Z" });
    const expression = { ScheduleExpression: "cron(30 2 * * ? *)" };
    await spring.client.send(
      schedule({ ...expression, ScheduleExpressionTimezone: "Europe/Berlin" }),
    );

    await spring.goTo("2026-03-30T12:00:00Z");
    spring.clock.set("2026-10-24T12:00:00Z");
    await spring.goTo("2026-10-26T12:00:00Z");

    expect(plannedAt(spring).filter((at) => !at.includes("-24T"))).toEqual([
      "2026-03-27T01:30:00Z",
      "2026-03-28T01:30:00Z",
      "2026-03-30T00:30:00Z",
      "2026-10-25T00:30:00Z",
      "2026-10-26T01:30:00Z",
    ]);
  });

  test("within its window, with the planned instant as its time", async () => {
    const { client, goTo, lambda, ...rest } = await started({ random: () => 0.5 });
    await client.send(
      schedule({
        ScheduleExpression: "at(2026-06-01T12:10:00)",
        FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: 10 },
      }),
    );

    await goTo("2026-06-01T12:14:59Z");
    const before = lambda.received.length;
    await goTo("2026-06-01T12:15:00Z");

    expect(before).toBe(0);
    expect(plannedAt({ lambda, ...rest })).toEqual(["2026-06-01T12:10:00Z"]);
  });

  test("not before its StartDate, and not after its EndDate", async () => {
    const running = await started();
    await running.client.send(
      schedule({
        ScheduleExpression: "rate(5 minutes)",
        StartDate: new Date("2026-06-01T12:03:30Z"),
        EndDate: new Date("2026-06-01T12:16:00Z"),
      }),
    );

    await running.goTo("2026-06-01T12:40:00Z");

    // The seconds of a StartDate are not honoured.
    expect(plannedAt(running)).toEqual([
      "2026-06-01T12:03:00Z",
      "2026-06-01T12:08:00Z",
      "2026-06-01T12:13:00Z",
    ]);
  });

  test("each context attribute is put where it stands, as text", async () => {
    const { client, goTo, lambda } = await started();
    const Input =
      '{"a":"<aws.scheduler.schedule-arn> <aws.scheduler.scheduled-time>","b":"<aws.scheduler.execution-id>","c":"\\u003caws.scheduler.attempt-number>"}';

    await client.send(
      schedule({
        ScheduleExpression: "at(2026-06-01T12:00:30)",
        Target: { Arn: FUNCTION_ARN, RoleArn: ROLE_ARN, Input },
      }),
    );
    await goTo("2026-06-01T12:01:00Z");

    expect(lambda.received.map(({ body }) => body)).toEqual([
      {
        a: "arn:aws:scheduler:us-east-1:000000000000:schedule/default/evening 2026-06-01T12:00:30Z",
        b: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
        c: "<aws.scheduler.attempt-number>",
      },
    ]);
  });

  test.each([
    ["a queue", QUEUE_ARN, "evening", "sqs"],
    [
      "SQS's SendMessage",
      "arn:aws:scheduler:::aws-sdk:sqs:sendMessage",
      '{"QueueUrl":"https://sqs/000000000000/dead-letters","MessageBody":"evening"}',
      "sqs",
    ],
    [
      "Lambda's Invoke",
      "arn:aws:scheduler:::aws-sdk:lambda:invoke",
      '{"FunctionName":"start","InvocationType":"Event","Payload":"\\"evening\\""}',
      "lambda",
    ],
  ] as const)("%s may be one", async (_what, Arn, Input, service) => {
    const { client, goTo, ...services } = await started();

    await client.send(
      schedule({
        ScheduleExpression: "at(2026-06-01T12:05:00)",
        Target: { Arn, RoleArn: ROLE_ARN, Input },
      }),
    );
    await goTo("2026-06-01T12:05:00Z");

    expect(services[service].received).toHaveLength(1);
    expect(JSON.stringify(services[service].received[0]?.body)).toContain("evening");
  });
});

test("what cannot be planned, on a full disk perhaps, is told and planned a moment later", async () => {
  let isFull = true;
  const house = await started({
    random: () => {
      if (isFull) throw new Error("database or disk is full");
      return 0;
    },
  });
  await house.client.send(schedule({ ScheduleExpression: "at(2026-06-01T12:05:00)" }));

  await house.goTo("2026-06-01T12:05:10Z");
  isFull = false;
  await house.goTo("2026-06-01T12:05:12Z");

  expect(house.lines[0]).toBe(
    "Scheduler: it cannot go on, and tries again: Error: database or disk is full",
  );
  expect(plannedAt(house)).toEqual(["2026-06-01T12:05:00Z"]);
});

describe("what stops it", () => {
  test("a disabled schedule drops what comes due, and catches nothing up", async () => {
    const running = await started({ now: "2026-06-01T12:00:20Z" });
    const given = { ScheduleExpression: "cron(* * * * ? *)", State: "DISABLED" as const };
    const { input } = schedule(given);
    await running.client.send(new CreateScheduleCommand(input));

    await running.goTo("2026-06-01T12:03:20Z");
    await running.client.send(new UpdateScheduleCommand({ ...input, State: "ENABLED" }));
    await running.goTo("2026-06-01T12:04:10Z");

    expect(plannedAt(running)).toEqual(["2026-06-01T12:04:00Z"]);
  });

  test("an update of something else leaves a rate's phase", async () => {
    const running = await started();
    const { input } = schedule({ ScheduleExpression: "rate(10 minutes)" });
    await running.client.send(new CreateScheduleCommand(input));

    await running.goTo("2026-06-01T12:14:00Z");
    await running.client.send(new UpdateScheduleCommand({ ...input, Description: "later" }));
    await running.goTo("2026-06-01T12:25:00Z");

    expect(plannedAt(running)).toEqual([
      "2026-06-01T12:00:00Z",
      "2026-06-01T12:10:00Z",
      "2026-06-01T12:20:00Z",
    ]);
  });

  test("a deleted schedule does not try again", async () => {
    const { client, goTo, lambda } = await started();
    lambda.failures.push(unavailable());
    await client.send(schedule({ ScheduleExpression: "at(2026-06-01T12:05:00)" }));

    await goTo("2026-06-01T12:05:00Z");
    await client.send(new DeleteScheduleCommand({ Name: "evening" }));
    await goTo("2026-06-01T13:00:00Z");

    expect(lambda.received).toHaveLength(1);
  });

  test.each([
    ["one that fires once", { ScheduleExpression: "at(2026-06-01T12:05:00)" }],
    [
      "a recurring one",
      {
        ScheduleExpression: "cron(0/2 * * * ? *)",
        EndDate: new Date("2026-06-01T12:05:30Z"),
      },
    ],
  ])("%s is deleted after its last call, if it says so", async (_what, given) => {
    const { client, goTo } = await started();
    await client.send(schedule({ ...given, ActionAfterCompletion: "DELETE" }));
    await client.send(schedule({ ...given, Name: "stays" }));

    await goTo("2026-06-01T12:03:59Z");
    const before = await client.send(new GetScheduleCommand({ Name: "evening" }));
    await goTo("2026-06-01T12:06:00Z");

    expect(before.ActionAfterCompletion).toBe("DELETE");
    await expect(client.send(new GetScheduleCommand({ Name: "evening" }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
    expect((await client.send(new GetScheduleCommand({ Name: "stays" }))).Name).toBe("stays");
  });
});

describe("a target that fails", () => {
  test("is tried again with longer pauses, and told which attempt it is", async () => {
    const running = await started();
    running.lambda.failures.push(unavailable(), unavailable(), unavailable());
    await running.client.send(schedule({ ScheduleExpression: "at(2026-06-01T12:05:00)" }));

    await running.goTo("2026-06-01T12:05:06Z");
    const early = running.lambda.received.length;
    await running.goTo("2026-06-01T12:06:00Z");

    expect(early).toBe(3);
    expect(running.lambda.received.map(({ body }) => body)).toEqual(
      ["1", "2", "3", "4"].map((attempt) => ({ plannedAt: "2026-06-01T12:05:00Z", attempt })),
    );
  });

  const withDeadLetters = (retry: {
    readonly MaximumRetryAttempts?: number;
    readonly MaximumEventAgeInSeconds?: number;
  }) => ({
    Target: {
      Arn: FUNCTION_ARN,
      RoleArn: ROLE_ARN,
      Input:
        '{"plannedAt":"<aws.scheduler.scheduled-time>","execution":"<aws.scheduler.execution-id>"}',
      RetryPolicy: retry,
      DeadLetterConfig: { Arn: QUEUE_ARN },
    },
  });
  const text = (StringValue: string) => ({ DataType: "String", StringValue });

  test("and fails as often as it may leaves a dead letter with AWS's attributes", async () => {
    const { client, goTo, lambda, sqs } = await started();
    lambda.failures.push(unavailable(), unavailable(), unavailable());

    await client.send(
      schedule({
        ScheduleExpression: "at(2026-06-01T12:05:00)",
        ...withDeadLetters({ MaximumRetryAttempts: 1 }),
      }),
    );
    await goTo("2026-06-01T12:06:00Z");

    const [, last] = lambda.received.map(({ body }) => body as { readonly execution: string });
    const execution = last?.execution ?? "";
    expect(lambda.received).toHaveLength(2);
    expect(execution).toMatch(/^[0-9a-f]{16}$/);
    expect(sqs.received.map(({ body }) => body)).toEqual([
      {
        QueueUrl: "https://sqs.us-east-1.amazonaws.com/000000000000/dead-letters",
        MessageBody: `{"plannedAt":"2026-06-01T12:05:00Z","execution":"${execution}"}`,
        MessageAttributes: {
          ERROR_CODE: text("ServiceException"),
          ERROR_MESSAGE: text("Not now."),
          EXECUTION_ID: text(execution),
          EXHAUSTED_RETRY_CONDITION: text("MaximumRetryAttempts"),
          IS_PAYLOAD_TRUNCATED: text("false"),
          RETRY_ATTEMPTS: text("1"),
          SCHEDULED_TIME: text("2026-06-01T12:05:00Z"),
          SCHEDULE_ARN: text("arn:aws:scheduler:us-east-1:000000000000:schedule/default/evening"),
          TARGET_ARN: text("arn:aws:lambda:us-east-1:000000000000:function:start"),
        },
      },
    ]);
  });

  test("for longer than an event may be old leaves one too", async () => {
    const { client, goTo, lambda, sqs } = await started();
    for (let n = 0; n < 100; n += 1) lambda.failures.push(unavailable());

    await client.send(
      schedule({
        ScheduleExpression: "at(2026-06-01T12:05:00)",
        ...withDeadLetters({ MaximumEventAgeInSeconds: 60 }),
      }),
    );
    await goTo("2026-06-01T12:10:00Z");

    // At 0, 1, 3, 7, 15 and 31 s; the next would be at 63.
    expect(lambda.received).toHaveLength(6);
    expect(sqs.received).toMatchObject([
      {
        body: {
          MessageAttributes: { EXHAUSTED_RETRY_CONDITION: text("MaximumEventAgeInSeconds") },
        },
      },
    ]);
  });

  test("for a reason that no other attempt mends is not tried again", async () => {
    const { client, goTo, lambda, sqs } = await started();

    await client.send(
      schedule({
        ScheduleExpression: "at(2026-06-01T12:05:00)",
        Target: {
          ...withDeadLetters({}).Target,
          Arn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:start:live`,
        },
      }),
    );
    lambda.failures.push(new AwsError("ResourceNotFoundException", "", { status: 404 }));
    await goTo("2026-06-01T13:00:00Z");

    expect(lambda.received).toHaveLength(1);
    const letter = sqs.received[0]?.body as { readonly MessageAttributes: object };
    expect(letter.MessageAttributes).toMatchObject({
      ERROR_CODE: text("ResourceNotFoundException"),
      RETRY_ATTEMPTS: text("0"),
    });
    expect(letter.MessageAttributes).not.toHaveProperty("EXHAUSTED_RETRY_CONDITION");
  });

  test("and whose dead-letter queue is away keeps its letter until it is back", async () => {
    const { client, goTo, lambda, sqs } = await started();
    lambda.failures.push(unavailable());
    sqs.failures.push(unavailable(), unavailable());

    await client.send(
      schedule({
        ScheduleExpression: "at(2026-06-01T12:05:00)",
        ...withDeadLetters({ MaximumRetryAttempts: 0 }),
      }),
    );
    await goTo("2026-06-01T12:06:00Z");

    expect(sqs.received).toHaveLength(3);
  });
});
