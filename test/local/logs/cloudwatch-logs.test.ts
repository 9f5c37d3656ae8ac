import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AwsEndpoint, startAwsEndpoint } from "#local/endpoint/aws-endpoint.ts";
import { createCloudWatchLogs } from "#local/logs/cloudwatch-logs.ts";
import { type AwsAnswer, callAws } from "#local/wire/aws-call.ts";

const credentials = { accessKeyId: "AKIATEST", secretAccessKey: "secret" };
const directory = mkdtempSync(join(tmpdir(), "logs-"));
const asked: string[] = [];
let endpoint: AwsEndpoint;

beforeAll(async () => {
  endpoint = await startAwsEndpoint({
    port: 0,
    region: "us-east-1",
    iam: {
      find: () => ({ caller: { arn: "arn:aws:iam::000000000000:user/test" }, credentials }),
      decide: (_, permission) => {
        asked.push(`${permission.action} ${permission.resource}`);
        return { allowed: true };
      },
    },
  });
  endpoint.register(
    createCloudWatchLogs({
      region: "us-east-1",
      accountId: "000000000000",
      directory,
      logGroups: ["/aws/rules", "/aws/vendedlogs/states/run-scene", "FunctionLog"],
      functionLogGroups: ["FunctionLog"],
    }),
  );
});
afterAll(async () => {
  await endpoint.close();
  rmSync(directory, { recursive: true, force: true });
});

const call = async (operation: string, input: unknown): Promise<AwsAnswer & { text: string }> => {
  const answer = await callAws(
    { endpoint: endpoint.url, region: "us-east-1", credentials },
    {
      service: "logs",
      method: "POST",
      path: "/",
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": `Logs_20140328.${operation}`,
      },
      body: typeof input === "string" ? input : JSON.stringify(input),
    },
  );
  return { ...answer, text: answer.body.toString("utf8") };
};

test("events are kept in the group's file, by stream", async () => {
  const stream = { logGroupName: "/aws/rules", logStreamName: "mine" };

  const made = await call("CreateLogStream", stream);
  const put = await call("PutLogEvents", {
    ...stream,
    logEvents: [{ timestamp: 1795471405000, message: '{"ruleName":"mine"}' }],
  });

  expect([made.status, put.status]).toEqual([200, 200]);
  expect(readFileSync(join(directory, "aws-rules.log"), "utf8")).toBe(
    '{"timestamp":1795471405000,"stream":"mine","message":"{\\"ruleName\\":\\"mine\\"}"}\n',
  );
  expect(asked).toEqual([
    "logs:CreateLogStream arn:aws:logs:us-east-1:000000000000:log-group:/aws/rules:*",
    "logs:PutLogEvents arn:aws:logs:us-east-1:000000000000:log-group:/aws/rules:log-stream:mine",
  ]);
});

test("what a state machine logged is read back by time, a page at a time", async () => {
  const line = (id: number, atMs: number): string =>
    JSON.stringify({ id: String(id), event_timestamp: String(atMs) });
  const file = join(directory, "aws-vendedlogs-states-run-scene.log");
  writeFileSync(file, [line(1, 1000), line(3, 3000), line(2, 2000), '{"id":"4","ev'].join("\n"));
  const group = { logGroupName: "/aws/vendedlogs/states/run-scene", limit: 1 };

  const first = await call("FilterLogEvents", { ...group, startTime: 1001 });
  const { nextToken } = JSON.parse(first.text) as { readonly nextToken: unknown };
  // What was before is an older piece by then.
  renameSync(file, `${file}.1`);
  writeFileSync(file, `${line(4, 4000)}\n`);
  const second = await call("FilterLogEvents", { ...group, startTime: 1001, nextToken });
  const third = await call("FilterLogEvents", { ...group, startTime: 3001, nextToken });

  expect(JSON.parse(first.text)).toMatchObject({
    events: [{ timestamp: 2000, message: '{"id":"2","event_timestamp":"2000"}' }],
  });
  expect(typeof nextToken).toBe("string");
  expect(JSON.parse(second.text)).toMatchObject({ events: [{ timestamp: 3000 }] });
  expect(JSON.parse(third.text)).toMatchObject({ events: [{ timestamp: 4000 }] });
  expect(JSON.parse(third.text)).not.toHaveProperty("nextToken");
  expect(asked.at(-1)).toBe(
    "logs:FilterLogEvents arn:aws:logs:us-east-1:000000000000:log-group:/aws/vendedlogs/states/run-scene:*",
  );
});

test.each<[string, string, unknown, string]>([
  ["a function's lines", "FilterLogEvents", { logGroupName: "FunctionLog" }, "NotEmulated"],
  [
    "a filter pattern",
    "FilterLogEvents",
    { logGroupName: "/aws/rules", filterPattern: "ERROR" },
    "NotEmulated",
  ],
  [
    "a group to read that is not there",
    "FilterLogEvents",
    { logGroupName: "/other" },
    "ResourceNotFoundException",
  ],
  [
    "a page that was not given",
    "FilterLogEvents",
    { logGroupName: "/aws/rules", nextToken: "x" },
    "InvalidParameterException",
  ],
  [
    "a group that is not there",
    "CreateLogStream",
    { logGroupName: "/other", logStreamName: "s" },
    "ResourceNotFoundException",
  ],
  [
    "a stream that is not there",
    "PutLogEvents",
    { logGroupName: "/aws/rules", logStreamName: "none", logEvents: [] },
    "ResourceNotFoundException",
  ],
  [
    "a stream's name with a colon",
    "CreateLogStream",
    { logGroupName: "/aws/rules", logStreamName: "a:b" },
    "InvalidParameterException",
  ],
  ["a body that is not JSON", "PutLogEvents", "nonsense", "SerializationException"],
  [
    "an operation that is not imitated",
    "GetLogEvents",
    { logGroupName: "/aws/rules", logStreamName: "s" },
    "NotEmulated",
  ],
])("%s is refused", async (_, operation, input, code) => {
  const answer = await call(operation, input);

  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.text).toContain(code);
});
