import { createSocket } from "node:dgram";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect, inject, onTestFinished, test } from "vitest";
import { startLambda } from "#local/lambda/lambda.ts";
import { readDeclared } from "#local/stack/declared.ts";
import { templateFunctions } from "#local/stack/template-functions.ts";
import { OPERATOR, REGION, startTestEndpoint } from "../local/endpoint/test-endpoint.ts";

const ACCOUNT = "000000000000";
const TRACE = "Root=1-6566b6f4-0123456789abcdef01234567;Parent=0123456789abcdef;Sampled=1";

/** What X-Ray's daemon would be sent, as it comes. */
const startDaemon = async () => {
  const heard: string[] = [];
  const socket = createSocket("udp4");
  socket.on("message", (datagram) => heard.push(datagram.toString("utf8")));
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  onTestFinished(() => {
    socket.close();
  });
  return { heard, address: `127.0.0.1:${(socket.address() as AddressInfo).port}` };
};

// REQ: runs-traced
test("every function's bundle runs with tracing on, and tells X-Ray of its call", async () => {
  const daemon = await startDaemon();
  const { template, resources } = readDeclared(inject("assembly"), {
    region: REGION,
    accountId: ACCOUNT,
    stackName: "SmarthomeScenes",
    masterSecret: "secret",
  });
  const endpoint = await startTestEndpoint([]);
  const functions = templateFunctions(template, resources).map((one) => ({
    ...one,
    environment: { ...one.environment, AWS_XRAY_DAEMON_ADDRESS: daemon.address },
  }));
  const lambda = await startLambda({
    region: REGION,
    accountId: ACCOUNT,
    functions,
    access: () => ({ endpoint: endpoint.url, region: REGION, credentials: OPERATOR }),
  });
  endpoint.register(lambda.service);
  const client = new LambdaClient({ ...endpoint.client, maxAttempts: 1 });
  client.middlewareStack.add(
    (next) => (args) => {
      const { request } = args;
      if (typeof request === "object" && request !== null && "headers" in request) {
        Object.assign(request.headers as object, { "x-amzn-trace-id": TRACE });
      }
      return next(args);
    },
    { step: "build", name: "sampled" },
  );
  onTestFinished(async () => {
    client.destroy();
    await lambda.close();
    await endpoint.close();
  });

  for (const { name } of functions) {
    // What it makes of nothing is its own affair: it was called, and did not die of being traced.
    const { Payload } = await client.send(new InvokeCommand({ FunctionName: name, Payload: "{}" }));
    expect(Payload?.transformToString() ?? "").not.toMatch(/Runtime\.|Sandbox\./);
  }

  expect(functions.length).toBeGreaterThanOrEqual(11);
  for (const { name } of functions) {
    await expect
      .poll(() => daemon.heard.some((text) => text.includes(`"name":"## ${name}"`)), {
        message: name,
        timeout: 5000,
      })
      .toBe(true);
  }
});
