import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { expect, onTestFinished, test, vi } from "vitest";
import { logger, observed, traced } from "#adapters/observed.ts";
import { lambdaContext } from "../../functions/lambda-context.ts";
import { startDaemon } from "./x-ray-daemon.ts";

const TRACE = "1-6566b6f4-0123456789abcdef01234567";

/** A client of a DynamoDB that answers each call with a status, and what it was told of the trace. */
const startTable = async (status: number, body: string) => {
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers["x-amzn-trace-id"]?.toString());
    response.writeHead(status, { "x-amzn-requestid": "request-1" });
    request.resume().on("end", () => response.end(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = traced(
    new DynamoDBClient({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: "us-east-1",
      credentials: { accessKeyId: "A", secretAccessKey: "S" },
      maxAttempts: 1,
    }),
  );
  onTestFinished(() => {
    client.destroy();
    server.close();
  });
  return {
    seen,
    get: () => client.send(new GetItemCommand({ TableName: "Home", Key: { PK: { S: "1" } } })),
  };
};

logger.setLogLevel("SILENT");

// REQ: runs-traced
test("a sampled call is a subsegment of Lambda's own, and each call of AWS one of it, with what it came to", async () => {
  const daemon = await startDaemon();
  const table = await startTable(200, "{}");
  vi.stubEnv("_X_AMZN_TRACE_ID", `Root=${TRACE};Parent=0123456789abcdef;Sampled=1;Lineage=1:a:0`);

  await observed(() => table.get())({}, lambdaContext());

  const [own, call] = await daemon.documents(2);
  expect(own).toMatchObject({
    type: "subsegment",
    trace_id: TRACE,
    parent_id: "0123456789abcdef",
    id: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
    annotations: { ColdStart: true, Service: "home" },
  });
  expect(call).toMatchObject({
    trace_id: TRACE,
    parent_id: own?.id,
    name: "DynamoDB",
    namespace: "aws",
    aws: { operation: "GetItem", region: "us-east-1", request_id: "request-1", retries: 0 },
    http: { response: { status: 200 } },
  });
  expect(table.seen).toEqual([`Root=${TRACE};Parent=${String(call?.id)};Sampled=1`]);
});

test("what a call broke on stands in both, and goes on to who called", async () => {
  const daemon = await startDaemon();
  const table = await startTable(400, '{"__type":"com.amazonaws#ResourceNotFoundException"}');
  vi.stubEnv("_X_AMZN_TRACE_ID", `Root=${TRACE};Parent=0123456789abcdef;Sampled=1`);

  const handled = observed(() => table.get())({}, lambdaContext());

  await expect(handled).rejects.toThrow(
    expect.objectContaining({ name: "ResourceNotFoundException" }),
  );
  const exceptions = [{ type: "ResourceNotFoundException" }];
  expect(await daemon.documents(2)).toMatchObject([
    { annotations: { ColdStart: false }, fault: true, cause: { exceptions } },
    { name: "DynamoDB", error: true, http: { response: { status: 400 } }, cause: { exceptions } },
  ]);
});

test.each([
  ["is not sampled", `Root=${TRACE};Parent=0123456789abcdef;Sampled=0`],
  ["is of no trace", ""],
])("a call that %s tells X-Ray nothing", async (_, header) => {
  const daemon = await startDaemon();
  const table = await startTable(200, "{}");
  vi.stubEnv("_X_AMZN_TRACE_ID", header);

  await observed(() => table.get())({}, lambdaContext());
  vi.stubEnv("_X_AMZN_TRACE_ID", `Root=${TRACE};Parent=0123456789abcdef;Sampled=1`);
  await observed(() => Promise.resolve())({}, lambdaContext());

  // What was sent before would have come before.
  await expect.poll(() => daemon.heard.length).toBe(1);
});
