import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { LambdaOptions } from "#local/lambda/lambda.ts";
import { startSqs } from "#local/sqs/sqs.ts";
import { ACCOUNT, REGION } from "../endpoint/test-endpoint.ts";
import { startTestLambda, type TestLambda } from "./test-lambda.ts";

const QUEUE_ARN = "arn:aws:sqs:us-east-1:000000000000:failures";
const EVENT = { InvocationType: "Event" as const };

// Fails as long as there is no file called "works".
const CODE = `
import { appendFileSync, existsSync } from "node:fs";
export const handler = async (event, context) => {
  appendFileSync(process.env.DIRECTORY + "/calls", context.awsRequestId + "\\n");
  if (!existsSync(process.env.DIRECTORY + "/works")) throw new Error("not yet");
};`;

let folder: string;
let cleanUp: (() => Promise<void> | void)[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "events-"));
  cleanUp = [() => rmSync(folder, { recursive: true })];
});
afterEach(async () => {
  for (const each of cleanUp.toReversed()) await each();
});

const config = (properties: object = {}) => ({
  eventInvokeConfigs: [
    {
      name: "FlakyRetries",
      properties: {
        FunctionName: "flaky",
        Qualifier: "$LATEST",
        DestinationConfig: { OnFailure: { Destination: QUEUE_ARN } },
        ...properties,
      },
    },
  ],
});

const started = async (
  options: Partial<LambdaOptions>,
  statements: readonly unknown[] = [
    { Effect: "Allow", Action: "sqs:SendMessage", Resource: QUEUE_ARN },
  ],
): Promise<TestLambda> => {
  const house = await startTestLambda(
    { flaky: { code: CODE, environment: { DIRECTORY: folder } } },
    { eventFile: join(folder, "events.sqlite"), eventRetryDelaysMs: [1, 1], ...options },
    statements,
  );
  cleanUp.push(house.close);
  return house;
};

const startQueue = ({ endpoint }: TestLambda): SQSClient => {
  const sqs = startSqs({
    file: ":memory:",
    region: REGION,
    accountId: ACCOUNT,
    endpointUrl: endpoint.url,
    queues: [{ name: "failures", properties: {} }],
  });
  endpoint.register(sqs.service);
  const client = new SQSClient(endpoint.client);
  cleanUp.push(sqs.close, () => client.destroy());
  return client;
};

const firstRecord = async (client: SQSClient): Promise<unknown> => {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl: "https://sqs.us-east-1.amazonaws.com/000000000000/failures",
      WaitTimeSeconds: 10,
    }),
  );
  return JSON.parse(Messages[0]?.Body ?? "null");
};

const calls = (): readonly string[] =>
  existsSync(join(folder, "calls"))
    ? readFileSync(join(folder, "calls"), "utf8").trimEnd().split("\n")
    : [];

// REQ: events-are-kept
test("an event that fails three times leaves AWS's record in the queue", async () => {
  const house = await started(config());
  const queue = startQueue(house);

  await house.invoke("flaky", { scene: "goodnight" }, EVENT);

  expect(await firstRecord(queue)).toEqual({
    version: "1.0",
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
    requestContext: {
      requestId: calls()[0],
      functionArn: "arn:aws:lambda:us-east-1:000000000000:function:flaky:$LATEST",
      condition: "RetriesExhausted",
      approximateInvokeCount: 3,
    },
    requestPayload: { scene: "goodnight" },
    responseContext: {
      statusCode: 200,
      executedVersion: "$LATEST",
      functionError: "Unhandled",
    },
    responsePayload: expect.objectContaining({
      errorType: "Error",
      errorMessage: "not yet",
    }) as object,
  });
  expect(calls()).toHaveLength(3);
});

test("a function may have no retries", async () => {
  const house = await started(config({ MaximumRetryAttempts: 0 }));
  const queue = startQueue(house);

  await house.invoke("flaky", {}, EVENT);

  expect(await firstRecord(queue)).toMatchObject({
    requestContext: { condition: "RetriesExhausted", approximateInvokeCount: 1 },
  });
});

test("an event that is too old for its next try is given up for its age", async () => {
  let ageMs = 0;
  const house = await started({
    ...config({ MaximumEventAgeInSeconds: 60 }),
    eventRetryDelaysMs: [50],
    nowMs: () => Date.now() + ageMs,
  });
  const queue = startQueue(house);

  await house.invoke("flaky", {}, EVENT);
  await expect.poll(calls).toHaveLength(1);
  ageMs = 61_000;

  expect(await firstRecord(queue)).toMatchObject({
    requestContext: { condition: "EventAgeExceeded", approximateInvokeCount: 1 },
  });
});

// REQ: events-are-kept
test("an event that waits for its next try when the house ends is tried at the next start, as the same request", async () => {
  // AWS's own pauses: a minute before the second try.
  const first = await started({ eventRetryDelaysMs: [60_000, 120_000] });
  await first.invoke("flaky", {}, EVENT);
  await expect.poll(() => first.logOf("flaky")).toContain("REPORT");
  await first.close();
  cleanUp.pop();
  writeFileSync(join(folder, "works"), "");

  const second = await started({ nowMs: () => Date.now() + 61_000 });
  second.lambda.resumeEvents();

  await expect.poll(calls).toHaveLength(2);
  expect(new Set(calls()).size).toBe(1);
});

test("an event whose try was cut off by the end is tried again, and that try does not count", async () => {
  const first = await startTestLambda(
    {
      flaky: "export const handler = () => new Promise((resolve) => setTimeout(resolve, 60_000));",
    },
    { eventFile: join(folder, "events.sqlite") },
  );
  await first.invoke("flaky", { cut: "off" }, EVENT);
  await expect.poll(() => first.logOf("flaky")).toContain("START");
  await first.close();

  const second = await started(config());
  const queue = startQueue(second);
  second.lambda.resumeEvents();

  expect(await firstRecord(queue)).toMatchObject({
    requestContext: { approximateInvokeCount: 3 },
    requestPayload: { cut: "off" },
  });
});

test("a record that the destination refuses is told, and does not stay", async () => {
  const lines: string[] = [];
  const house = await started({ ...config(), log: (line) => lines.push(line) }, []);
  startQueue(house);

  await house.invoke("flaky", {}, EVENT);

  await expect.poll(() => lines.at(-1)).toContain("is lost, its destination refuses it");
  expect(lines.at(-1)).toContain("is not authorized to perform: sqs:SendMessage");
});

test.each([
  [
    "another destination than a queue",
    { DestinationConfig: { OnFailure: { Destination: "arn:aws:sns:us-east-1:0:topic" } } },
    "only a standard queue is imitated",
  ],
  [
    "a destination of what went well",
    { DestinationConfig: { OnSuccess: { Destination: QUEUE_ARN } } },
    "the local stack does not imitate it",
  ],
  ["an alias", { Qualifier: "live" }, "Qualifier"],
])("%s is refused by name", async (_what, properties, message) => {
  await expect(startTestLambda({}, config(properties))).rejects.toMatchObject({
    code: "TemplateNotUnderstood",
    message: expect.stringContaining(message) as string,
  });
});
