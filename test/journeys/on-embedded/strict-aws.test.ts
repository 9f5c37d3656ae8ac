import {
  AttachThingPrincipalCommand,
  CreateKeysAndCertificateCommand,
  CreateThingCommand,
  DeleteCertificateCommand,
  DetachThingPrincipalCommand,
  IoTClient,
  UpdateCertificateCommand,
} from "@aws-sdk/client-iot";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, expect, test } from "vitest";
import { machineToken } from "../../../scripts/command/home-client.ts";
import { changedAssembly } from "../../support/changed-assembly.ts";
import { type Journey, startJourney } from "../../support/journey.ts";

// Mistakes that AWS does not forgive, made on purpose in a house of their own: each is to be seen here, before it is
// seen on AWS. test/long/lenient-aws.test.ts makes the imitation forgive them one by one, and this journey fails.

// A REQUEST interceptor that breaks the first time it is asked to. A RESPONSE interceptor that returns no headers for a
// ping, and elsewhere tells what body it was given.
const CARELESS = `import { handler as real } from "./real.mjs";
let hasBroken = false;
export const handler = async (event, context) => {
  const { gatewayRequest, gatewayResponse } = event.mcp;
  if (gatewayResponse === null) {
    if (gatewayRequest.body.params?.breaks !== true || hasBroken) return real(event, context);
    hasBroken = true;
    throw new Error("It breaks once.");
  }
  const { statusCode, headers, body } = gatewayResponse;
  const answer =
    gatewayRequest.body.method === "ping"
      ? { statusCode, body }
      : { statusCode, headers: { ...headers, "x-body-given": String(body !== null) }, body };
  return { interceptorOutputVersion: "1.0", mcp: { transformedGatewayResponse: answer } };
};`;

// A function that is busy for a second.
const BUSY = "export const handler = () => new Promise((resolve) => setTimeout(resolve, 1000));";

const CONCURRENT_EXECUTIONS = 10;

// In place of 1,200 a minute.
const CALLS_A_MINUTE = 40;

let house: Journey;
let assembly: ReturnType<typeof changedAssembly>;
beforeAll(async () => {
  assembly = changedAssembly({
    code: { ToolGatewayInterceptToolCall: CARELESS, FleetFunction: BUSY },
    template: (text) => text.replace('"Rate": 1200', `"Rate": ${CALLS_A_MINUTE}`),
  });
  house = await startJourney({
    assembly: assembly.path,
    concurrentExecutions: CONCURRENT_EXECUTIONS,
  });
});
afterAll(async () => {
  await house?.close();
  assembly.remove();
});

const aws = () => {
  const { endpoint, region, credentials } = house.home.stack.aws;
  return { endpoint, region, credentials };
};

const post = (token: string, method: string, params: unknown): Promise<Response> =>
  fetch(house.home.endpoints.gateway.url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      authorization: `Bearer ${token}`,
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });

const readOnlyToken = async (): Promise<string> => {
  const { clientId, clientSecret = "" } = house.home.endpoints.cognito.clients.machine;
  const answered = await fetch(`${house.home.endpoints.cognito.domain}/oauth2/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: clientSecret,
      scope: "smarthome-gateway/read",
    }),
  });
  return ((await answered.json()) as { access_token: string }).access_token;
};

// REQ: response-headers-returned
test("headers that a RESPONSE interceptor leaves out are lost", async () => {
  const answer = await post(await machineToken(house.home.endpoints), "ping", {});

  expect(answer.headers.get("content-type")).toBeNull();
  expect(await answer.json()).toEqual({ jsonrpc: "2.0", id: 1, result: {} });
});

// REQ: denial-built-again
test("a denial reaches the RESPONSE interceptor without its body, and one that passes that on answers nothing", async () => {
  const params = { name: "home___run_scene", arguments: { scene: "goodnight" } };

  const denied = await post(await readOnlyToken(), "tools/call", params);

  expect(denied.status).toBe(403);
  expect(denied.headers.get("x-body-given")).toBe("false");
  expect(await denied.text()).toBe("");
});

// REQ: interceptor-called-once
test("an interceptor that fails is not called again: the caller gets 500, and the next call goes on", async () => {
  const token = await machineToken(house.home.endpoints);

  const broken = await post(token, "ping", { breaks: true });
  const next = await post(token, "ping", { breaks: true });

  expect([broken.status, next.status]).toEqual([500, 200]);
});

// REQ: detachment-seen-late
test("a certificate cannot be deleted right after it was detached", async () => {
  const iot = new IoTClient(aws());
  const thingName = "strict-thing";
  await iot.send(new CreateThingCommand({ thingName }));
  const { certificateArn: principal, certificateId } = await iot.send(
    new CreateKeysAndCertificateCommand({ setAsActive: true }),
  );
  await iot.send(new AttachThingPrincipalCommand({ thingName, principal }));
  await iot.send(new UpdateCertificateCommand({ certificateId, newStatus: "INACTIVE" }));
  await iot.send(new DetachThingPrincipalCommand({ thingName, principal }));

  const deleted = iot.send(new DeleteCertificateCommand({ certificateId }));

  await expect(deleted).rejects.toMatchObject({ name: "DeleteConflictException" });
  iot.destroy();
});

// REQ: busy-told
test("more calls at once than the account has room for are refused, not put in a queue", async () => {
  const lambda = new LambdaClient({ ...aws(), maxAttempts: 1 });
  const name = house.home.stack.resources.find(({ logicalId }) =>
    logicalId.startsWith("FleetFunction"),
  )?.name;
  const calls = Array.from({ length: 4 * CONCURRENT_EXECUTIONS }, () =>
    lambda.send(new InvokeCommand({ FunctionName: name, Payload: "{}" })).then(
      () => "ran",
      (error: unknown) => (error instanceof Error ? error.name : ""),
    ),
  );

  const became = await Promise.all(calls);

  expect(became).toContain("TooManyRequestsException");
  expect(became).toContain("ran");
  lambda.destroy();
});

// REQ: rate-limits-exact
test("a caller has as many calls as the limit says, and not one more", async () => {
  const token = await machineToken(house.home.endpoints);
  const statuses: number[] = [];

  for (let call = 0; call < CALLS_A_MINUTE + 10; call += 1) {
    statuses.push((await post(token, "ping", {})).status);
  }

  expect(new Set(statuses)).toEqual(new Set([200, 429]));
});

// REQ: rule-roles-probed
test("a rule whose role does not trust IoT is not made, and the house says so by name", async () => {
  const distrusted = changedAssembly({
    template: (text) => text.replaceAll('"iot.amazonaws.com"', '"lambda.amazonaws.com"'),
  });

  const started = startJourney({ assembly: distrusted.path }).finally(distrusted.remove);

  await expect(started).rejects.toMatchObject({
    code: "StartFailed",
    message: expect.stringMatching(
      /^The topic rule \w+ cannot be made: .*iot\.amazonaws\.com is not authorized to perform: sts:AssumeRole/,
    ) as unknown,
  });
});

// REQ: service-roles-probed
test.each([
  ["bedrock-agentcore", "User: bedrock-agentcore.amazonaws.com is not authorized"],
  ["lambda", "cannot be assumed by Lambda: User: lambda.amazonaws.com is not authorized"],
  ["scheduler", "must allow AWS EventBridge Scheduler to assume the role"],
  ["states", "Neither the global service principal states.amazonaws.com"],
])("no house is made whose roles do not trust %s", async (service, said) => {
  const distrusted = changedAssembly({
    template: (text) => text.replaceAll(`"${service}.amazonaws.com"`, '"iot.amazonaws.com"'),
  });

  const started = startJourney({ assembly: distrusted.path }).finally(distrusted.remove);

  await expect(started).rejects.toThrow(said);
});
