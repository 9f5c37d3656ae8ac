import {
  type AttributeValue,
  CreateTableCommand,
  DeleteItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateItemCommand,
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

beforeAll(async () => {
  house = await startTestDynamoDb();
  await createAuditTable(house.client);
});
afterAll(async () => {
  await house.close();
});

const OF_RUN_1 = {
  KeyConditionExpression: "pk = :p",
  ExpressionAttributeValues: { ":p": { S: "RUN#1" } },
};

describe("global indexes", () => {
  const onDay = (day: string) => ({
    IndexName: "byDay",
    KeyConditionExpression: "#d = :d",
    ExpressionAttributeNames: { "#d": "day" },
    ExpressionAttributeValues: { ":d": { S: day } },
  });
  const run = (sk: string, rest: Record<string, AttributeValue>) =>
    put({ pk: { S: "INDEXED" }, sk: { S: sk }, ...rest });

  test("an item is where its attributes say, and moves with them", async () => {
    await run("1", { day: { S: "mon" }, at: { N: "2" } });
    await run("2", { day: { S: "mon" }, at: { N: "1" } });
    await run("3", { day: { S: "mon" } });
    expect(await pages(onDay("mon"))).toEqual([["2", "1"]]);

    await run("1", { day: { S: "tue" }, at: { N: "2" } });
    await house.client.send(
      new UpdateItemCommand({
        TableName: "Audit",
        Key: { pk: { S: "INDEXED" }, sk: { S: "3" } },
        UpdateExpression: "SET #at = :at",
        ExpressionAttributeNames: { "#at": "at" },
        ExpressionAttributeValues: { ":at": { N: "0" } },
      }),
    );
    expect(await pages(onDay("mon"))).toEqual([["3", "2"]]);
    expect(await pages(onDay("tue"))).toEqual([["1"]]);

    await house.client.send(
      new DeleteItemCommand({ TableName: "Audit", Key: { pk: { S: "INDEXED" }, sk: { S: "2" } } }),
    );
    expect(await pages(onDay("mon"))).toEqual([["3"]]);
  });

  test("a page in the middle of equal index keys goes on with the next item, forwards and backwards", async () => {
    for (let i = 0; i < 30; i += 1) {
      await run(`same-${String(i).padStart(2, "0")}`, { day: { S: "same" }, at: { N: "7" } });
    }

    const forwards = await pages({ ...onDay("same"), Limit: 4 });
    const backwards = await pages({ ...onDay("same"), Limit: 7, ScanIndexForward: false });

    expect(new Set(forwards.flat()).size).toBe(30);
    expect(forwards.flat()).toHaveLength(30);
    expect(backwards.flat()).toEqual(forwards.flat().toReversed());
  });

  test("a start key of an index names the item and its place in the index", async () => {
    await run("start", { day: { S: "start" }, at: { N: "1" } });
    await run("then", { day: { S: "start" }, at: { N: "2" } });

    const { LastEvaluatedKey } = await query({ ...onDay("start"), Limit: 1 });

    expect(LastEvaluatedKey).toEqual({
      pk: { S: "INDEXED" },
      sk: { S: "start" },
      day: { S: "start" },
      at: { N: "1" },
    });
  });

  test("an index that includes some attributes shows those and the keys", async () => {
    await run("projected", { device: { S: "hall" }, outcome: { S: "confirmed" }, why: { S: "x" } });

    const { Items } = await query({
      IndexName: "byDevice",
      KeyConditionExpression: "device = :d",
      ExpressionAttributeValues: { ":d": { S: "hall" } },
    });

    expect(Items).toEqual([
      {
        pk: { S: "INDEXED" },
        sk: { S: "projected" },
        device: { S: "hall" },
        outcome: { S: "confirmed" },
      },
    ]);
  });

  // dynalite ends an index row's key in 24 bits of a hash of the item's key; these two keys have the same.
  test("two items whose keys collide in dynalite's hash are both in the index", async () => {
    await house.client.send(
      new CreateTableCommand({
        TableName: "Collide",
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
        AttributeDefinitions: [
          { AttributeName: "pk", AttributeType: "S" },
          { AttributeName: "device", AttributeType: "S" },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: "byDevice",
            KeySchema: [{ AttributeName: "device", KeyType: "HASH" }],
            Projection: { ProjectionType: "KEYS_ONLY" },
          },
        ],
      }),
    );
    await put({ pk: { S: "i5" }, device: { S: "hall" } }, "Collide");
    await put({ pk: { S: "i6254" }, device: { S: "hall" } }, "Collide");

    const found = await pages(
      {
        IndexName: "byDevice",
        KeyConditionExpression: "device = :d",
        ExpressionAttributeValues: { ":d": { S: "hall" } },
        Limit: 1,
      },
      "Collide",
    );

    expect(found.flat().sort()).toEqual(["i5", "i6254"]);
  });

  test.each<[string, Omit<QueryCommandInput, "TableName">, string]>([
    [
      "an index that is not there",
      { ...onDay("x"), IndexName: "byNight" },
      "The table does not have the specified index: byNight",
    ],
    [
      "a consistent read",
      { ...onDay("x"), ConsistentRead: true },
      "Consistent reads are not supported on global secondary indexes",
    ],
    [
      "all attributes of an index that has not all",
      {
        IndexName: "byDevice",
        Select: "ALL_ATTRIBUTES",
        KeyConditionExpression: "device = :d",
        ExpressionAttributeValues: { ":d": { S: "x" } },
      },
      "One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index byDevice because its projection type is not ALL",
    ],
    [
      "no condition on the partition key",
      { KeyConditionExpression: "sk = :s", ExpressionAttributeValues: { ":s": { S: "x" } } },
      "Query condition missed key schema element: pk",
    ],
    [
      "a range of partition keys",
      { KeyConditionExpression: "pk > :p", ExpressionAttributeValues: { ":p": { S: "x" } } },
      "Query key condition not supported",
    ],
    [
      "a filter on the key",
      { ...OF_RUN_1, FilterExpression: "sk = :p" },
      "Filter Expression can only contain non-primary key attributes: Primary key attribute: sk",
    ],
    [
      "no condition at all",
      {},
      "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.",
    ],
  ])("refuse %s", async (_what, input, message) => {
    await expect(query(input)).rejects.toMatchObject({ name: "ValidationException", message });
  });
});
