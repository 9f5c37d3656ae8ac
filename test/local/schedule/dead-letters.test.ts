import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Sqs, startSqs } from "#local/sqs/sqs.ts";
import { type DeadLetters, openDeadLetters } from "../../../scripts/schedule/dead-letters.ts";
import {
  ACCOUNT,
  REGION,
  startTestEndpoint,
  type TestEndpoint,
} from "../endpoint/test-endpoint.ts";

const CALL = {
  home: "home",
  schedule: "goodnight_weekdays",
  version: 3,
  plannedAt: "2026-11-26T21:45:00Z",
  attempt: "1",
};

let endpoint: TestEndpoint;
let sqs: Sqs;
let client: SQSClient;
let letters: DeadLetters;

beforeAll(async () => {
  endpoint = await startTestEndpoint();
  sqs = startSqs({
    file: ":memory:",
    region: REGION,
    accountId: ACCOUNT,
    endpointUrl: endpoint.url,
    queues: ["scheduler", "function"].map((name) => ({
      name,
      properties: { MessageRetentionPeriod: 1_209_600 },
    })),
  });
  endpoint.register(sqs.service);
  client = new SQSClient(endpoint.client);
  letters = openDeadLetters({
    clientOptions: endpoint.client,
    output: (name) => `${endpoint.url}/${ACCOUNT}/${QUEUES.get(name)}`,
  });
});
afterAll(async () => {
  letters.close();
  client.destroy();
  sqs.close();
  await endpoint.close();
});

const QUEUES = new Map([
  ["ScheduleDeadLettersUrl", "scheduler"],
  ["ScheduledSceneFailuresUrl", "function"],
]);

const send = (queue: string, body: string, attributes: Readonly<Record<string, string>> = {}) =>
  client.send(
    new SendMessageCommand({
      QueueUrl: `${endpoint.url}/${ACCOUNT}/${queue}`,
      MessageBody: body,
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, StringValue]) => [
          name,
          { DataType: "String", StringValue },
        ]),
      ),
    }),
  );

test("dead letters of both queues are read, stay, and go one by one", async () => {
  await send("scheduler", JSON.stringify(CALL), {
    ERROR_CODE: "AWS.Lambda.TooManyRequests",
    ERROR_MESSAGE: "Rate exceeded",
  });
  await send(
    "function",
    JSON.stringify({
      version: "1.0",
      requestContext: { condition: "RetriesExhausted" },
      requestPayload: CALL,
      responsePayload: { errorType: "SignInFailed", errorMessage: "Cognito answered 500." },
    }),
  );
  await send("function", "no JSON at all");

  const first = await letters.read();
  const again = await letters.read();
  for (const letter of again) if (letter.from === "function") await letters.delete(letter);
  const left = await letters.read();

  const call = { ...CALL, plannedAt: "2026-11-26T21:45:00.000Z", attempt: 1 };
  expect(first.map(({ message: _, ...letter }) => letter)).toEqual([
    { from: "scheduler", call, why: "AWS.Lambda.TooManyRequests: Rate exceeded" },
    { from: "function", call, why: "RetriesExhausted, SignInFailed: Cognito answered 500." },
    { from: "function", why: "unreadable" },
  ]);
  expect(again).toHaveLength(3);
  expect(left.map(({ from }) => from)).toEqual(["scheduler"]);
});

test("more letters than one answer holds are all read", async () => {
  for (let number = 0; number < 12; number += 1) await send("function", JSON.stringify(CALL));

  const read = await letters.read();

  expect(read.filter(({ from }) => from === "function")).toHaveLength(12);
});
