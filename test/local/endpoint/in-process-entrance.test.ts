import { afterEach, beforeEach, expect, test } from "vitest";
import { type AwsAccess, type AwsCall, callAws } from "#local/wire/aws-call.ts";
import type { AwsRequest } from "#local/wire/aws-service.ts";
import { playedService } from "../../support/played-service.ts";
import { role, startTestEndpoint, type TestEndpoint } from "./test-endpoint.ts";

const HOME = "arn:aws:iam::000000000000:role/Home";
const MAY_QUERY = { Effect: "Allow", Action: "dynamodb:Query", Resource: "*" };
const CALL: AwsCall = {
  service: "dynamodb",
  method: "POST",
  path: "/",
  headers: { "x-amz-target": "DynamoDB_20120810.Query" },
  body: "{}",
};

let endpoint: TestEndpoint;
let seen: AwsRequest[];
let release: PromiseWithResolvers<void>;

beforeEach(async () => {
  endpoint = await startTestEndpoint([role("Home", [MAY_QUERY])]);
  seen = [];
  release = Promise.withResolvers();
  endpoint.register(
    playedService({
      signingNames: ["dynamodb"],
      errorProtocol: "json",
      requiredPermissions: ({ headers }) => [
        { action: `dynamodb:${headers["x-amz-target"]?.split(".")[1]}`, resource: "arn:table" },
      ],
      handle: async (got) => {
        seen.push(got);
        if (got.body.toString() === '"wait"') await release.promise;
        return { status: 200, headers: { "content-type": "text/plain" }, body: "all of it" };
      },
    }),
  );
});
afterEach(async () => {
  release.resolve();
  await endpoint.close();
});

const access = (over: Partial<AwsAccess["credentials"]> = {}): AwsAccess => ({
  endpoint: endpoint.url,
  region: "us-east-1",
  credentials: { ...endpoint.iam.credentialsFor(HOME, "lambda.amazonaws.com"), ...over },
  direct: endpoint.direct,
});

test("a caller in the endpoint's process gets the answer that it gets over HTTP", async () => {
  const { direct: _direct, ...overHttp } = access();

  const directly = await callAws(access(), CALL);
  const signed = await callAws(overHttp, CALL);

  const { date: _d, "x-amzn-requestid": id, ...headers } = directly.headers;
  expect(directly).toMatchObject({ status: 200, body: Buffer.from("all of it") });
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
  expect(signed.headers).toMatchObject(headers);
  expect(headers).toEqual({
    "content-length": "9",
    "content-type": "text/plain",
    connection: "keep-alive",
  });
  expect(seen.map(({ caller }) => caller)).toEqual([
    { arn: "arn:aws:sts::000000000000:assumed-role/Home/local", roleArn: HOME },
    { arn: "arn:aws:sts::000000000000:assumed-role/Home/local", roleArn: HOME },
  ]);
});

test("its role decides there, too", async () => {
  const put = { ...CALL, headers: { "x-amz-target": "DynamoDB_20120810.PutItem" } };

  const refused = await callAws(access(), put);

  expect(refused.status).toBe(400);
  expect(JSON.parse(refused.body.toString())).toMatchObject({ __type: "AccessDeniedException" });
  expect(seen).toEqual([]);
});

test("a key that nobody has, another region and a service that is not here are refused there, too", async () => {
  const nobody = await callAws(access({ accessKeyId: "AKIANOBODY" }), CALL);
  const elsewhere = await callAws({ ...access(), region: "eu-west-1" }, CALL);
  const unknown = await callAws(access(), { ...CALL, service: "sns" });

  expect([nobody, elsewhere, unknown].map(({ body }) => body.toString())).toEqual([
    expect.stringContaining("UnrecognizedClientException"),
    expect.stringContaining("in the region eu-west-1"),
    expect.stringContaining("does not imitate sns Query"),
  ]);
});

test("a caller that gives up is told so, and the service goes on", async () => {
  const giveUp = new AbortController();

  const call = callAws(access(), { ...CALL, body: '"wait"', signal: giveUp.signal });
  giveUp.abort();

  await expect(call).rejects.toMatchObject({ code: "ABORT_ERR", name: "AbortError" });
  expect(seen).toHaveLength(1);
});

test("an endpoint that is closed refuses the connection, and cuts off what does not end", async () => {
  const waits = callAws(access(), { ...CALL, body: '"wait"' });
  const cut = expect(waits).rejects.toMatchObject({ code: "ECONNRESET" });

  await endpoint.close();

  await cut;
  await expect(callAws(access(), CALL)).rejects.toMatchObject({ code: "ECONNREFUSED" });
});
