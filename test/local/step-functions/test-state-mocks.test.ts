import { TestStateCommand, type TestStateCommandInput } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Definition, startTestAws, type TestAws } from "./support.ts";

let aws: TestAws;
beforeAll(async () => {
  aws = await startTestAws();
});
afterAll(() => aws.close());

const testState = (definition: Definition, more: Partial<TestStateCommandInput>) =>
  aws.client.send(new TestStateCommand({ definition: JSON.stringify(definition), ...more }));
const jsonata = (state: Definition): Definition => ({ QueryLanguage: "JSONata", ...state });
const task = (): Definition =>
  jsonata({
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke",
    Arguments: { FunctionName: "echo" },
    End: true,
  });
const mock = (result: unknown, more: object = {}) => ({
  mock: { result: JSON.stringify(result), ...more },
});

// The recordings: https://github.com/localstack/localstack, tests/aws/services/stepfunctions/v2/test_state
describe("what a mock may be", () => {
  const of = (resource: string): Definition =>
    jsonata({ Type: "Task", Resource: `arn:aws:states:::${resource}`, End: true });
  const schema = (problem: string): string => `Mock result schema validation error: ${problem}`;
  const map = jsonata({
    Type: "Map",
    ItemProcessor: { StartAt: "P", States: { P: { Type: "Pass", End: true } } },
    End: true,
  });
  const parallel = jsonata({
    Type: "Parallel",
    Branches: [{ StartAt: "P", States: { P: { Type: "Pass", End: true } } }],
    End: true,
  });

  // Recorded on AWS.
  test.each<[string, Definition, unknown, string]>([
    [
      "no required member",
      of("states:startExecution"),
      {},
      "Required field 'ExecutionArn' is missing",
    ],
    [
      "a member in the API's own case",
      of("states:startExecution"),
      { executionArn: "arn" },
      "Required field 'ExecutionArn' is missing",
    ],
    [
      "a time that is none",
      of("states:startExecution"),
      { ExecutionArn: "arn", StartDate: true },
      "Field 'StartDate' must be a string",
    ],
    [
      "a time that is a number",
      of("states:startExecution"),
      { ExecutionArn: "arn", StartDate: 1 },
      "Field 'StartDate' must be a string",
    ],
    ["no list", of("events:putEvents"), { Entries: "x" }, "Field 'Entries' must be an array"],
    [
      "a list of wrong things",
      of("events:putEvents"),
      { Entries: [{ EventId: "1" }, { EventId: 2 }] },
      "Field 'EventId' must be a string",
    ],
    [
      "a text deep inside",
      of("dynamodb:putItem"),
      { ConsumedCapacity: { CapacityUnits: "1" } },
      "Field 'CapacityUnits' must be a number",
    ],
  ])("%s is refused", async (_what, definition, result, problem) => {
    await expect(testState(definition, mock(result))).rejects.toMatchObject({
      name: "ValidationException",
      message: schema(problem),
    });
  });

  test("only the mode PRESENT does without a required member", async () => {
    const present = mock({ StartDate: true }, { fieldValidationMode: "PRESENT" });

    await expect(testState(of("states:startExecution"), present)).rejects.toMatchObject({
      message: schema("Field 'StartDate' must be a string"),
    });
    expect(
      await testState(
        of("states:startExecution"),
        mock({ unknown: 1 }, { fieldValidationMode: "PRESENT" }),
      ),
    ).toMatchObject({ output: '{"unknown":1}' });
  });

  test("what comes with a task token is anything", async () => {
    expect(
      await testState(of("sqs:sendMessage.waitForTaskToken"), mock({ pokemon: ["pikachu"] })),
    ).toMatchObject({ output: '{"pokemon":["pikachu"]}' });
  });

  // Recorded on AWS.
  test.each<[string, Definition, Partial<TestStateCommandInput>, string]>([
    [
      "a Map's that is no list",
      map,
      { input: "[]", ...mock({}) },
      "Mocked result must be an array.",
    ],
    ["a Parallel's that is no list", parallel, mock({}), "Mocked result must be an array."],
    [
      "a Parallel's of another length",
      parallel,
      mock([1, 2]),
      "Mocked result must contain the same number of items as number of Parallel branches.",
    ],
    [
      "a Pass's",
      jsonata({ Type: "Pass", End: true }),
      mock({}),
      "State type 'Pass' is not supported when a mock is specified",
    ],
    [
      "one that reveals secrets",
      task(),
      { revealSecrets: true, ...mock({}) },
      "TestState does not support RevealSecrets when a mock is specified.",
    ],
  ])("%s is refused", async (_what, definition, more, message) => {
    await expect(testState(definition, more)).rejects.toMatchObject({
      name: "ValidationException",
      message,
    });
  });

  // Recorded on AWS.
  test.each([
    ['{"Execution":{"Id":1}}', "Execution.Id must be a string"],
    ['{"Map":{}}', "'Map' field is not supported when mocking a Context object"],
    ['{"Execution":{"pokemon":"squirtle"}}', "Field 'pokemon' is not allowed"],
    ['{"Pokedex":{}}', "Field 'Pokedex' is not allowed"],
    [
      '{"Task":{"Token":"t"}}',
      "Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' service integration pattern",
    ],
  ])("the context %s is refused", async (context, problem) => {
    await expect(
      testState(task(), { input: '{"n":1}', context, ...mock({}) }),
    ).rejects.toMatchObject({
      name: "ValidationException",
      message: `Invalid Context object provided: ${problem}`,
    });
  });

  test.each<[string, Definition, Partial<TestStateCommandInput>]>([
    ["an answer of a shape that is not known here", of("aws-sdk:s3:getObject"), mock({})],
    [
      "what an ItemReader would have read",
      map,
      {
        ...mock([]),
        stateConfiguration: { mapItemReaderData: "[1]" },
      },
    ],
    [
      "a share of failures that is tolerated",
      { ...map, ToleratedFailurePercentage: 50 },
      {
        input: "[]",
        ...mock([]),
        stateConfiguration: { mapIterationFailureCount: 1 },
      },
    ],
    [
      "failed iterations of a Task",
      task(),
      {
        ...mock({}),
        stateConfiguration: { mapIterationFailureCount: 1 },
      },
    ],
  ])("%s is refused by name", async (_what, definition, more) => {
    await expect(testState(definition, more)).rejects.toMatchObject({ name: "NotEmulated" });
  });

  test("a mock of an unknown shape is taken where nothing is asked of it", async () => {
    expect(
      await testState(
        of("aws-sdk:s3:getObject"),
        mock({ Body: "x" }, { fieldValidationMode: "NONE" }),
      ),
    ).toMatchObject({ output: '{"Body":"x"}' });
  });
});
