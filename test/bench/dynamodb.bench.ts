// What DynamoDB costs here: through the real SDK client over HTTP, and without both (the service alone).
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type AttributeValue,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { createAuditTable, startTestDynamoDb } from "../local/dynamodb/test-table.ts";

const directory = mkdtempSync(join(tmpdir(), "bench-"));
const house = await startTestDynamoDb({ file: join(directory, "dynamodb.sqlite") });
await createAuditTable(house.client);

const item = (i: number): Record<string, AttributeValue> => ({
  pk: { S: `RUN#${i % 20}` },
  sk: { S: `ACK#${i}` },
  day: { S: "2026-11-24" },
  at: { N: String(i) },
  device: { S: `device-${i % 14}` },
  before: { M: { light: { M: { on: { BOOL: true }, brightness: { N: "40" } } } } },
  after: { M: { light: { M: { on: { BOOL: false }, brightness: { N: "0" } } } } },
});
const key = (i: number) => ({ pk: { S: `RUN#${i % 20}` }, sk: { S: `ACK#${i}` } });

const show = (what: string, times: readonly number[]): void => {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number): string => (sorted[Math.floor(sorted.length * part)] ?? 0).toFixed(2);
  console.log(`${what.padEnd(34)} p50 ${at(0.5)} ms   p95 ${at(0.95)} ms   p99 ${at(0.99)} ms`);
};

const overHttp = async (what: string, n: number, ask: (i: number) => Promise<unknown>) => {
  const times: number[] = [];
  for (let i = 0; i < n; i += 1) {
    const before = performance.now();
    await ask(i);
    times.push(performance.now() - before);
  }
  show(what, times);
};

const { client } = house;
const put = (i: number) => client.send(new PutItemCommand({ TableName: "Audit", Item: item(i) }));
const PARTITION = {
  TableName: "Audit",
  KeyConditionExpression: "pk = :p",
  ExpressionAttributeValues: { ":p": { S: "RUN#3" } },
};

console.log("SDK client, HTTP and signature included");
await overHttp("PutItem, two indexes", 1000, put);
await overHttp("PutItem, conditional", 500, (i) =>
  client.send(
    new PutItemCommand({
      TableName: "Audit",
      Item: item(i + 1000),
      ConditionExpression: "attribute_not_exists(pk)",
    }),
  ),
);
await overHttp("GetItem", 500, (i) =>
  client.send(new GetItemCommand({ TableName: "Audit", Key: key(i) })),
);
await overHttp("UpdateItem", 500, (i) =>
  client.send(
    new UpdateItemCommand({
      TableName: "Audit",
      Key: key(i),
      UpdateExpression: "SET n = if_not_exists(n, :zero) + :one",
      ExpressionAttributeValues: { ":zero": { N: "0" }, ":one": { N: "1" } },
    }),
  ),
);
await overHttp("Query, 50 items", 300, () =>
  client.send(new QueryCommand({ ...PARTITION, Limit: 50 })),
);
const began = performance.now();
await Promise.all(Array.from({ length: 1000 }, (_, i) => put(i + 2000)));
console.log(
  `PutItem, 1000 at once: ${(1_000_000 / (performance.now() - began)).toFixed(0)} a second`,
);

console.log("\nthe service alone");
const alone = async (operation: string, input: object, n: number): Promise<void> => {
  const body = Buffer.from(JSON.stringify(input));
  const headers = { "x-amz-target": `DynamoDB_20120810.${operation}` };
  const query = new URLSearchParams();
  const cpu = process.cpuUsage();
  const before = performance.now();
  for (let i = 0; i < n; i += 1) {
    const request = { method: "POST", path: "/", query, headers, body, caller: { arn: "bench" } };
    await house.dynamoDb.service.understand(request).carryOut();
  }
  const used = process.cpuUsage(cpu);
  const each = (ms: number): string => `${(ms / n).toFixed(3)} ms`;
  console.log(
    `${operation.padEnd(34)} ${each(performance.now() - before)} a request, ${each((used.user + used.system) / 1000)} of a core`,
  );
};
await alone("PutItem", { TableName: "Audit", Item: item(1) }, 3000);
await alone("GetItem", { TableName: "Audit", Key: key(1) }, 3000);
await alone("Query", { ...PARTITION, Limit: 50 }, 500);

await house.close();
rmSync(directory, { recursive: true });
