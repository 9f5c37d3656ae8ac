import { TestStateCommand, type TestStateCommandInput } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { matching } from "./matchers.ts";
import { type Definition, ROLE, startTestAws, type TestAws } from "./support.ts";

let aws: TestAws;
beforeAll(async () => {
  aws = await startTestAws({ functions: { echo: (payload) => payload } });
});
afterAll(() => aws.close());

const testState = async (
  definition: Definition,
  more: Partial<TestStateCommandInput> = {},
): Promise<Definition> => {
  const answer = await aws.client.send(
    new TestStateCommand({ definition: JSON.stringify(definition), ...more }),
  );
  const { $metadata, ...rest } = answer;
  void $metadata;
  return rest as unknown as Definition;
};
const jsonata = (state: Definition): Definition => ({ QueryLanguage: "JSONata", ...state });
const task = (more: Definition = {}): Definition =>
  jsonata({
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke",
    Arguments: { FunctionName: "echo", Payload: { n: "{% $states.input.n %}" } },
    Output: "{% $states.result.Payload %}",
    Next: "Then",
    ...more,
  });
const mock = (result: unknown, more: object = {}) => ({
  mock: { result: JSON.stringify(result), ...more },
});

describe("a state by itself", () => {
  test("a Pass shows its output and where it leads", async () => {
    const answer = await testState(
      jsonata({ Type: "Pass", Output: { a: "{% $states.input.a + 1 %}" }, Next: "Then" }),
      { input: '{"a":1}' },
    );

    expect(answer).toEqual({ output: '{"a":2}', nextState: "Then", status: "SUCCEEDED" });
  });

  test("a Choice shows which way it goes", async () => {
    const choice = jsonata({
      Type: "Choice",
      Choices: [{ Condition: "{% $states.input.n > 1 %}", Next: "Many" }],
      Default: "Few",
    });

    expect(await testState(choice, { input: '{"n":2}' })).toMatchObject({ nextState: "Many" });
    expect(await testState(choice, { input: '{"n":1}' })).toMatchObject({ nextState: "Few" });
  });

  test("a Task without a mock calls its service as its role", async () => {
    const answer = await testState(task(), { input: '{"n":3}', roleArn: ROLE });

    expect(answer).toEqual({ output: '{"n":3}', nextState: "Then", status: "SUCCEEDED" });
  });

  test("a failure names the field, and no event that there is not", async () => {
    const answer = await testState(
      jsonata({ Type: "Pass", Output: { r: "{% $eval('1+1') %}" }, End: true }),
    );

    expect(answer).toEqual({
      status: "FAILED",
      error: "States.QueryEvaluationError",
      cause:
        "The JSONata expression '$eval('1+1')' specified for the field 'Output/r' threw an error during evaluation. T1006: Attempted to invoke a non-function",
    });
  });

  test("variables are read and shown with those that the state assigns", async () => {
    const answer = await testState(
      jsonata({ Type: "Pass", Assign: { b: "{% $a + 1 %}" }, Output: "{% $a %}", End: true }),
      { variables: '{"a":1}', inspectionLevel: "DEBUG" },
    );

    expect(answer).toEqual({
      output: "1",
      status: "SUCCEEDED",
      inspectionData: { input: "{}", variables: '{"a":1,"b":2}' },
    });
  });
});

describe("a mock in the place of the call", () => {
  test("its result goes through Output, and DEBUG shows the way", async () => {
    const answer = await testState(task(), {
      input: '{"n":1}',
      inspectionLevel: "DEBUG",
      ...mock({ Payload: { got: true } }),
    });

    expect(answer).toEqual({
      output: '{"got":true}',
      nextState: "Then",
      status: "SUCCEEDED",
      inspectionData: {
        input: '{"n":1}',
        afterArguments: '{"FunctionName":"echo","Payload":{"n":1}}',
        result: '{"Payload":{"got":true}}',
      },
    });
  });

  test("its error is caught", async () => {
    const answer = await testState(
      task({
        Catch: [
          { ErrorEquals: ["Other"], Next: "A" },
          { ErrorEquals: ["Mine"], Next: "B" },
        ],
      }),
      {
        input: '{"n":1}',
        inspectionLevel: "DEBUG",
        mock: { errorOutput: { error: "Mine", cause: "why" } },
      },
    );

    expect(answer).toMatchObject({
      status: "CAUGHT_ERROR",
      nextState: "B",
      output: '{"Error":"Mine","Cause":"why"}',
      error: "Mine",
      cause: "why",
      inspectionData: { errorDetails: { catchIndex: 1 } },
    });
  });

  test("its error would be tried again, after so long", async () => {
    const retry = {
      Retry: [{ ErrorEquals: ["Mine"], IntervalSeconds: 3, BackoffRate: 2, MaxAttempts: 2 }],
    };
    const failing = (retrierRetryCount: number): Partial<TestStateCommandInput> => ({
      input: '{"n":1}',
      inspectionLevel: "DEBUG",
      mock: { errorOutput: { error: "Mine", cause: "why" } },
      stateConfiguration: { retrierRetryCount },
    });

    const first = await testState(task(retry), failing(0));
    const second = await testState(task(retry), failing(1));
    const last = await testState(task(retry), failing(2));

    expect(first).toMatchObject({
      status: "RETRIABLE",
      error: "Mine",
      inspectionData: { errorDetails: { retryIndex: 0, retryBackoffIntervalSeconds: 3 } },
    });
    expect(second).toMatchObject({
      inspectionData: { errorDetails: { retryBackoffIntervalSeconds: 6 } },
    });
    expect(last).toMatchObject({ status: "FAILED", error: "Mine", cause: "why" });
  });

  test("a Map goes on with the mocked results", async () => {
    const map = jsonata({
      Type: "Map",
      Items: "{% $states.input.items %}",
      ItemSelector: { v: "{% $states.context.Map.Item.Value %}" },
      MaxConcurrency: 2,
      ItemProcessor: {
        StartAt: "P",
        States: { P: { Type: "Pass", QueryLanguage: "JSONata", End: true } },
      },
      Output: "{% $count($states.result) %}",
      End: true,
    });

    const answer = await testState(map, {
      input: '{"items":[1,2]}',
      inspectionLevel: "DEBUG",
      ...mock([10, 20, 30]),
    });

    expect(answer).toEqual({
      output: "3",
      status: "SUCCEEDED",
      inspectionData: {
        input: '{"items":[1,2]}',
        maxConcurrency: 2,
      },
    });
  });

  test("the context object is the one given", async () => {
    const answer = await testState(task({ Output: "{% $states.context.Execution.Name %}" }), {
      input: '{"n":1}',
      context: '{"Execution":{"Name":"given"}}',
      ...mock({}),
    });

    expect(answer).toMatchObject({ output: '"given"' });
  });

  test("a service that is not imitated can be tested with a mock, and only so", async () => {
    const queue = jsonata({
      Type: "Task",
      Resource: "arn:aws:states:::sqs:sendMessage",
      Output: "{% $states.result.MessageId %}",
      End: true,
    });

    expect(await testState(queue, mock({ MessageId: "m" }))).toMatchObject({ output: '"m"' });
    await expect(testState(queue, { roleArn: ROLE })).rejects.toMatchObject({
      name: "NotEmulated",
    });
  });

  test("a result is held against the service's answer, unless that is switched off", async () => {
    const wrong = { StatusCode: "200", Payload: {} };

    await expect(testState(task(), { input: '{"n":1}', ...mock(wrong) })).rejects.toMatchObject({
      name: "ValidationException",
      message: "Mock result schema validation error: Field 'StatusCode' must be a number",
    });
    expect(
      await testState(task(), {
        input: '{"n":1}',
        ...mock(wrong, { fieldValidationMode: "NONE" }),
      }),
    ).toMatchObject({ status: "SUCCEEDED" });
  });
});

const MOCKED_ERROR = { errorOutput: { error: "MockException", cause: "why" } };

// Recorded on AWS: https://github.com/localstack/localstack, tests/aws/services/stepfunctions/v2/test_state
describe("what is said of the state that is tested", () => {
  const map = (more: Definition): Definition =>
    jsonata({
      Type: "Map",
      Items: "{% $states.input.Values %}",
      ItemProcessor: {
        StartAt: "P",
        States: { P: { Type: "Pass", QueryLanguage: "JSONata", End: true } },
      },
      End: true,
      ...more,
    });
  const failed = (count: number, result: unknown): Partial<TestStateCommandInput> => ({
    input: '{"Values":["first","second","third"]}',
    inspectionLevel: "DEBUG",
    stateConfiguration: { mapIterationFailureCount: count },
    ...mock(result),
  });
  const input = '{"Values":["first","second","third"]}';
  const exceeded = {
    error: "States.ExceedToleratedFailureThreshold",
    cause: "The specified tolerated failure threshold was exceeded",
  };

  test("iterations that failed are tolerated up to a number, then tried again", async () => {
    const retried = map({
      ToleratedFailureCount: 1,
      Retry: [
        { ErrorEquals: ["Other"] },
        { ErrorEquals: ["States.ExceedToleratedFailureThreshold"] },
      ],
    });

    expect(await testState(retried, failed(0, [1, 1, 1]))).toEqual({
      status: "SUCCEEDED",
      output: "[1,1,1]",
      inspectionData: { input, maxConcurrency: 0, toleratedFailureCount: 1 },
    });
    expect(await testState(retried, failed(2, [0, 0, 1]))).toEqual({
      status: "RETRIABLE",
      ...exceeded,
      inspectionData: {
        input,
        maxConcurrency: 0,
        toleratedFailureCount: 1,
        errorDetails: { retryIndex: 1, retryBackoffIntervalSeconds: 1 },
      },
    });
  });

  test("more than are tolerated are caught", async () => {
    const caught = map({
      ToleratedFailureCount: 1,
      Catch: [
        { ErrorEquals: ["Other"], Next: "A" },
        {
          ErrorEquals: ["States.ExceedToleratedFailureThreshold"],
          Output: "{% $states.errorOutput %}",
          Next: "HandleThreshold",
        },
      ],
    });

    expect(await testState(caught, failed(2, [0, 0, 1]))).toEqual({
      status: "CAUGHT_ERROR",
      nextState: "HandleThreshold",
      output:
        '{"Error":"States.ExceedToleratedFailureThreshold","Cause":"The specified tolerated failure threshold was exceeded"}',
      ...exceeded,
      inspectionData: {
        input,
        maxConcurrency: 0,
        toleratedFailureCount: 1,
        errorDetails: { catchIndex: 1 },
      },
    });
  });

  test("without a number that is tolerated they change nothing, nor beside a mocked error", async () => {
    expect(await testState(map({}), failed(2, [0, 0, 1]))).toMatchObject({ status: "SUCCEEDED" });
    expect(
      await testState(map({ ToleratedFailureCount: 1 }), {
        ...failed(2, []),
        mock: MOCKED_ERROR,
      }),
    ).toEqual({
      status: "FAILED",
      error: "MockException",
      cause: "why",
      inspectionData: { input, maxConcurrency: 0, toleratedFailureCount: 1 },
    });
  });

  test("a retrier that has been used up is named", async () => {
    const answer = await testState(
      task({ Retry: [{ ErrorEquals: ["MockException"], MaxAttempts: 5 }] }),
      {
        input: '{"n":1}',
        inspectionLevel: "DEBUG",
        stateConfiguration: { retrierRetryCount: 5 },
        mock: MOCKED_ERROR,
      },
    );

    expect(answer).toMatchObject({
      status: "FAILED",
      inspectionData: { errorDetails: { retryIndex: 0 } },
    });
  });

  test("the context object knows no redrive, no role and no name of the state", async () => {
    const answer = await testState(task({ Output: "{% $states.context %}" }), {
      input: '{"n":1}',
      ...mock({}),
    });

    const context = JSON.parse(String(answer.output)) as Definition;
    expect(context).toEqual({
      Execution: {
        Id: matching(/^arn:aws:states:us-east-1:000000000000:express:[0-9a-f-]{36}:[0-9a-f-]{36}$/),
        Input: { n: 1 },
        StartTime: matching(/Z$/),
        Name: matching(/^[0-9a-f-]{36}$/),
        RoleArn: null,
      },
      StateMachine: {
        Id: matching(/^arn:aws:states:us-east-1:000000000000:stateMachine:[0-9a-f-]{36}$/),
        Name: matching(/^[0-9a-f-]{36}$/),
      },
      State: { Name: "StateName", EnteredTime: matching(/Z$/), RetryCount: 0 },
    });
  });

  test("a Parallel shows its input only", async () => {
    const parallel = jsonata({
      Type: "Parallel",
      Branches: [{ StartAt: "P", States: { P: { Type: "Pass", End: true } } }],
      Arguments: { a: 1 },
      End: true,
    });

    expect(await testState(parallel, { inspectionLevel: "DEBUG", ...mock([1]) })).toEqual({
      status: "SUCCEEDED",
      output: "[1]",
      inspectionData: { input: "{}" },
    });
  });

  test("a function's ARN may be a sample's placeholder where it is not called", async () => {
    const sample = task({
      Resource: "arn:aws:lambda:your-region:your-account-id:function:yourHelloWorldFunction",
      Output: "{% $states.result %}",
    });

    expect(await testState(sample, { input: '{"n":1}', ...mock("hello") })).toMatchObject({
      status: "SUCCEEDED",
      output: '"hello"',
    });
    await expect(testState(sample, { roleArn: ROLE })).rejects.toMatchObject({
      name: "InvalidDefinition",
    });
  });
});

describe("a state of a whole machine", () => {
  const whole: Definition = {
    QueryLanguage: "JSONata",
    StartAt: "M",
    States: {
      M: {
        Type: "Map",
        ItemProcessor: {
          StartAt: "Inner",
          States: {
            Inner: { Type: "Pass", Output: "{% $states.input * 2 %}", Next: "Call" },
            Call: {
              Type: "Task",
              Resource: "arn:aws:states:::lambda:invoke",
              Arguments: { FunctionName: "echo" },
              End: true,
            },
          },
        },
        Catch: [{ ErrorEquals: ["Mine"], Next: "End" }],
        Next: "End",
      },
      End: { Type: "Succeed" },
    },
  };

  test("is found by its name, however deep", async () => {
    const answer = await testState(whole, { stateName: "Inner", input: "21" });

    expect(answer).toEqual({ output: "42", nextState: "Call", status: "SUCCEEDED" });
  });

  test("an error of one of its states is caught by the Map", async () => {
    const error = {
      input: "[1]",
      stateName: "M",
      mock: { errorOutput: { error: "Mine", cause: "" } },
    };

    const answer = await testState(whole, {
      ...error,
      stateConfiguration: { errorCausedByState: "Call" },
    });

    expect(answer).toMatchObject({ status: "CAUGHT_ERROR", nextState: "End" });
    await expect(
      testState(whole, { ...error, stateConfiguration: { errorCausedByState: "Nowhere" } }),
    ).rejects.toMatchObject({ name: "ValidationException" });
  });

  test("a name that is not there is refused", async () => {
    await expect(testState(whole, { stateName: "Nope" })).rejects.toMatchObject({
      name: "ValidationException",
      message: "State not found in definition",
    });
  });
});

describe("refusals", () => {
  const pass = jsonata({ Type: "Pass", End: true });
  const parallel = jsonata({
    Type: "Parallel",
    Branches: [{ StartAt: "P", States: { P: { Type: "Pass", End: true } } }],
    End: true,
  });

  test.each<[string, Definition, Partial<TestStateCommandInput>, string]>([
    ["a mock for a Pass", pass, mock({}), "ValidationException"],
    ["a Parallel without a mock", parallel, {}, "InvalidDefinition"],
    ["a context without a mock", pass, { context: "{}" }, "ValidationException"],
    ["a Task with neither mock nor role", task(), {}, "ValidationException"],
    [
      "a mock of both kinds",
      task(),
      { mock: { result: "{}", errorOutput: { error: "a" } } },
      "ValidationException",
    ],
    ["a mock that is no JSON", task(), { mock: { result: "{" } }, "ValidationException"],
    ["variables that are no object", pass, { variables: "[1]" }, "ValidationException"],
    ["input that is no JSON", pass, { input: "{" }, "InvalidExecutionInput"],
    ["a state with a mistake", jsonata({ Type: "Pass" }), {}, "InvalidDefinition"],
    ["a state of JSONPath", { Type: "Pass", End: true }, {}, "NotEmulated"],
    ["secrets of a mock", task(), { revealSecrets: true, ...mock({}) }, "ValidationException"],
  ])("%s", async (_what, definition, more, code) => {
    await expect(testState(definition, more)).rejects.toMatchObject({ name: code });
  });
});
