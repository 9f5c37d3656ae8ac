import {
  CreateActivityCommand,
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  DescribeStateMachineForExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  StartExecutionCommand,
  StartSyncExecutionCommand,
  StopExecutionCommand,
  UpdateStateMachineCommand,
} from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, expect, test } from "vitest";
import { containing, matching } from "./matchers.ts";
import { machine, ROLE, startTestAws, type TestAws } from "./support.ts";

let aws: TestAws;
beforeAll(async () => {
  aws = await startTestAws();
});
afterAll(() => aws.close());

const PASS = machine({
  Say: { Type: "Pass", Output: { hello: "{% $states.input.name %}" }, End: true },
});
const WAIT = machine({ Wait: { Type: "Wait", Seconds: 3600, End: true } });
const text = (definition: unknown): string => JSON.stringify(definition);

test("a state machine that was created is described, listed, updated and deleted", async () => {
  const created = await aws.client.send(
    new CreateStateMachineCommand({
      name: "life",
      definition: text(PASS),
      roleArn: ROLE,
      type: "EXPRESS",
    }),
  );
  const stateMachineArn = created.stateMachineArn ?? "";

  const described = await aws.client.send(new DescribeStateMachineCommand({ stateMachineArn }));
  const updated = await aws.client.send(
    new UpdateStateMachineCommand({ stateMachineArn, definition: text(WAIT) }),
  );
  const again = await aws.client.send(new DescribeStateMachineCommand({ stateMachineArn }));
  const listed = await aws.client.send(new ListStateMachinesCommand({}));
  await aws.client.send(new DeleteStateMachineCommand({ stateMachineArn }));

  expect(stateMachineArn).toBe("arn:aws:states:us-east-1:000000000000:stateMachine:life");
  expect(created.creationDate).toBeInstanceOf(Date);
  expect(described).toMatchObject({
    name: "life",
    type: "EXPRESS",
    status: "ACTIVE",
    roleArn: "arn:aws:iam::000000000000:role/Machine",
    definition: text(PASS),
    loggingConfiguration: { level: "OFF", includeExecutionData: false },
    tracingConfiguration: { enabled: false },
  });
  expect(updated.updateDate).toBeInstanceOf(Date);
  expect(again.definition).toBe(text(WAIT));
  expect(listed.stateMachines?.map(({ name }) => name)).toContain("life");
  await expect(
    aws.client.send(new DescribeStateMachineCommand({ stateMachineArn })),
  ).rejects.toMatchObject({
    name: "StateMachineDoesNotExist",
    message:
      "State Machine Does Not Exist: 'arn:aws:states:us-east-1:000000000000:stateMachine:life'",
  });
});

test("the same machine created twice is one, another one of its name is refused", async () => {
  const same = { name: "twice", definition: text(PASS), roleArn: ROLE };
  const first = await aws.client.send(new CreateStateMachineCommand(same));

  const second = await aws.client.send(new CreateStateMachineCommand(same));

  expect(second.stateMachineArn).toBe(first.stateMachineArn);
  expect(second.creationDate).toEqual(first.creationDate);
  await expect(
    aws.client.send(new CreateStateMachineCommand({ ...same, definition: text(WAIT) })),
  ).rejects.toMatchObject({
    name: "StateMachineAlreadyExists",
    message:
      "State Machine Already Exists: 'arn:aws:states:us-east-1:000000000000:stateMachine:twice'",
  });
});

test.each([
  ["a b", "InvalidName", "Invalid Name: 'a b'"],
  ["x".repeat(81), "InvalidName", `Invalid Name: '${"x".repeat(81)}'`],
  ["semi;colon", "InvalidName", "Invalid Name: 'semi;colon'"],
])("the name %j is refused", async (name, code, message) => {
  const creation = aws.client.send(
    new CreateStateMachineCommand({ name, definition: text(PASS), roleArn: ROLE }),
  );

  await expect(creation).rejects.toMatchObject({ name: code, message });
});

test("a role that does not trust Step Functions is refused when the machine is created", async () => {
  const distrustful = await startTestAws({ refuseRole: true });

  const creation = distrustful.create(PASS);

  await expect(creation).rejects.toMatchObject({
    name: "AccessDeniedException",
    message:
      "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role.",
  });
  await distrustful.close();
});

test("a log level without a log group is refused", async () => {
  const creation = aws.client.send(
    new CreateStateMachineCommand({
      name: "logless",
      definition: text(PASS),
      roleArn: ROLE,
      loggingConfiguration: { level: "ALL" },
    }),
  );

  await expect(creation).rejects.toMatchObject({ name: "InvalidLoggingConfiguration" });
});

test("StartSyncExecution answers with the output, the details and what it would cost", async () => {
  const stateMachineArn = await aws.create(PASS, "EXPRESS");

  const answer = await aws.client.send(
    new StartSyncExecutionCommand({ stateMachineArn, name: "one", input: '{"name": "Ann"}' }),
  );

  expect(answer).toMatchObject({
    stateMachineArn,
    name: "one",
    status: "SUCCEEDED",
    input: '{"name": "Ann"}',
    inputDetails: { included: true },
    output: '{"hello":"Ann"}',
    outputDetails: { included: true },
    billingDetails: { billedDurationInMilliseconds: 100, billedMemoryUsedInMB: 64 },
  });
  expect(answer.executionArn).toMatch(
    /^arn:aws:states:us-east-1:000000000000:express:machine-\d+:one:[0-9a-f-]{36}$/,
  );
  expect(answer.error).toBeUndefined();
});

test("a failed execution is answered with HTTP 200, its error and its cause", async () => {
  const failing = machine({ No: { Type: "Fail", Error: "Nope", Cause: "because" } });

  const answer = await aws.runSync(failing);

  expect(answer).toMatchObject({ status: "FAILED", error: "Nope", cause: "because" });
  expect(answer.$metadata.httpStatusCode).toBe(200);
  expect(answer.output).toBeUndefined();
});

test("METADATA_ONLY leaves out input and output", async () => {
  const stateMachineArn = await aws.create(PASS, "EXPRESS");

  const answer = await aws.client.send(
    new StartSyncExecutionCommand({
      stateMachineArn,
      input: '{"name":"Ann"}',
      includedData: "METADATA_ONLY",
    }),
  );

  expect(answer.input).toBeUndefined();
  expect(answer.output).toBeUndefined();
  expect(answer).toMatchObject({
    inputDetails: { included: false },
    outputDetails: { included: false },
  });
});

test("a Standard machine is not run synchronously, an Express one is not listed", async () => {
  const standard = await aws.create(PASS, "STANDARD");
  const express = await aws.create(PASS, "EXPRESS");
  const refusal = {
    name: "StateMachineTypeNotSupported",
    message: "This operation is not supported by this type of state machine",
  };

  await expect(
    aws.client.send(new StartSyncExecutionCommand({ stateMachineArn: standard })),
  ).rejects.toMatchObject(refusal);
  await expect(
    aws.client.send(new ListExecutionsCommand({ stateMachineArn: express })),
  ).rejects.toMatchObject(refusal);
});

test("an Express execution is not described, not stopped and has no history", async () => {
  const stateMachineArn = await aws.create(PASS, "EXPRESS");
  const { executionArn } = await aws.client.send(new StartExecutionCommand({ stateMachineArn }));
  const refusal = {
    name: "InvalidArn",
    message: "Invalid Arn: 'Resource type not valid in this context: express'",
  };

  await expect(
    aws.client.send(new DescribeExecutionCommand({ executionArn })),
  ).rejects.toMatchObject(refusal);
  await expect(aws.client.send(new StopExecutionCommand({ executionArn }))).rejects.toMatchObject(
    refusal,
  );
  await expect(
    aws.client.send(new GetExecutionHistoryCommand({ executionArn })),
  ).rejects.toMatchObject(refusal);
});

test("a Standard start with the same name and input is the same one while it runs", async () => {
  const real = await startTestAws({ realTime: true });
  const stateMachineArn = await real.create(WAIT);
  const start = { stateMachineArn, name: "same", input: '{"a":1}' };
  const first = await real.client.send(new StartExecutionCommand(start));

  const second = await real.client.send(new StartExecutionCommand(start));

  expect(second).toMatchObject({ executionArn: first.executionArn, startDate: first.startDate });
  await expect(
    real.client.send(new StartExecutionCommand({ ...start, input: '{"a":2}' })),
  ).rejects.toMatchObject({
    name: "ExecutionAlreadyExists",
    message: `Execution Already Exists: '${first.executionArn}'`,
  });
  await real.close();
});

test("a stopped execution is aborted with the reason given, and goes no further", async () => {
  const real = await startTestAws({ realTime: true });
  const stateMachineArn = await real.create(WAIT);
  const { executionArn } = await real.client.send(new StartExecutionCommand({ stateMachineArn }));

  const { stopDate } = await real.client.send(
    new StopExecutionCommand({ executionArn, error: "Manual", cause: "probe" }),
  );
  const { description, types } = await real.ended(executionArn ?? "");

  expect(stopDate).toBeInstanceOf(Date);
  expect(description).toMatchObject({ status: "ABORTED", error: "Manual", cause: "probe" });
  expect(types).toEqual(["ExecutionStarted", "WaitStateEntered", "ExecutionAborted"]);
  await real.close();
});

test("executions are listed, the latest first, by status", async () => {
  const stateMachineArn = await aws.create(PASS);
  for (const name of ["first", "second"]) {
    const input = name === "first" ? '{"name":"Ann"}' : "{}";
    const { executionArn } = await aws.client.send(
      new StartExecutionCommand({ stateMachineArn, name, input }),
    );
    await aws.ended(executionArn ?? "");
  }

  const all = await aws.client.send(new ListExecutionsCommand({ stateMachineArn }));
  const failed = await aws.client.send(
    new ListExecutionsCommand({ stateMachineArn, statusFilter: "FAILED" }),
  );

  expect(all.executions?.map(({ name, status }) => [name, status])).toEqual([
    ["second", "FAILED"],
    ["first", "SUCCEEDED"],
  ]);
  expect(failed.executions?.map(({ name }) => name)).toEqual(["second"]);
});

test("a history comes in pages, backwards when asked, without data when asked", async () => {
  const { description } = await aws.run(PASS, { name: "Ann" });
  const { executionArn } = description;

  const first = await aws.client.send(
    new GetExecutionHistoryCommand({ executionArn, maxResults: 3 }),
  );
  const rest = await aws.client.send(
    new GetExecutionHistoryCommand({ executionArn, maxResults: 3, nextToken: first.nextToken }),
  );
  const backwards = await aws.client.send(
    new GetExecutionHistoryCommand({
      executionArn,
      reverseOrder: true,
      includeExecutionData: false,
    }),
  );

  expect(first.events?.map(({ id }) => id)).toEqual([1, 2, 3]);
  expect(rest.events?.map(({ id, type }) => [id, type])).toEqual([[4, "ExecutionSucceeded"]]);
  expect(rest.nextToken).toBeUndefined();
  expect(backwards.events?.map(({ id }) => id)).toEqual([4, 3, 2, 1]);
  expect(backwards.events?.[0]?.executionSucceededEventDetails).toEqual({});
  expect(backwards.events?.[1]?.stateExitedEventDetails).toEqual({ name: "Say" });
});

test("the definition that an execution was started with is told after an update", async () => {
  const stateMachineArn = await aws.create(PASS);
  const { executionArn } = await aws.client.send(new StartExecutionCommand({ stateMachineArn }));
  await aws.ended(executionArn ?? "");
  await aws.client.send(new UpdateStateMachineCommand({ stateMachineArn, definition: text(WAIT) }));

  const described = await aws.client.send(
    new DescribeStateMachineForExecutionCommand({ executionArn }),
  );

  expect(described.definition).toBe(text(PASS));
});

test("input that is no JSON is refused before anything starts", async () => {
  const stateMachineArn = await aws.create(PASS, "EXPRESS");

  const start = aws.client.send(
    new StartSyncExecutionCommand({ stateMachineArn, input: "{broken" }),
  );

  await expect(start).rejects.toMatchObject({
    name: "InvalidExecutionInput",
    message: matching(/^Invalid State Machine Execution Input: '/),
  });
});

test("input over 256 KiB is refused", async () => {
  const stateMachineArn = await aws.create(PASS, "EXPRESS");

  const start = aws.client.send(
    new StartSyncExecutionCommand({ stateMachineArn, input: `"${"x".repeat(262_143)}"` }),
  );

  await expect(start).rejects.toMatchObject({ name: "ValidationException" });
});

test("an asynchronous Express start is delivered twice where that is asked for", async () => {
  const calls: unknown[] = [];
  const twice = await startTestAws({
    deliverAsyncStartsTwice: true,
    functions: { note: (payload) => calls.push(payload) },
  });
  const stateMachineArn = await twice.create(
    machine({
      Note: {
        Type: "Task",
        Resource: "arn:aws:states:::lambda:invoke",
        Arguments: {
          FunctionName: "note",
          Payload: { name: "{% $states.context.Execution.Name %}" },
        },
        End: true,
      },
    }),
    "EXPRESS",
  );

  await twice.client.send(new StartExecutionCommand({ stateMachineArn, name: "run" }));

  await expect.poll(() => calls).toEqual([{ name: "run" }, { name: "run" }]);
  await twice.close();
});

test("an operation that is not imitated says so by name", async () => {
  const creation = aws.client.send(new CreateActivityCommand({ name: "a" }));

  await expect(creation).rejects.toMatchObject({
    name: "NotEmulated",
    message: containing("Step Functions CreateActivity"),
  });
});

test("a missing member is told as AWS tells it", async () => {
  const start = aws.client.send(
    new StartSyncExecutionCommand({ stateMachineArn: undefined as unknown as string }),
  );

  await expect(start).rejects.toMatchObject({
    name: "ValidationException",
    message:
      "1 validation error detected: Value null at 'stateMachineArn' failed to satisfy constraint: Member must not be null",
  });
});

test("closing ends what is under way within two seconds", async () => {
  const real = await startTestAws({ realTime: true });
  const stateMachineArn = await real.create(WAIT, "EXPRESS");
  const answer = real.client
    .send(new StartSyncExecutionCommand({ stateMachineArn }))
    .catch((error: unknown) => error);
  await expect.poll(() => real.startedCount()).toBe(1);
  const before = performance.now();

  await real.close();

  expect(performance.now() - before).toBeLessThan(2_000);
  expect(await answer).toBeDefined();
});
