import { createServer } from "node:http";
import { IoTDataPlaneClient, PublishCommand } from "@aws-sdk/client-iot-data-plane";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { callsOf } from "#adapters/sdk/calls-of.ts";

// AWS IoT, which takes messages, keeps silent about those of "silent", and is at a loss about those of "ailing".
const iot = createServer((request, response) => {
  const { url = "" } = request;
  asked.push(url);
  if (url.includes("silent")) return;
  if (url.includes("ailing")) response.statusCode = 500;
  response.setHeader("content-type", "application/json").end("{}");
});
const asked: string[] = [];

let client: IoTDataPlaneClient;

beforeAll(async () => {
  await new Promise<void>((resolve) => {
    iot.listen(0, "127.0.0.1", resolve);
  });
  const address = iot.address();
  client = new IoTDataPlaneClient({
    endpoint: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
    region: "us-east-1",
    credentials: { accessKeyId: "key", secretAccessKey: "secret" },
    retryStrategy: {
      acquireInitialRetryToken: async () => TOKEN,
      // As after many failures: the next try comes long after any limit.
      refreshRetryTokenForRetry: async () => ({ ...TOKEN, getRetryDelay: () => 600_000 }),
      recordSuccess: () => undefined,
    },
  });
});
const TOKEN = { getRetryCount: () => 0, getRetryDelay: () => 0 };
beforeEach(() => {
  asked.length = 0;
});
afterAll(() => {
  client.destroy();
  iot.closeAllConnections();
  iot.close();
});

test("calls with one limit, with another and without any are each answered with their own", async () => {
  const publish = callsOf(client, PublishCommand);
  const [limit, other] = [new AbortController(), new AbortController()];

  await Promise.all([
    publish({ topic: "a" }, limit.signal),
    publish({ topic: "b" }, limit.signal),
    publish({ topic: "c" }, other.signal),
    publish({ topic: "d" }),
  ]);
  limit.abort();
  const late = publish({ topic: "e" }, limit.signal);

  await expect(late).rejects.toMatchObject({ name: "AbortError" });
  await publish({ topic: "f" }, other.signal);
  await publish({ topic: "g" });
  expect(asked.map((url) => url.charAt("/topics/".length)).sort()).toEqual([
    "a",
    "b",
    "c",
    "d",
    "f",
    "g",
  ]);
});

test.each([
  ["that is not answered", "silent"],
  ["that waits for its next try", "ailing"],
])("a call %s ends at its limit", async (_, topic) => {
  const publish = callsOf(client, PublishCommand);
  const limit = new AbortController();
  // Put together by another call of the same limit.
  await publish({ topic: "first" }, limit.signal);

  const call = publish({ topic }, limit.signal);
  const ended = expect(call).rejects.toMatchObject({ name: "AbortError" });
  await expect.poll(() => asked.length).toBe(2);
  limit.abort();

  await ended;
});
