import {
  type AttributeValue,
  CreateTableCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAuditTable, startTestDynamoDb, type TestDynamoDb } from "./test-table.ts";

let house: TestDynamoDb;

const put = (Item: Record<string, AttributeValue>, TableName = "Audit") =>
  house.client.send(new PutItemCommand({ TableName, Item }));
const query = (input: Omit<QueryCommandInput, "TableName">, TableName = "Audit") =>
  house.client.send(new QueryCommand({ TableName, ...input }));

/** All pages of a query, by sort key. */
const pages = async (input: Omit<QueryCommandInput, "TableName">, TableName = "Audit") => {
  const found: string[][] = [];
  let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
  do {
    const { Items, LastEvaluatedKey } = await query(
      { ...input, ...(ExclusiveStartKey === undefined ? {} : { ExclusiveStartKey }) },
      TableName,
    );
    found.push((Items ?? []).map(({ sk, pk }) => sk?.S ?? pk?.S ?? ""));
    ExclusiveStartKey = LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return found;
};

const SORT_KEYS = ["ACK#a", "ACK#b", "ACK#b2", "ACK#c", "RUN", "ack", "é"];

beforeAll(async () => {
  house = await startTestDynamoDb();
  await createAuditTable(house.client);
  for (const sk of SORT_KEYS) {
    await put({
      pk: { S: "RUN#1" },
      sk: { S: sk },
      outcome: { S: sk === "RUN" ? "done" : "confirmed" },
    });
  }
  await put({ pk: { S: "RUN#10" }, sk: { S: "RUN" } });
});
afterAll(async () => {
  await house.close();
});

describe("the range of a query", () => {
  const P = { "#p": "pk", "#s": "sk" };
  test.each<[string, Record<string, string>, string[]]>([
    ["#s = :a", { ":a": "RUN" }, ["RUN"]],
    ["#s < :a", { ":a": "ACK#b2" }, ["ACK#a", "ACK#b"]],
    ["#s <= :a", { ":a": "ACK#b2" }, ["ACK#a", "ACK#b", "ACK#b2"]],
    ["#s > :a", { ":a": "RUN" }, ["ack", "é"]],
    ["#s >= :a", { ":a": "RUN" }, ["RUN", "ack", "é"]],
    ["#s BETWEEN :a AND :b", { ":a": "ACK#b", ":b": "ACK#c" }, ["ACK#b", "ACK#b2", "ACK#c"]],
    ["begins_with(#s, :a)", { ":a": "ACK#" }, ["ACK#a", "ACK#b", "ACK#b2", "ACK#c"]],
    ["begins_with(#s, :a)", { ":a": "ACK#b" }, ["ACK#b", "ACK#b2"]],
    ["begins_with(#s, :a)", { ":a": "Z" }, []],
  ])("%s with %o", async (condition, values, expected) => {
    const input = {
      KeyConditionExpression: `#p = :p AND ${condition}`,
      ExpressionAttributeNames: P,
      ExpressionAttributeValues: {
        ":p": { S: "RUN#1" },
        ...Object.fromEntries(Object.entries(values).map(([name, S]) => [name, { S }])),
      },
    };

    const forwards = await pages(input);
    const backwards = await pages({ ...input, ScanIndexForward: false });
    const oneByOne = await pages({ ...input, Limit: 1 });
    const twoByTwoBackwards = await pages({ ...input, Limit: 2, ScanIndexForward: false });

    expect(forwards).toEqual([expected]);
    expect(backwards).toEqual([expected.toReversed()]);
    expect(oneByOne.flat()).toEqual(expected);
    expect(twoByTwoBackwards.flat()).toEqual(expected.toReversed());
  });

  test("numbers are in the order of numbers", async () => {
    const numbers = ["-100", "-99.1", "-1", "-0.5", "0", "0.01", "0.5", "2", "10", "99", "1000000"];
    await house.client.send(
      new CreateTableCommand({
        TableName: "Numbers",
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [
          { AttributeName: "pk", KeyType: "HASH" },
          { AttributeName: "n", KeyType: "RANGE" },
        ],
        AttributeDefinitions: [
          { AttributeName: "pk", AttributeType: "S" },
          { AttributeName: "n", AttributeType: "N" },
        ],
      }),
    );
    for (const n of numbers.toReversed()) await put({ pk: { S: "x" }, n: { N: n } }, "Numbers");

    const { Items } = await query(
      { KeyConditionExpression: "pk = :p", ExpressionAttributeValues: { ":p": { S: "x" } } },
      "Numbers",
    );

    expect(Items?.map(({ n }) => n?.N)).toEqual(numbers);
  });
});

const OF_RUN_1 = {
  KeyConditionExpression: "pk = :p",
  ExpressionAttributeValues: { ":p": { S: "RUN#1" } },
};

test("a filter works after the limit: a page can be empty and go on", async () => {
  const first = await query({
    ...OF_RUN_1,
    FilterExpression: "outcome = :o",
    ExpressionAttributeValues: { ":p": { S: "RUN#1" }, ":o": { S: "done" } },
    Limit: 2,
  });

  expect(first).toMatchObject({ Items: [], Count: 0, ScannedCount: 2 });
  expect(first.LastEvaluatedKey).toEqual({ pk: { S: "RUN#1" }, sk: { S: "ACK#b" } });
});

test("a count counts and shows nothing", async () => {
  const { Count, Items } = await query({ ...OF_RUN_1, Select: "COUNT" });

  expect(Count).toBe(7);
  expect(Items).toBeUndefined();
});

test("a page ends at 1 MB, and the pages together are everything", async () => {
  const text = "x".repeat(300_000);
  for (let i = 0; i < 10; i += 1) {
    await put({ pk: { S: "BIG" }, sk: { S: `${i}` }, text: { S: text } });
  }

  const found = await pages({
    KeyConditionExpression: "pk = :p",
    ExpressionAttributeValues: { ":p": { S: "BIG" } },
  });

  expect(found[0]).toHaveLength(4);
  expect(found.flat()).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
});

test("a local index shows its projection, and whole items where they are asked for", async () => {
  await house.client.send(
    new CreateTableCommand({
      TableName: "Local",
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      AttributeDefinitions: ["pk", "sk", "at"].map((AttributeName) => ({
        AttributeName,
        AttributeType: "S" as const,
      })),
      LocalSecondaryIndexes: [
        {
          IndexName: "byAt",
          KeySchema: [
            { AttributeName: "pk", KeyType: "HASH" },
            { AttributeName: "at", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "KEYS_ONLY" },
        },
      ],
    }),
  );
  const item = { pk: { S: "x" }, sk: { S: "1" }, at: { S: "2" }, more: { S: "3" } };
  await put(item, "Local");
  const input = {
    IndexName: "byAt",
    KeyConditionExpression: "pk = :p",
    ExpressionAttributeValues: { ":p": { S: "x" } },
  };

  const keys = await query(input, "Local");
  const whole = await query({ ...input, Select: "ALL_ATTRIBUTES", ConsistentRead: true }, "Local");
  const some = await query({ ...input, ProjectionExpression: "more" }, "Local");

  expect(keys.Items).toEqual([{ pk: { S: "x" }, sk: { S: "1" }, at: { S: "2" } }]);
  expect(whole.Items).toEqual([item]);
  expect(some.Items).toEqual([{ more: { S: "3" } }]);
});

describe("scans", () => {
  test("pages and segments each show every item once", async () => {
    await house.client.send(
      new CreateTableCommand({
        TableName: "Scanned",
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
      }),
    );
    const all = Array.from({ length: 60 }, (_, i) => `item-${i}`).sort();
    for (const pk of all) await put({ pk: { S: pk } }, "Scanned");

    const paged: string[] = [];
    let start: Record<string, AttributeValue> | undefined;
    do {
      const page = await house.client.send(
        new ScanCommand({
          TableName: "Scanned",
          Limit: 7,
          ...(start === undefined ? {} : { ExclusiveStartKey: start }),
        }),
      );
      paged.push(...(page.Items ?? []).map(({ pk }) => pk?.S ?? ""));
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
    const segments = await Promise.all(
      [0, 1, 2].map((Segment) =>
        house.client.send(new ScanCommand({ TableName: "Scanned", Segment, TotalSegments: 3 })),
      ),
    );

    expect(paged.sort()).toEqual(all);
    const inSegments = segments.map(({ Items }) => (Items ?? []).map(({ pk }) => pk?.S ?? ""));
    expect(inSegments.flat().sort()).toEqual(all);
    expect(inSegments.every((items) => items.length > 0)).toBe(true);
  });

  test("a scan can be consistent, but not that of a global index", async () => {
    const scan = (IndexName?: string) =>
      house.client.send(
        new ScanCommand({
          TableName: "Audit",
          ConsistentRead: true,
          ...(IndexName === undefined ? {} : { IndexName }),
        }),
      );

    const { Count = 0 } = await scan();

    expect(Count).toBeGreaterThan(0);
    await expect(scan("byDevice")).rejects.toThrow(
      "Consistent reads are not supported on global secondary indexes",
    );
  });

  test("an index can be scanned", async () => {
    const { Items } = await house.client.send(
      new ScanCommand({
        TableName: "Audit",
        IndexName: "byDevice",
        FilterExpression: "attribute_exists(outcome)",
      }),
    );

    expect(Items?.every(({ device }) => device !== undefined)).toBe(true);
  });
});
