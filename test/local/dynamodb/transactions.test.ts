import {
  type AttributeValue,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  TransactGetItemsCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  type TransactWriteItemsCommandInput,
} from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createAuditTable, startTestDynamoDb, type TestDynamoDb } from "./test-table.ts";

let house: TestDynamoDb;

beforeEach(async () => {
  house = await startTestDynamoDb();
  await createAuditTable(house.client);
});
afterEach(async () => {
  await house.close();
});

const key = (sk: string) => ({ pk: { S: "RUN#1" }, sk: { S: sk } });
const put = (sk: string, rest: Record<string, AttributeValue> = {}): TransactWriteItem => ({
  Put: { TableName: "Audit", Item: { ...key(sk), ...rest } },
});
const write = (
  TransactItems: readonly TransactWriteItem[],
  rest: Partial<TransactWriteItemsCommandInput> = {},
) =>
  house.client.send(new TransactWriteItemsCommand({ TransactItems: [...TransactItems], ...rest }));
const get = async (sk: string) =>
  (await house.client.send(new GetItemCommand({ TableName: "Audit", Key: key(sk) }))).Item;
const count = async () => (await house.client.send(new ScanCommand({ TableName: "Audit" }))).Count;

describe("all or nothing", () => {
  test("a put, an update, a delete and a check happen together", async () => {
    await write([put("old"), put("counted", { n: { N: "1" } }), put("checked")]);

    await write([
      put("new"),
      {
        Update: {
          TableName: "Audit",
          Key: key("counted"),
          UpdateExpression: "ADD n :one",
          ExpressionAttributeValues: { ":one": { N: "1" } },
        },
      },
      { Delete: { TableName: "Audit", Key: key("old") } },
      {
        ConditionCheck: {
          TableName: "Audit",
          Key: key("checked"),
          ConditionExpression: "attribute_exists(pk)",
        },
      },
    ]);

    expect(await get("new")).toEqual(key("new"));
    expect(await get("counted")).toEqual({ ...key("counted"), n: { N: "2" } });
    expect(await get("old")).toBeUndefined();
    expect(await count()).toBe(3);
  });

  test("one failed condition undoes everything, indexes too, and each part is given its reason", async () => {
    await write([put("taken", { by: { S: "a" } })]);

    const cancelled = write([
      put("new", { device: { S: "hall" } }),
      {
        Put: {
          TableName: "Audit",
          Item: key("taken"),
          ConditionExpression: "attribute_not_exists(pk)",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        },
      },
      {
        Delete: {
          TableName: "Audit",
          Key: key("missing"),
          ConditionExpression: "attribute_exists(pk)",
        },
      },
    ]);

    await expect(cancelled).rejects.toMatchObject({
      name: "TransactionCanceledException",
      message:
        "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, ConditionalCheckFailed]",
      CancellationReasons: [
        { Code: "None" },
        {
          Code: "ConditionalCheckFailed",
          Message: "The conditional request failed",
          Item: { ...key("taken"), by: { S: "a" } },
        },
        { Code: "ConditionalCheckFailed", Message: "The conditional request failed" },
      ],
    });
    expect(await count()).toBe(1);
    const index = await house.client.send(
      new ScanCommand({ TableName: "Audit", IndexName: "byDevice" }),
    );
    expect(index.Count).toBe(0);
  });

  test("a part that does not fit the table is a reason too", async () => {
    const cancelled = write([
      put("new"),
      { Delete: { TableName: "Audit", Key: { pk: { S: "RUN#1" } } } },
    ]);

    await expect(cancelled).rejects.toMatchObject({
      name: "TransactionCanceledException",
      CancellationReasons: [
        { Code: "None" },
        {
          Code: "ValidationError",
          Message: "The provided key element does not match the schema",
        },
      ],
    });
    expect(await count()).toBe(0);
  });

  test("many at once: money is neither made nor lost", async () => {
    await write([put("a", { n: { N: "10" } }), put("b", { n: { N: "10" } })]);
    const move = (from: string, to: string): TransactWriteItem[] => [
      {
        Update: {
          TableName: "Audit",
          Key: key(from),
          UpdateExpression: "SET n = n - :one",
          ConditionExpression: "n >= :one",
          ExpressionAttributeValues: { ":one": { N: "1" } },
        },
      },
      {
        Update: {
          TableName: "Audit",
          Key: key(to),
          UpdateExpression: "SET n = n + :one",
          ExpressionAttributeValues: { ":one": { N: "1" } },
        },
      },
    ];

    const moves = Array.from({ length: 40 }, (_, i) =>
      write(i % 4 === 0 ? move("b", "a") : move("a", "b")),
    );
    const results = await Promise.allSettled(moves);

    const [a, b] = [Number((await get("a"))?.n?.N), Number((await get("b"))?.n?.N)];
    expect(a + b).toBe(20);
    expect(Math.min(a, b)).toBeGreaterThanOrEqual(0);
    expect(results.some(({ status }) => status === "rejected")).toBe(true);
  });
});

describe("a client request token", () => {
  test("makes the same request happen once", async () => {
    const add: TransactWriteItem[] = [
      {
        Update: {
          TableName: "Audit",
          Key: key("n"),
          UpdateExpression: "ADD n :one",
          ExpressionAttributeValues: { ":one": { N: "1" } },
        },
      },
    ];

    await write(add, { ClientRequestToken: "token-1" });
    await write(add, { ClientRequestToken: "token-1" });
    await write(add, { ClientRequestToken: "token-2" });

    expect((await get("n"))?.n).toEqual({ N: "2" });
  });

  test("refuses another request", async () => {
    await write([put("a")], { ClientRequestToken: "token" });

    const other = write([put("b")], { ClientRequestToken: "token" });

    await expect(other).rejects.toMatchObject({ name: "IdempotentParameterMismatchException" });
    expect(await count()).toBe(1);
  });

  test("of a request that was cancelled can be used again", async () => {
    const conditional: TransactWriteItem[] = [
      {
        Update: {
          TableName: "Audit",
          Key: key("gate"),
          UpdateExpression: "SET opened = :t",
          ConditionExpression: "attribute_exists(pk)",
          ExpressionAttributeValues: { ":t": { BOOL: true } },
        },
      },
    ];
    await expect(write(conditional, { ClientRequestToken: "again" })).rejects.toThrow("cancelled");

    await write([put("gate")]);
    await write(conditional, { ClientRequestToken: "again" });

    expect((await get("gate"))?.opened).toEqual({ BOOL: true });
  });
});

describe("requests that are refused", () => {
  test.each<[string, readonly TransactWriteItem[], string, RegExp]>([
    ["no part", [], "ValidationException", /Member must have length greater than or equal to 1/],
    [
      "101 parts",
      Array.from({ length: 101 }, (_, i) => put(`${i}`)),
      "ValidationException",
      /Member must have length less than or equal to 100/,
    ],
    [
      "a part that is two",
      [{ ...put("a"), Delete: { TableName: "Audit", Key: key("b") } }],
      "ValidationException",
      /TransactItems can only contain one of Check, Put, Update or Delete/,
    ],
    [
      "a part that is none",
      [{}],
      "ValidationException",
      /TransactItems can only contain one of Check, Put, Update or Delete/,
    ],
    [
      "the same item twice",
      [put("a"), { Delete: { TableName: "Audit", Key: key("a") } }],
      "ValidationException",
      /^Transaction request cannot include multiple operations on one item$/,
    ],
    [
      "a table that is not there",
      [put("a"), { Put: { TableName: "Nowhere", Item: key("a") } }],
      "ResourceNotFoundException",
      /^Requested resource not found$/,
    ],
    [
      "an expression that is none",
      [{ Delete: { TableName: "Audit", Key: key("a"), ConditionExpression: "pk" } }],
      "ValidationException",
      /^Invalid ConditionExpression: /,
    ],
    [
      "a check without a condition",
      [{ ConditionCheck: { TableName: "Audit", Key: key("a"), ConditionExpression: undefined } }],
      "ValidationException",
      /'transactItems\.1\.member\.conditionCheck\.conditionExpression' failed to satisfy constraint: Member must not be null/,
    ],
    [
      "more than 4 MB",
      Array.from({ length: 11 }, (_, i) => put(`${i}`, { text: { S: "x".repeat(390_000) } })),
      "ValidationException",
      /cannot exceed 4MB/,
    ],
  ])("%s", async (_what, items, name, message) => {
    await expect(write(items)).rejects.toMatchObject({
      name,
      message: expect.stringMatching(message) as string,
    });
    expect(await count()).toBe(0);
  });
});

describe("reading together", () => {
  test("gives the items in the order that was asked for, and nothing where nothing is", async () => {
    await house.client.send(
      new PutItemCommand({
        TableName: "Audit",
        Item: { ...key("a"), x: { S: "1" }, y: { S: "2" } },
      }),
    );

    const { Responses, ConsumedCapacity } = await house.client.send(
      new TransactGetItemsCommand({
        TransactItems: [
          { Get: { TableName: "Audit", Key: key("missing") } },
          { Get: { TableName: "Audit", Key: key("a"), ProjectionExpression: "x" } },
        ],
        ReturnConsumedCapacity: "TOTAL",
      }),
    );

    expect(Responses).toEqual([{}, { Item: { x: { S: "1" } } }]);
    expect(ConsumedCapacity).toEqual([{ TableName: "Audit", CapacityUnits: 4 }]);
  });

  test("refuses the same item twice", async () => {
    const Get = { TableName: "Audit", Key: key("a") };

    const refused = house.client.send(
      new TransactGetItemsCommand({ TransactItems: [{ Get }, { Get }] }),
    );

    await expect(refused).rejects.toThrow("cannot include multiple operations on one item");
  });
});
