import type { HistoryEvent } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Definition, FunctionError, machine, startTestAws, type TestAws } from "./support.ts";

let aws: TestAws;
let errors: string[];
beforeAll(async () => {
  aws = await startTestAws({
    functions: {
      // Throws the errors that a test has put down, one a call, then answers.
      flaky: (payload) => {
        const error = errors.shift();
        if (error === undefined) return payload;
        throw new FunctionError(JSON.stringify({ errorMessage: "m", errorType: error, trace: [] }));
      },
    },
  });
});
beforeEach(() => {
  errors = [];
});
afterAll(() => aws.close());

const flaky = (more: Definition): Definition =>
  machine({
    T: {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke",
      Arguments: { FunctionName: "flaky", Payload: { n: 1 } },
      Output: "{% $states.result.Payload %}",
      End: true,
      ...more,
    },
    Caught: { Type: "Pass", End: true },
  });
// Only machines with a Catch reach the second state.
const withoutCatch = (more: Definition): Definition => {
  const { States, ...rest } = flaky(more) as { States: Record<string, unknown> };
  return { ...rest, States: { T: States.T } };
};

/** The seconds between a failure and the attempt after it. */
const delays = (events: readonly HistoryEvent[]): readonly number[] =>
  events.flatMap((event, index) => {
    const next = events[index + 1];
    if (event.type !== "TaskFailed" || next?.type !== "TaskScheduled") return [];
    return [
      Math.round(((next.timestamp?.getTime() ?? 0) - (event.timestamp?.getTime() ?? 0)) / 1000),
    ];
  });

describe("delays", () => {
  test("nothing said: three retries, after 1, 2 and 4 seconds", async () => {
    errors = ["A", "A", "A"];

    const { events, description, output } = await aws.run(
      withoutCatch({ Retry: [{ ErrorEquals: ["A"] }] }),
    );

    expect(description.status).toBe("SUCCEEDED");
    expect(output).toEqual({ n: 1 });
    expect(delays(events)).toEqual([1, 2, 4]);
  });

  test("IntervalSeconds, BackoffRate and MaxDelaySeconds", async () => {
    errors = ["A", "A", "A", "A", "A"];
    const retrier = {
      ErrorEquals: ["A"],
      IntervalSeconds: 2,
      BackoffRate: 3,
      MaxDelaySeconds: 20,
      MaxAttempts: 5,
    };

    const { events } = await aws.run(withoutCatch({ Retry: [retrier] }));

    expect(delays(events)).toEqual([2, 6, 18, 20, 20]);
  });

  test("full jitter waits between nothing and the whole delay", async () => {
    errors = ["A", "A", "A", "A"];
    const retrier = {
      ErrorEquals: ["A"],
      IntervalSeconds: 100,
      BackoffRate: 1,
      MaxAttempts: 4,
      JitterStrategy: "FULL",
    };

    const { events } = await aws.run(withoutCatch({ Retry: [retrier] }));

    for (const delay of delays(events)) {
      expect(delay).toBeGreaterThanOrEqual(0);
      expect(delay).toBeLessThanOrEqual(100);
    }
    expect(new Set(delays(events)).size).toBeGreaterThan(1);
  });
});

describe("counters", () => {
  test("each retrier has its own", async () => {
    errors = ["A", "B", "A", "B", "A"];
    const retry = [
      { ErrorEquals: ["A"], MaxAttempts: 2, IntervalSeconds: 1, BackoffRate: 1 },
      { ErrorEquals: ["B"], MaxAttempts: 2, IntervalSeconds: 5, BackoffRate: 1 },
    ];

    const { events, description } = await aws.run(withoutCatch({ Retry: retry }));

    expect(delays(events)).toEqual([1, 5, 1, 5]);
    expect(description).toMatchObject({ status: "FAILED", error: "A" });
  });

  test("MaxAttempts 0 never tries again", async () => {
    errors = ["A"];
    const retry = [{ ErrorEquals: ["A"], MaxAttempts: 0 }, { ErrorEquals: ["States.ALL"] }];

    const { types } = await aws.run(withoutCatch({ Retry: retry }));

    expect(types.filter((type) => type === "TaskScheduled")).toHaveLength(1);
  });

  test("the context object tells how often it was tried again", async () => {
    errors = ["A", "A"];

    const { output } = await aws.run(
      withoutCatch({
        Arguments: {
          FunctionName: "flaky",
          Payload: { tried: "{% $states.context.State.RetryCount %}" },
        },
        Retry: [{ ErrorEquals: ["A"] }],
      }),
    );

    expect(output).toEqual({ tried: 2 });
  });
});

describe("which errors are taken", () => {
  test.each([
    ["A", ["B"], false],
    ["A", ["B", "A"], true],
    ["A", ["States.ALL"], true],
    ["A", ["States.TaskFailed"], true],
    ["States.Runtime", ["States.ALL"], false],
    ["States.Runtime", ["States.TaskFailed"], false],
    ["States.Runtime", ["States.Runtime"], true],
    ["States.Timeout", ["States.TaskFailed"], false],
    ["States.Timeout", ["States.ALL"], true],
  ])("%s by Catch %j: %s", async (error, errorEquals, isCaught) => {
    errors = [error];

    const { description } = await aws.run(
      flaky({ Catch: [{ ErrorEquals: errorEquals, Next: "Caught" }] }),
    );

    expect(description.status).toBe(isCaught ? "SUCCEEDED" : "FAILED");
  });

  test("the first catcher that matches is the one", async () => {
    errors = ["B"];
    const catchers = [
      { ErrorEquals: ["A"], Output: "first", Next: "Caught" },
      { ErrorEquals: ["B"], Output: "second", Next: "Caught" },
      { ErrorEquals: ["States.ALL"], Output: "third", Next: "Caught" },
    ];

    const { output } = await aws.run(flaky({ Catch: catchers }));

    expect(output).toBe("second");
  });

  test("a Fail state in a branch is caught by its own error, and an error without a name only by States.ALL", async () => {
    const parallel = (fail: Definition, errorEquals: readonly string[]): Definition =>
      machine({
        P: {
          Type: "Parallel",
          Branches: [{ StartAt: "F", States: { F: { Type: "Fail", ...fail } } }],
          Catch: [{ ErrorEquals: errorEquals, Next: "Caught" }],
          End: true,
        },
        Caught: { Type: "Pass", End: true },
      });

    const named = await aws.run(parallel({ Error: "Mine", Cause: "c" }, ["Mine"]));
    const nameless = await aws.run(parallel({}, ["States.ALL"]));

    expect(named.output).toEqual({ Error: "Mine", Cause: "c" });
    expect(nameless.output).toEqual({ Error: "", Cause: "" });
  });
});

describe("what a catcher does", () => {
  test("without Output the error is the output; the state's own Assign and Output are not looked at", async () => {
    errors = ["A"];
    const definition = flaky({
      Assign: { mine: "{% $states.result.Nothing.Here %}" },
      Output: "{% $error('not to be evaluated') %}",
      Catch: [{ ErrorEquals: ["A"], Next: "Caught" }],
    });

    const { output, description } = await aws.run(definition);

    expect(description.status).toBe("SUCCEEDED");
    expect(output).toEqual({
      Error: "A",
      Cause: '{"errorMessage":"m","errorType":"A","trace":[]}',
    });
  });

  test("its Assign and Output see the error, and the variables are there in the next state", async () => {
    errors = ["A"];
    const definition = machine({
      T: {
        Type: "Task",
        Resource: "arn:aws:states:::lambda:invoke",
        Arguments: { FunctionName: "flaky", Payload: {} },
        Catch: [
          {
            ErrorEquals: ["A"],
            Assign: { why: "{% $states.errorOutput.Error %}" },
            Output: { was: "{% $states.input %}" },
            Next: "Caught",
          },
        ],
        End: true,
      },
      Caught: { Type: "Pass", Output: ["{% $why %}", "{% $states.input %}"], End: true },
    });

    const { output, types } = await aws.run(definition, { in: 1 });

    expect(output).toEqual(["A", { was: { in: 1 } }]);
    expect(types.slice(4, 6)).toEqual(["TaskFailed", "TaskStateExited"]);
  });

  test("an expression of the task that fails is caught and tried again like an error of the task", async () => {
    const broken = {
      Arguments: { FunctionName: "flaky", Payload: "{% $states.input.missing %}" },
      Retry: [{ ErrorEquals: ["States.QueryEvaluationError"], MaxAttempts: 1 }],
      Catch: [{ ErrorEquals: ["States.QueryEvaluationError"], Next: "Caught" }],
    };

    const { types, output } = await aws.run(flaky(broken));

    expect(types).toEqual([
      "ExecutionStarted",
      "TaskStateEntered",
      "EvaluationFailed",
      "EvaluationFailed",
      "TaskStateExited",
      "PassStateEntered",
      "PassStateExited",
      "ExecutionSucceeded",
    ]);
    expect(output).toEqual({
      Error: "States.QueryEvaluationError",
      Cause:
        "An error occurred while executing the state 'T' (entered at the event id #2). The JSONata expression '$states.input.missing' specified for the field 'Arguments/Payload' returned nothing (undefined).",
    });
  });

  test("an expression of the catcher that fails ends the execution", async () => {
    errors = ["A"];

    const { description } = await aws.run(
      flaky({ Catch: [{ ErrorEquals: ["A"], Output: "{% $nothing %}", Next: "Caught" }] }),
    );

    expect(description).toMatchObject({
      status: "FAILED",
      error: "States.QueryEvaluationError",
      cause:
        "An error occurred while executing the state 'T' (entered at the event id #2). The JSONata expression '$nothing' specified for the field 'Catch[0]/Output' returned nothing (undefined).",
    });
  });

  test("an expression of a Pass that fails is caught by nobody", async () => {
    const { description, types } = await aws.run(
      machine({ P: { Type: "Pass", Output: "{% $nothing %}", End: true } }),
    );

    expect(description).toMatchObject({ status: "FAILED", error: "States.QueryEvaluationError" });
    expect(types).toEqual([
      "ExecutionStarted",
      "PassStateEntered",
      "EvaluationFailed",
      "ExecutionFailed",
    ]);
  });
});
