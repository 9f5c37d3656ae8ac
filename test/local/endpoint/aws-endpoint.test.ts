import { request } from "node:http";
import { connect } from "node:net";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { ListStateMachinesCommand, SFNClient } from "@aws-sdk/client-sfn";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startAwsEndpoint } from "#local/endpoint/aws-endpoint.ts";
import { callAws } from "#local/wire/aws-call.ts";
import { AwsError, type AwsRequest, notEmulated } from "#local/wire/aws-service.ts";
import { signRequest } from "#local/wire/signature.ts";
import { playedService } from "../../support/played-service.ts";
import { awsCliPath, runAwsCli } from "../aws-cli.ts";
import { OPERATOR, REGION, role, startTestEndpoint, type TestEndpoint } from "./test-endpoint.ts";

let endpoint: TestEndpoint;

beforeEach(async () => {
  endpoint = await startTestEndpoint([role("Home", [])]);
});
afterEach(async () => {
  await endpoint.close();
});

/** A service that answers what the test says, and keeps what it got. */
const serve = (
  service: Partial<Parameters<typeof playedService>[0]> & { readonly answer?: () => object } = {},
): AwsRequest[] => {
  const seen: AwsRequest[] = [];
  endpoint.register(
    playedService({
      signingNames: ["dynamodb"],
      errorProtocol: "json",
      requiredPermissions: () => [],
      handle: async (got) => {
        seen.push(got);
        return { status: 200, headers: {}, body: JSON.stringify(service.answer?.() ?? {}) };
      },
      ...service,
    }),
  );
  return seen;
};

const fails = (error: Error) => (): Promise<never> => Promise.reject(error);

const dynamoDb = (credentials: object = {}): DynamoDBClient =>
  new DynamoDBClient({ ...endpoint.client, ...credentials });

test("a signed request reaches the service that its signature names, with its caller", async () => {
  const seen = serve({ answer: () => ({ TableNames: ["Home"] }) });

  const { TableNames, $metadata } = await dynamoDb().send(new ListTablesCommand({ Limit: 7 }));

  expect(TableNames).toEqual(["Home"]);
  expect($metadata.requestId).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
  expect(seen).toHaveLength(1);
  expect(seen[0]).toMatchObject({
    method: "POST",
    path: "/",
    caller: { arn: "arn:aws:iam::000000000000:user/operator" },
  });
  expect(JSON.parse(seen[0]?.body.toString() ?? "")).toEqual({ Limit: 7 });
});

test("an assumed role is the caller, and needs its session token", async () => {
  const seen = serve();
  const role = "arn:aws:iam::000000000000:role/Home";
  const credentials = endpoint.iam.credentialsFor(role, "lambda.amazonaws.com");
  const { sessionToken: _token, ...without } = credentials;

  await dynamoDb({ credentials }).send(new ListTablesCommand({}));
  const refused = dynamoDb({ credentials: without }).send(new ListTablesCommand({}));

  await expect(refused).rejects.toMatchObject({
    name: "UnrecognizedClientException",
    $metadata: { httpStatusCode: 403 },
  });
  expect(seen.map(({ caller }) => caller)).toEqual([
    { arn: "arn:aws:sts::000000000000:assumed-role/Home/local", roleArn: role },
  ]);
});

test.each([
  ["another secret", { ...OPERATOR, secretAccessKey: "wrong" }, "InvalidSignatureException"],
  [
    "a key that nobody has",
    { ...OPERATOR, accessKeyId: "AKIANOBODY" },
    "UnrecognizedClientException",
  ],
])(
  "a request signed with %s is refused before the service sees it",
  async (_what, credentials, name) => {
    const seen = serve();

    const refused = dynamoDb({ credentials }).send(new ListTablesCommand({}));

    await expect(refused).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 403 } });
    expect(seen).toEqual([]);
  },
);

test("a request without a signature, or with something else in its place, is refused", async () => {
  serve();

  const unsigned = await fetch(endpoint.url, { method: "POST", body: "{}" });
  const bearer = await fetch(endpoint.url, {
    method: "POST",
    body: "{}",
    headers: { authorization: "Bearer abc" },
  });

  expect(unsigned.status).toBe(403);
  expect(unsigned.headers.get("x-amzn-errortype")).toBe("MissingAuthenticationTokenException");
  expect(await unsigned.json()).toEqual({ message: "Missing Authentication Token" });
  expect(bearer.status).toBe(403);
  expect(bearer.headers.get("x-amzn-errortype")).toBe("IncompleteSignatureException");
});

test("a body that was changed on the way is refused", async () => {
  const seen = serve();
  const headers = signRequest(
    {
      method: "POST",
      path: "/",
      query: new URLSearchParams(),
      headers: { host: new URL(endpoint.url).host },
      body: Buffer.from('{"Limit":1}'),
    },
    OPERATOR,
    { region: REGION, service: "dynamodb", nowMs: Date.now() },
  );

  const same = await fetch(endpoint.url, { method: "POST", headers, body: '{"Limit":1}' });
  const changed = await fetch(endpoint.url, { method: "POST", headers, body: '{"Limit":2}' });

  expect(same.status).toBe(200);
  expect(changed.status).toBe(403);
  expect(await changed.json()).toMatchObject({ __type: "InvalidSignatureException" });
  expect(seen).toHaveLength(1);
});

test("an error of a JSON service reaches the SDK with its code, message and members", async () => {
  const error = new AwsError("ConditionalCheckFailedException", "The conditional request failed", {
    fields: { Item: { pk: { S: "x" } } },
  });
  serve({ handle: fails(error) });

  await expect(dynamoDb().send(new ListTablesCommand({}))).rejects.toMatchObject({
    name: "ConditionalCheckFailedException",
    message: "The conditional request failed",
    Item: { pk: { S: "x" } },
    $metadata: { httpStatusCode: 400 },
  });
});

test("an error of a REST service reaches the SDK with its code, message and members", async () => {
  const error = new AwsError("TooManyRequestsException", "Rate Exceeded.", {
    status: 429,
    fields: { Reason: "ConcurrentInvocationLimitExceeded" },
  });
  serve({ signingNames: ["lambda"], errorProtocol: "rest-json", handle: fails(error) });
  const lambda = new LambdaClient(endpoint.client);

  await expect(lambda.send(new InvokeCommand({ FunctionName: "tools" }))).rejects.toMatchObject({
    name: "TooManyRequestsException",
    message: "Rate Exceeded.",
    Reason: "ConcurrentInvocationLimitExceeded",
    $metadata: { httpStatusCode: 429 },
  });
});

test("a missing permission is told as AWS tells it, and the service is not asked", async () => {
  const permission = { action: "dynamodb:ListTables", resource: "*" };
  const seen = serve({ requiredPermissions: () => [permission] });
  const credentials = endpoint.iam.credentialsFor(
    "arn:aws:iam::000000000000:role/Home",
    "lambda.amazonaws.com",
  );

  await expect(dynamoDb({ credentials }).send(new ListTablesCommand({}))).rejects.toMatchObject({
    name: "AccessDeniedException",
    $metadata: { httpStatusCode: 400 },
  });
  expect(seen).toEqual([]);
});

test("what is not imitated is named: the service and its operation", async () => {
  serve({ handle: fails(notEmulated("DynamoDB", "ExportTableToPointInTime")) });

  await expect(dynamoDb().send(new ListTablesCommand({}))).rejects.toMatchObject({
    name: "NotEmulated",
    message:
      "The local stack does not imitate DynamoDB ExportTableToPointInTime; infra/local/README.md lists what it does.",
    $metadata: { httpStatusCode: 501 },
  });
  await expect(
    new SFNClient(endpoint.client).send(new ListStateMachinesCommand({})),
  ).rejects.toThrow("does not imitate states ListStateMachines");
  await expect(
    new LambdaClient(endpoint.client).send(new InvokeCommand({ FunctionName: "tools" })),
  ).rejects.toThrow("does not imitate lambda POST /2015-03-31/functions/tools/invocations");
});

test("another region is not here, and is named", async () => {
  const seen = serve();

  const asked = dynamoDb({ region: "eu-west-1" }).send(new ListTablesCommand({}));

  await expect(asked).rejects.toMatchObject({
    name: "NotEmulated",
    message: expect.stringContaining(
      "dynamodb in the region eu-west-1 (us-east-1 is here)",
    ) as string,
  });
  expect(seen).toEqual([]);
});

test("a client of S3 can read the refusal too", async () => {
  const access = { endpoint: endpoint.url, region: REGION, credentials: OPERATOR };

  const answer = await callAws(access, { service: "s3", method: "GET", path: "/", body: "" });

  expect(answer.status).toBe(501);
  expect(answer.headers["content-type"]).toBe("application/xml");
  expect(answer.body.toString()).toContain(
    "<Error><Code>NotEmulated</Code><Message>The local stack does not imitate s3 GET /;",
  );
});

test.skipIf(awsCliPath === undefined)("`aws s3 ls` says what is not imitated", async () => {
  const answer = await runAwsCli({ endpoint: endpoint.url, credentials: OPERATOR }, ["s3", "ls"]);

  expect(answer.code).not.toBe(0);
  expect(answer.stderr).toContain("(NotEmulated)");
  expect(answer.stderr).toContain("The local stack does not imitate s3 GET /");
});

test("a client of the query protocol can read the refusal too", async () => {
  const access = { endpoint: endpoint.url, region: REGION, credentials: OPERATOR };

  const answer = await callAws(access, {
    service: "sts",
    method: "POST",
    path: "/",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "Action=GetCallerIdentity&Version=2011-06-15",
  });

  expect(answer.status).toBe(501);
  expect(answer.body.toString()).toContain(
    "<Code>NotEmulated</Code><Message>The local stack does not imitate sts GetCallerIdentity;",
  );
});

test("the date of an answer is of its moment, also right after the clock was set", async () => {
  serve();
  const dateOf = async () => {
    const access = { endpoint: endpoint.url, region: REGION, credentials: OPERATOR };
    const { headers } = await callAws(access, {
      service: "dynamodb",
      method: "POST",
      path: "/",
      body: "{}",
    });
    return Date.parse(headers.date ?? "");
  };
  const before = await dateOf();

  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - 3 * 3_600_000 });
  const after = await dateOf().finally(() => vi.useRealTimers());

  expect(before - after).toBeGreaterThan(3 * 3_600_000 - 60_000);
});

test("an exception in a service is a 500 that says nothing, and a line in the log that says all", async () => {
  serve({ handle: fails(new Error("the file /home/ada/secret is gone")) });

  await expect(dynamoDb().send(new ListTablesCommand({}))).rejects.toMatchObject({
    name: "InternalFailure",
    message: "The request processing has failed.",
    $metadata: { httpStatusCode: 500 },
  });
  expect(endpoint.lines).toHaveLength(1);
  expect(endpoint.lines[0]).toContain("the file /home/ada/secret is gone");
});

test("a body over 16 MiB is refused when it is announced, and when it only comes", async () => {
  const seen = serve();
  const size = 16 * 1024 * 1024 + 1;

  const announced = await statusOf({ "content-length": size }, (sent) => sent.flushHeaders());
  const streamed = await statusOf({ "transfer-encoding": "chunked" }, (sent) => {
    sent.on("error", () => {});
    sent.end(Buffer.alloc(size));
  });

  expect([announced, streamed]).toEqual([413, 413]);
  expect(seen).toEqual([]);
});

const statusOf = (
  headers: Record<string, string | number>,
  send: (sent: ReturnType<typeof request>) => void,
): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const sent = request(endpoint.url, { method: "POST", headers }, (response) => {
      resolve(response.statusCode);
      response.destroy();
    });
    sent.on("error", reject);
    send(sent);
  });

test("a client that hangs up in the middle disturbs nobody", async () => {
  serve({ answer: () => ({ TableNames: [] }) });
  const socket = connect(endpoint.port, "127.0.0.1");
  await new Promise((resolve) => socket.once("connect", resolve));
  socket.write("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{");
  socket.destroy();

  const { TableNames } = await dynamoDb().send(new ListTablesCommand({}));

  expect(TableNames).toEqual([]);
  expect(endpoint.lines).toEqual([]);
});

test("a port in use is one clear line", async () => {
  const second = startAwsEndpoint({
    port: endpoint.port,
    region: REGION,
    iam: endpoint.iam,
  });

  await expect(second).rejects.toMatchObject({
    code: "PortInUse",
    message: `Port ${endpoint.port} (AWS endpoint) is in use. Stop what uses it, or choose another with --aws-port PORT.`,
  });
});

test("a call that was carried out is told with its permission, its caller, what was sent and what was answered; a refused one is not", async () => {
  serve({
    answer: () => ({ TableNames: ["Home"] }),
    requiredPermissions: () => [{ action: "dynamodb:ListTables", resource: "*" }],
  });
  const stranger = dynamoDb({
    credentials: endpoint.iam.credentialsFor(
      "arn:aws:iam::000000000000:role/Home",
      "lambda.amazonaws.com",
    ),
  });

  await dynamoDb().send(new ListTablesCommand({ Limit: 7 }));
  await expect(stranger.send(new ListTablesCommand({}))).rejects.toMatchObject({
    name: "AccessDeniedException",
  });

  expect(endpoint.calls).toHaveLength(1);
  expect(endpoint.calls[0]).toMatchObject({
    permissions: [{ action: "dynamodb:ListTables", resource: "*" }],
    request: { caller: { arn: "arn:aws:iam::000000000000:user/operator" } },
    response: { status: 200, headers: {}, body: '{"TableNames":["Home"]}' },
  });
  expect(endpoint.calls[0]?.request.body.toString("utf8")).toBe('{"Limit":7}');
  expect(endpoint.calls[0]?.tookMs).toBeGreaterThanOrEqual(0);
});
