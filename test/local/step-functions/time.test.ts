import { StartExecutionCommand } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { Clock } from "#local/step-functions/run/clock.ts";
import { containing } from "./matchers.ts";
import { machine, startTestAws, type TestAws } from "./support.ts";

let aws: TestAws;
beforeAll(async () => {
  aws = await startTestAws({
    functions: {
      // Answers when the connection is given up: never, as far as the state machine is concerned.
      never: () => new Promise((resolve) => setTimeout(resolve, 20_000).unref()),
      echo: (payload) => payload,
    },
  });
});
afterAll(() => aws.close());

const seconds = (ended: {
  readonly description: {
    readonly startDate?: Date | undefined;
    readonly stopDate?: Date | undefined;
  };
}): number =>
  Math.round(
    ((ended.description.stopDate?.getTime() ?? 0) - (ended.description.startDate?.getTime() ?? 0)) /
      1000,
  );
const never = (more: object) => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Arguments: { FunctionName: "never" },
  End: true,
  ...more,
});

test("waits follow each other, and a day of them takes no time", async () => {
  const before = performance.now();

  const ended = await aws.run(
    machine({
      A: { Type: "Wait", Seconds: 3600, Next: "B" },
      B: { Type: "Wait", Seconds: "{% 82800 %}", End: true },
    }),
  );

  expect(seconds(ended)).toBe(86_400);
  expect(performance.now() - before).toBeLessThan(5_000);
});

test("a wait stays as long as it was when the machine's clock is set back", async () => {
  const clock = new Clock({ skipsIdleTime: false });
  const rang = new Promise<number>((resolve) => {
    const startedMs = performance.now();
    clock.alarm(50, () => resolve(performance.now() - startedMs));
  });

  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - 3 * 3_600_000 });
  const tookMs = await rang.finally(() => vi.useRealTimers());

  expect(tookMs).toBeGreaterThan(40);
  expect(tookMs).toBeLessThan(10_000);
});

test("a wait until a time that is past is none; fractions of its second do not count", async () => {
  const past = await aws.run(
    machine({ W: { Type: "Wait", Timestamp: "2016-03-05T21:29:29.9Z", End: true } }),
  );
  const future = await aws.run(
    machine({
      W: {
        Type: "Wait",
        Timestamp: "{% $fromMillis($toMillis($states.context.Execution.StartTime) + 90000) %}",
        End: true,
      },
    }),
  );

  expect(seconds(past)).toBe(0);
  expect(seconds(future)).toBeGreaterThanOrEqual(89);
  expect(seconds(future)).toBeLessThanOrEqual(90);
});

test.each([
  ["{% 1.5 %}", "Expected 'integer', but was 'number' for value: 1.5"],
  ["{% '3' %}", "Expected 'integer', but was 'string' for value: \"3\""],
  ["{% -1 %}", "must be between 0 and 99999999 but was: -1"],
])("a wait of %s seconds fails", async (value, text) => {
  const { description } = await aws.run(
    machine({ W: { Type: "Wait", Seconds: value, End: true } }),
  );

  expect(description).toMatchObject({
    status: "FAILED",
    error: "States.QueryEvaluationError",
    cause: containing(text),
  });
});

test.each(["2026-02-30T00:00:00Z", "2026-01-01T00:00:00", "2026-01-01 00:00:00Z", "tomorrow"])(
  "the timestamp %s is none",
  async (value) => {
    const { description } = await aws.run(
      machine({ W: { Type: "Wait", Timestamp: "{% $states.input %}", End: true } }),
      value,
    );

    expect(description.cause).toBe(
      `An error occurred while executing the state 'W' (entered at the event id #2). The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${value}`,
    );
  },
);

test("a timestamp with an offset is that time", async () => {
  const ended = await aws.run(
    machine({ W: { Type: "Wait", Timestamp: "2016-03-05T23:29:29+02:00", End: true } }),
  );

  expect(ended.description.status).toBe("SUCCEEDED");
});

test("a Task that takes too long fails with States.Timeout, without a cause", async () => {
  const { description, types, events } = await aws.run(
    machine({ T: never({ TimeoutSeconds: 1 }) }),
  );

  expect(description).toMatchObject({ status: "FAILED", error: "States.Timeout" });
  expect(description.cause).toBeUndefined();
  expect(types).toEqual([
    "ExecutionStarted",
    "TaskStateEntered",
    "TaskScheduled",
    "TaskStarted",
    "TaskTimedOut",
    "ExecutionFailed",
  ]);
  expect(events[2]?.taskScheduledEventDetails).toMatchObject({ timeoutInSeconds: 1 });
  expect(events[4]?.taskTimedOutEventDetails).toMatchObject({
    resource: "invoke",
    resourceType: "lambda",
    error: "States.Timeout",
  });
});

test("a Task without a sign of life fails, and States.Timeout catches that too", async () => {
  const caught = machine({
    T: never({
      TimeoutSeconds: "{% 60 %}",
      HeartbeatSeconds: 1,
      Catch: [{ ErrorEquals: ["States.Timeout"], Next: "End" }],
    }),
    End: { Type: "Pass", End: true },
  });

  const { output } = await aws.run(caught);

  expect(output).toEqual({ Error: "States.HeartbeatTimeout", Cause: "" });
});

test("a function's ARN that takes too long has an event of its own", async () => {
  const { types } = await aws.run(
    machine({
      T: {
        Type: "Task",
        Resource: "arn:aws:lambda:us-east-1:000000000000:function:never",
        TimeoutSeconds: 1,
        End: true,
      },
    }),
  );

  expect(types.slice(2)).toEqual([
    "LambdaFunctionScheduled",
    "LambdaFunctionStarted",
    "LambdaFunctionTimedOut",
    "ExecutionFailed",
  ]);
});

test("a machine's TimeoutSeconds ends the execution on the second, and only the history tells the error", async () => {
  const { description, events, types } = await aws.run(
    machine({ W: { Type: "Wait", Seconds: 25, End: true } }, { TimeoutSeconds: 3 }),
  );

  expect(description.status).toBe("TIMED_OUT");
  expect(seconds({ description })).toBe(3);
  expect(description.error).toBeUndefined();
  expect(description.cause).toBeUndefined();
  expect(types).toEqual(["ExecutionStarted", "WaitStateEntered", "ExecutionTimedOut"]);
  expect(events[2]).toMatchObject({
    previousEventId: 0,
    executionTimedOutEventDetails: { error: "States.Timeout" },
  });
});

test("an Express execution ends after five minutes", async () => {
  const answer = await aws.runSync(
    machine({
      W: { Type: "Wait", Seconds: 60, Next: "C" },
      C: { Type: "Choice", Choices: [{ Condition: "{% true %}", Next: "W" }], Default: "End" },
      End: { Type: "Succeed" },
    }),
  );

  expect(answer).toMatchObject({ status: "TIMED_OUT", error: "States.Timeout" });
  expect(answer.billingDetails?.billedDurationInMilliseconds).toBeGreaterThanOrEqual(300_000);
  expect(answer.billingDetails?.billedDurationInMilliseconds).toBeLessThan(301_000);
});

test("without virtual time a second is a second", async () => {
  const real = await startTestAws({ realTime: true });
  const stateMachineArn = await real.create(
    machine({ W: { Type: "Wait", Seconds: 1, End: true } }),
  );
  const before = performance.now();
  const { executionArn } = await real.client.send(new StartExecutionCommand({ stateMachineArn }));

  await real.ended(executionArn ?? "");

  expect(performance.now() - before).toBeGreaterThan(950);
  await real.close();
});

test("virtual time stands still for nobody while a task is under way", async () => {
  const { description } = await aws.run(
    machine({
      P: {
        Type: "Parallel",
        Branches: [
          { StartAt: "W", States: { W: { Type: "Wait", Seconds: 100, End: true } } },
          {
            StartAt: "T",
            States: {
              T: {
                Type: "Task",
                Resource: "arn:aws:states:::lambda:invoke",
                Arguments: { FunctionName: "echo", Payload: {} },
                End: true,
              },
            },
          },
        ],
        End: true,
      },
    }),
  );

  expect(description.status).toBe("SUCCEEDED");
  expect(seconds({ description })).toBe(100);
});
