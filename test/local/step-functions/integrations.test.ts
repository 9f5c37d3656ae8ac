import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { AwsError } from "#local/wire/aws-service.ts";
import { anyText, matching } from "./matchers.ts";
import { type Definition, FunctionError, machine, startTestAws, type TestAws } from "./support.ts";

let aws: TestAws;
let asked: { operation: string; input: unknown }[];
let answer: () => unknown;
let received: {
  payload: unknown;
  headers: Readonly<Record<string, string | undefined>>;
  query: string;
}[];
beforeAll(async () => {
  aws = await startTestAws({
    functions: {
      echo: (payload, request) => {
        received.push({ payload, headers: request.headers, query: request.query.toString() });
        return payload;
      },
      bad: () => {
        throw new FunctionError(
          '{"errorType": "MyError", "errorMessage": "it broke", "trace": ["a", "b"]}',
        );
      },
      typeless: () => {
        throw new FunctionError('{"errorMessage":"Task timed out after 3.00 seconds"}');
      },
      denied: () => {
        throw new AwsError(
          "AccessDeniedException",
          "User: u is not authorized to perform: lambda:InvokeFunction on resource: r",
          { status: 403 },
        );
      },
      busy: () => {
        throw new AwsError("TooManyRequestsException", "Rate Exceeded.", { status: 429 });
      },
      nothing: () => undefined,
      big: () => "x".repeat(300_000),
      text: () => "plain",
    },
    table: (operation, input) => {
      asked.push({ operation, input });
      return answer();
    },
  });
});
beforeEach(() => {
  asked = [];
  received = [];
  answer = () => ({});
});
afterAll(() => aws.close());

const task = (Resource: string, Arguments: unknown, more: Definition = {}): Definition =>
  machine({ T: { Type: "Task", Resource, Arguments, End: true, ...more } });
const invoke = (FunctionName: string, more: Definition = {}): Definition =>
  task("arn:aws:states:::lambda:invoke", { FunctionName, ...more });
const functionArn = (name: string): Definition =>
  task(`arn:aws:lambda:us-east-1:000000000000:function:${name}`, { n: 1 });

describe("lambda:invoke", () => {
  test("gives the API's answer, with the payload parsed", async () => {
    const { output, events } = await aws.run(invoke("echo", { Payload: { a: [1] } }));

    expect(output).toMatchObject({
      ExecutedVersion: "$LATEST",
      Payload: { a: [1] },
      StatusCode: 200,
      SdkHttpMetadata: {
        AllHttpHeaders: { "X-Amz-Executed-Version": ["$LATEST"] },
        HttpHeaders: { "Content-Type": "application/json" },
        HttpStatusCode: 200,
      },
      SdkResponseMetadata: { RequestId: anyText() },
    });
    expect(events[2]?.taskScheduledEventDetails).toEqual({
      resource: "invoke",
      resourceType: "lambda",
      region: "us-east-1",
      parameters: '{"FunctionName":"echo","Payload":{"a":[1]}}',
    });
  });

  test.each<[string, Definition, unknown]>([
    ["an object as JSON", { Payload: { a: 1 } }, { a: 1 }],
    ["a text as it is", { Payload: '"x"' }, "x"],
    ["nothing as {}", {}, {}],
    ["null as {}", { Payload: null }, {}],
    ["a number", { Payload: 0 }, 0],
    ["a list", { Payload: [] }, []],
  ])("sends %s", async (_what, more, expected) => {
    await aws.run(invoke("echo", more));

    expect(received[0]?.payload).toEqual(expected);
  });

  test("sends qualifier, client context and log type where the API has them", async () => {
    await aws.run(invoke("echo", { Qualifier: "1", ClientContext: "e30=", LogType: "Tail" }));

    expect(received[0]?.query).toBe("Qualifier=1");
    expect(received[0]?.headers).toMatchObject({
      "x-amz-client-context": "e30=",
      "x-amz-log-type": "Tail",
    });
  });

  test.each([
    ["bad", "MyError", '{"errorType":"MyError","errorMessage":"it broke","trace":["a","b"]}'],
    [
      "typeless",
      "Lambda.Unknown",
      'The cause could not be determined because Lambda did not return an error type. Returned payload: {"errorMessage":"Task timed out after 3.00 seconds"}',
    ],
  ])("the error of the function %s", async (name, error, cause) => {
    const { description, types } = await aws.run(invoke(name));

    expect(description).toMatchObject({ status: "FAILED", error, cause });
    expect(types.slice(2)).toEqual([
      "TaskScheduled",
      "TaskStarted",
      "TaskFailed",
      "ExecutionFailed",
    ]);
  });

  test.each([
    [
      "missing",
      "Lambda.ResourceNotFoundException",
      /^Function not found: missing \(Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; Request ID: [0-9a-f-]{36}; Proxy: null\)$/,
    ],
    [
      "busy",
      "Lambda.TooManyRequestsException",
      /^Rate Exceeded\. \(Service: AWSLambda; Status Code: 429; Error Code: TooManyRequestsException; /,
    ],
    // The API's description does not name it: the error is the generic one, the code stands in the cause.
    [
      "denied",
      "Lambda.AWSLambdaException",
      /^User: u is not authorized to perform: lambda:InvokeFunction on resource: r \(Service: AWSLambda; Status Code: 403; Error Code: AccessDeniedException; /,
    ],
  ])("the refusal of the function %s by Lambda", async (name, error, cause) => {
    const { description } = await aws.run(invoke(name));

    expect(description).toMatchObject({
      status: "FAILED",
      error,
      cause: matching(cause),
    });
  });

  test("an answer over 256 KiB fails the task, and States.ALL catches that", async () => {
    const definition = machine({
      T: {
        Type: "Task",
        Resource: "arn:aws:states:::lambda:invoke",
        Arguments: { FunctionName: "big" },
        Catch: [{ ErrorEquals: ["States.ALL"], Next: "C" }],
        End: true,
      },
      C: { Type: "Pass", End: true },
    });

    const { output, types } = await aws.run(definition);

    expect(output).toEqual({
      Error: "States.DataLimitExceeded",
      Cause:
        "The state/task 'lambda' returned a result with a size exceeding the maximum number of bytes service limit.",
    });
    expect(types).toContain("TaskFailed");
  });

  test("another role's credentials are used where the state says so, and its events tell it", async () => {
    const { events, description } = await aws.run(
      task(
        "arn:aws:states:::lambda:invoke",
        { FunctionName: "echo" },
        { Credentials: { RoleArn: "{% $states.input.role %}" } },
      ),
      { role: "arn:aws:iam::000000000000:role/Other" },
    );

    expect(description.status).toBe("SUCCEEDED");
    expect(events[2]?.taskScheduledEventDetails?.taskCredentials).toEqual({
      roleArn: "arn:aws:iam::000000000000:role/Other",
    });
  });
});

describe("a function's ARN", () => {
  test("the arguments are the payload, the function's answer is the result", async () => {
    const { output, types, events } = await aws.run(functionArn("echo"));

    expect(output).toEqual({ n: 1 });
    expect(types.slice(2, 5)).toEqual([
      "LambdaFunctionScheduled",
      "LambdaFunctionStarted",
      "LambdaFunctionSucceeded",
    ]);
    expect(events[2]?.lambdaFunctionScheduledEventDetails).toEqual({
      input: '{"n":1}',
      inputDetails: { truncated: false },
      resource: "arn:aws:lambda:us-east-1:000000000000:function:echo",
    });
  });

  test("the state's input is the payload where there are no arguments", async () => {
    const definition = machine({
      T: {
        Type: "Task",
        Resource: "arn:aws:lambda:us-east-1:000000000000:function:echo",
        End: true,
      },
    });

    const { output } = await aws.run(definition, { whole: "input" });

    expect(output).toEqual({ whole: "input" });
  });

  test("an error keeps the runtime's own text, blanks and all", async () => {
    const { description, types } = await aws.run(functionArn("bad"));

    expect(description).toMatchObject({
      error: "MyError",
      cause: '{"errorType": "MyError", "errorMessage": "it broke", "trace": ["a", "b"]}',
    });
    expect(types.slice(-2)).toEqual(["LambdaFunctionFailed", "ExecutionFailed"]);
  });

  test("an answer over 256 KiB names the function", async () => {
    const { description } = await aws.run(functionArn("big"));

    expect(description).toMatchObject({
      error: "States.DataLimitExceeded",
      cause:
        "The state/task 'arn:aws:lambda:us-east-1:000000000000:function:big' returned a result with a size exceeding the maximum number of bytes service limit.",
    });
  });

  test("nothing comes back as null, a text as text", async () => {
    expect((await aws.run(functionArn("nothing"))).output).toBeNull();
    expect((await aws.run(functionArn("text"))).output).toBe("plain");
  });
});

describe("DynamoDB", () => {
  const put = { TableName: "T", Item: { pk: { S: "{% $states.input.id %}" } } };
  const fail = (code: string, message: string) => () => {
    throw new AwsError(code, message);
  };

  test("the optimized integration sends the arguments and adds the SDK's metadata to the answer", async () => {
    answer = () => ({ Attributes: { a: { S: "old" } } });

    const { output, events } = await aws.run(task("arn:aws:states:::dynamodb:putItem", put), {
      id: "1",
    });

    expect(asked).toEqual([
      { operation: "PutItem", input: { TableName: "T", Item: { pk: { S: "1" } } } },
    ]);
    expect(output).toMatchObject({
      Attributes: { a: { S: "old" } },
      SdkHttpMetadata: { HttpStatusCode: 200 },
      SdkResponseMetadata: { RequestId: anyText() },
    });
    expect(events[2]?.taskScheduledEventDetails).toMatchObject({
      resource: "putItem",
      resourceType: "dynamodb",
    });
  });

  test("the SDK integration gives the plain answer, of any operation", async () => {
    answer = () => ({ Count: 0, Items: [], ScannedCount: 0 });

    const { output, events } = await aws.run(
      task("arn:aws:states:::aws-sdk:dynamodb:query", { TableName: "T" }),
    );

    expect(asked[0]?.operation).toBe("Query");
    expect(output).toEqual({ Count: 0, Items: [], ScannedCount: 0 });
    expect(events[2]?.taskScheduledEventDetails).toMatchObject({
      resource: "query",
      resourceType: "aws-sdk:dynamodb",
    });
  });

  test.each([
    [
      "arn:aws:states:::dynamodb:putItem",
      "ConditionalCheckFailedException",
      "DynamoDB.ConditionalCheckFailedException",
      /^The conditional request failed \(Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ConditionalCheckFailedException; Request ID: .+; Proxy: null\)$/,
    ],
    [
      "arn:aws:states:::dynamodb:putItem",
      "AccessDeniedException",
      "DynamoDB.AmazonDynamoDBException",
      /Error Code: AccessDeniedException;/,
    ],
    [
      "arn:aws:states:::aws-sdk:dynamodb:putItem",
      "ResourceNotFoundException",
      "DynamoDb.ResourceNotFoundException",
      /^The conditional request failed \(Service: DynamoDb, Status Code: 400, Request ID: .+\) \(SDK Attempt Count: 1\)$/,
    ],
    [
      "arn:aws:states:::aws-sdk:dynamodb:transactWriteItems",
      "TransactionCanceledException",
      "DynamoDb.TransactionCanceledException",
      /./,
    ],
    [
      "arn:aws:states:::aws-sdk:dynamodb:putItem",
      "ValidationException",
      "DynamoDb.DynamoDbException",
      /./,
    ],
    [
      "arn:aws:states:::aws-sdk:dynamodb:putItem",
      "InternalServerError",
      "DynamoDb.InternalServerErrorException",
      /./,
    ],
  ])("%s answered by %s fails with %s", async (resource, code, error, cause) => {
    answer = fail(code, "The conditional request failed");

    const { description } = await aws.run(task(resource, put), { id: "1" });

    expect(description).toMatchObject({ error, cause: matching(cause) });
  });

  test("a conditional write that failed is caught by its name", async () => {
    answer = fail("ConditionalCheckFailedException", "no");
    const definition = machine({
      T: {
        Type: "Task",
        Resource: "arn:aws:states:::dynamodb:putItem",
        Arguments: put,
        Catch: [
          {
            ErrorEquals: ["DynamoDB.ConditionalCheckFailedException"],
            Output: "again",
            Next: "C",
          },
        ],
        End: true,
      },
      C: { Type: "Pass", End: true },
    });

    const { output } = await aws.run(definition, { id: "1" });

    expect(output).toBe("again");
  });
});
