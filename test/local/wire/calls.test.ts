import { afterAll, beforeAll, expect, test } from "vitest";
import type { AwsAccess } from "#local/wire/aws-call.ts";
import { callJson } from "#local/wire/call-json.ts";
import { type Listening, listen } from "#local/wire/http.ts";
import { invokeFunction, isFunctionError } from "#local/wire/invoke-function.ts";
import { CLOUDWATCH_LOGS, DYNAMODB } from "#local/wire/json-api.ts";

interface Seen {
  readonly line: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

const ARN = "arn:aws:lambda:us-east-1:000000000000:function:tools";
const seen: Seen[] = [];
let server: Listening;
let access: AwsAccess;

beforeAll(async () => {
  server = await listen(
    (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const body = Buffer.concat(chunks).toString("utf8");
        seen.push({ line: `${request.method} ${request.url}`, headers: request.headers, body });
        if (body.includes("fail")) response.setHeader("x-amz-function-error", "Unhandled");
        response.end("{}");
      });
    },
    0,
    { name: "test", option: "" },
  );
  access = {
    endpoint: server.url,
    region: "us-east-1",
    credentials: { accessKeyId: "AKIATEST", secretAccessKey: "secret" },
  };
});
afterAll(() => server.close());

const last = (): Seen | undefined => seen.at(-1);

test("a call of AWS JSON says its API, its operation and its version", async () => {
  await callJson(access, DYNAMODB, "GetItem", { TableName: "Home" });
  const dynamoDb = last();
  await callJson(access, CLOUDWATCH_LOGS, "PutLogEvents", {});
  const logs = last();

  expect(dynamoDb).toMatchObject({
    line: "POST /",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": "DynamoDB_20120810.GetItem",
    },
    body: '{"TableName":"Home"}',
  });
  expect(dynamoDb?.headers.authorization).toContain("/us-east-1/dynamodb/aws4_request");
  expect(logs?.headers).toMatchObject({
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": "Logs_20140328.PutLogEvents",
  });
});

test("a function is invoked by its ARN with the payload as it is, and nothing that was not asked for", async () => {
  const answer = await invokeFunction(access, { functionName: ARN, payload: '"x"' });

  const named = Object.keys(last()?.headers ?? {}).filter((name) =>
    /^x-amz-(?!date|content)/.test(name),
  );
  expect(last()).toMatchObject({
    line: "POST /2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Atools/invocations",
    body: '"x"',
  });
  expect(last()?.headers.authorization).toContain("/us-east-1/lambda/aws4_request");
  expect(named).toEqual([]);
  expect(isFunctionError(answer)).toBe(false);
});

test("what else a call of a function may say travels as Lambda's API has it", async () => {
  await invokeFunction(access, {
    functionName: "tools",
    payload: "{}",
    qualifier: "$LATEST",
    invocationType: "Event",
    clientContext: "e30=",
    logType: "Tail",
  });

  expect(last()).toMatchObject({
    line: "POST /2015-03-31/functions/tools/invocations?Qualifier=%24LATEST",
    headers: {
      "x-amz-invocation-type": "Event",
      "x-amz-client-context": "e30=",
      "x-amz-log-type": "Tail",
    },
  });
});

test("a function that failed is told from one that answered", async () => {
  const answer = await invokeFunction(access, { functionName: "tools", payload: '"fail"' });

  expect(answer.status).toBe(200);
  expect(isFunctionError(answer)).toBe(true);
});

test("a signal ends a call", async () => {
  const stopping = new AbortController();
  const calls = [
    callJson(access, DYNAMODB, "GetItem", {}, stopping.signal),
    invokeFunction(access, { functionName: "tools", payload: "{}", signal: stopping.signal }),
  ];

  stopping.abort();

  const ended = await Promise.allSettled(calls);
  expect(ended.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
});
