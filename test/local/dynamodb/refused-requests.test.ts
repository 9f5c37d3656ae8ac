import {
  BatchGetItemCommand,
  DeleteItemCommand,
  type DeleteItemCommandInput,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  type ScanCommandInput,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callAws } from "#local/wire/aws-call.ts";
import { createAuditTable, startTestDynamoDb, type TestDynamoDb } from "./test-table.ts";

let house: TestDynamoDb;
let count = 0;
const freshKey = () => {
  count += 1;
  return { pk: { S: `RUN#${count}` }, sk: { S: "RUN" } };
};

beforeAll(async () => {
  house = await startTestDynamoDb();
  await createAuditTable(house.client);
});
afterAll(async () => {
  await house.close();
});

const put = (input: Omit<PutItemCommandInput, "TableName">) =>
  house.client.send(new PutItemCommand({ TableName: "Audit", ...input }));
const update = (input: Omit<UpdateItemCommandInput, "TableName">) =>
  house.client.send(new UpdateItemCommand({ TableName: "Audit", ...input }));
const remove = (input: Omit<DeleteItemCommandInput, "TableName">) =>
  house.client.send(new DeleteItemCommand({ TableName: "Audit", ...input }));
const scan = (input: Omit<ScanCommandInput, "TableName">) =>
  house.client.send(new ScanCommand({ TableName: "Audit", ...input }));
const query = (input: Omit<QueryCommandInput, "TableName">) =>
  house.client.send(
    new QueryCommand({
      TableName: "Audit",
      KeyConditionExpression: "pk = :x",
      ExpressionAttributeValues: { ":x": { S: "X" } },
      ...input,
    }),
  );
const get = async (Key: ReturnType<typeof freshKey>) =>
  (await house.client.send(new GetItemCommand({ TableName: "Audit", Key, ConsistentRead: true })))
    .Item;

describe("requests that DynamoDB refuses", () => {
  const KEY = { pk: { S: "X" }, sk: { S: "X" } };
  test.each<[string, () => Promise<unknown>, string]>([
    [
      "a table that is not there",
      () => house.client.send(new GetItemCommand({ TableName: "Nowhere", Key: KEY })),
      "Requested resource not found",
    ],
    [
      "a key with a part missing",
      () => remove({ Key: { pk: { S: "X" } } }),
      "The provided key element does not match the schema",
    ],
    [
      "a key of another type",
      () => remove({ Key: { pk: { N: "1" }, sk: { S: "X" } } }),
      "The provided key element does not match the schema",
    ],
    [
      "an item without its sort key",
      () => put({ Item: { pk: { S: "X" } } }),
      "One or more parameter values were invalid: Missing the key sk in the item",
    ],
    [
      "an empty key",
      () => put({ Item: { pk: { S: "" }, sk: { S: "X" } } }),
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk",
    ],
    [
      "an empty index key",
      () => put({ Item: { ...KEY, device: { S: "" } } }),
      "One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: byDevice, IndexKey: device",
    ],
    [
      "an index key of another type",
      () => put({ Item: { ...KEY, at: { S: "now" } } }),
      "One or more parameter values were invalid: Type mismatch for Index Key at Expected: N Actual: S IndexName: byDay",
    ],
    [
      "a partition key over 2048 bytes",
      () => put({ Item: { pk: { S: "ü".repeat(1025) }, sk: { S: "X" } } }),
      "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes",
    ],
    [
      "a sort key over 1024 bytes",
      () => put({ Item: { pk: { S: "X" }, sk: { S: "ü".repeat(513) } } }),
      "One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes",
    ],
    [
      "a reserved word",
      () => remove({ Key: KEY, ConditionExpression: "attribute_exists(status)" }),
      "1 validation error detected: Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: status",
    ],
    [
      "an expression that is none",
      () => remove({ Key: KEY, ConditionExpression: "pk ==" }),
      expect.stringMatching(
        /^1 validation error detected: Invalid ConditionExpression: Syntax error; /,
      ) as string,
    ],
    [
      "a value that is not used",
      () =>
        remove({
          Key: KEY,
          ConditionExpression: "attribute_exists(pk)",
          ExpressionAttributeValues: { ":a": { S: "x" } },
        }),
      "1 validation error detected: Value provided in ExpressionAttributeValues unused in expressions: keys: {:a}",
    ],
    [
      "a value that is not given",
      () => remove({ Key: KEY, ConditionExpression: "pk = :a" }),
      "1 validation error detected: Invalid ConditionExpression: An expression attribute value used in expression is not defined; attribute value: :a",
    ],
    [
      "an expression over 4 KB",
      () => remove({ Key: KEY, ConditionExpression: `attribute_exists(${"a".repeat(4096)})` }),
      "1 validation error detected: Invalid ConditionExpression: Expression size has exceeded the maximum allowed size;",
    ],
    [
      "a list index beyond the last",
      () =>
        update({
          Key: KEY,
          UpdateExpression: "SET l[4294967295] = :a",
          ExpressionAttributeValues: { ":a": { S: "Y" } },
        }),
      "1 validation error detected: Invalid UpdateExpression: List index is not within the allowable range; index: [4294967295]",
    ],
    [
      "a list index beyond the last, in what is removed",
      () => update({ Key: KEY, UpdateExpression: "REMOVE a.b[0][4294967296].c" }),
      "1 validation error detected: Invalid UpdateExpression: List index is not within the allowable range; index: [4294967296]",
    ],
    [
      "a list index beyond every number, in what is read",
      () =>
        house.client.send(
          new GetItemCommand({
            TableName: "Audit",
            Key: KEY,
            ProjectionExpression: "pk, a[99999999999999]",
          }),
        ),
      "Invalid ProjectionExpression: List index is not within the allowable range; index: [99999999999999]",
    ],
    [
      "a list index beyond the last, in what is read of many",
      () =>
        house.client.send(
          new BatchGetItemCommand({
            RequestItems: { Audit: { Keys: [KEY], ProjectionExpression: "a[4294967295]" } },
          }),
        ),
      "Invalid ProjectionExpression: List index is not within the allowable range; index: [4294967295]",
    ],
    [
      "a list index beyond the last, in a condition",
      () => remove({ Key: KEY, ConditionExpression: "attribute_exists(a[ 4294967295 ])" }),
      "1 validation error detected: Invalid ConditionExpression: List index is not within the allowable range; index: [4294967295]",
    ],
    [
      "a list index beyond the last, in a filter",
      () =>
        house.client.send(
          new QueryCommand({
            TableName: "Audit",
            KeyConditionExpression: "pk = :a",
            FilterExpression: "a[4294967295] = :a",
            ExpressionAttributeValues: { ":a": { S: "Y" } },
          }),
        ),
      "Invalid FilterExpression: List index is not within the allowable range; index: [4294967295]",
    ],
    [
      "a list index beyond the last, in a transaction",
      () =>
        house.client.send(
          new TransactWriteItemsCommand({
            TransactItems: [
              {
                Update: { TableName: "Audit", Key: KEY, UpdateExpression: "REMOVE a[4294967295]" },
              },
            ],
          }),
        ),
      "Invalid UpdateExpression: List index is not within the allowable range; index: [4294967295]",
    ],
    [
      "changing the key",
      () =>
        update({
          Key: KEY,
          UpdateExpression: "SET pk = :a",
          ExpressionAttributeValues: { ":a": { S: "Y" } },
        }),
      "One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key",
    ],
    [
      "a path that is not there",
      () =>
        update({
          Key: KEY,
          UpdateExpression: "SET a.b = :a",
          ExpressionAttributeValues: { ":a": { S: "Y" } },
        }),
      "The document path provided in the update expression is invalid for update",
    ],
    [
      "adding a word to a number",
      () =>
        update({
          Key: KEY,
          UpdateExpression: "SET a = :a + :b",
          ExpressionAttributeValues: { ":a": { S: "Y" }, ":b": { N: "1" } },
        }),
      "1 validation error detected: Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: +, operand type: S",
    ],
    [
      "a number that is none",
      () => put({ Item: { ...KEY, n: { N: "ten" } } }),
      "The parameter cannot be converted to a numeric value: ten",
    ],
    [
      "a number with 39 digits",
      () => put({ Item: { ...KEY, n: { N: "1".repeat(39) } } }),
      "Attempting to store more than 38 significant digits in a Number",
    ],
    [
      "an empty set",
      () => put({ Item: { ...KEY, n: { SS: [] } } }),
      "One or more parameter values were invalid: An string set  may not be empty",
    ],
    [
      "values without an expression",
      () => put({ Item: KEY, ExpressionAttributeValues: { ":a": { S: "x" } } }),
      "1 validation error detected: ExpressionAttributeValues can only be specified when using expressions",
    ],
    [
      "a filter over 4 KB, of which a scan says how long it is",
      () => scan({ FilterExpression: `attribute_exists(${"a".repeat(4096)})` }),
      "Invalid FilterExpression: Expression size has exceeded the maximum allowed size; expression size: 4114",
    ],
    [
      "a query for attributes that it does not name",
      () => query({ Select: "SPECIFIC_ATTRIBUTES" }),
      "1 validation error detected: Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES",
    ],
    [
      "a scan for attributes that it does not name",
      () => scan({ Select: "SPECIFIC_ATTRIBUTES" }),
      "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES",
    ],
    [
      "a count of some attributes",
      () => scan({ Select: "COUNT", ProjectionExpression: "pk" }),
      "Cannot specify the ProjectionExpression when choosing to get only the Count",
    ],
    [
      "all attributes, and some of them",
      () => query({ Select: "ALL_ATTRIBUTES", ProjectionExpression: "pk" }),
      "Cannot specify the ProjectionExpression when choosing to get ALL_ATTRIBUTES",
    ],
    [
      "what an index holds, of a table",
      () => scan({ Select: "ALL_PROJECTED_ATTRIBUTES" }),
      "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName",
    ],
    [
      "the first segment of nothing",
      () => scan({ Segment: 0 }),
      "The TotalSegments parameter is required but was not present in the request when Segment parameter is present",
    ],
    [
      "an empty key in a transaction",
      () =>
        house.client.send(
          new TransactWriteItemsCommand({
            TransactItems: [
              { Put: { TableName: "Audit", Item: freshKey() } },
              { Delete: { TableName: "Audit", Key: { pk: { S: "" }, sk: { S: "X" } } } },
            ],
          }),
        ),
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk",
    ],
    [
      "ReturnValues that a put does not have",
      () => put({ Item: KEY, ReturnValues: "ALL_NEW" }),
      "ReturnValues can only be ALL_OLD or NONE",
    ],
  ])("%s", async (_what, ask, message) => {
    await expect(ask()).rejects.toMatchObject({ message, $metadata: { httpStatusCode: 400 } });
  });

  test("an item over 400 KB, counted in bytes and not in letters", async () => {
    const key = freshKey();
    const bytes = 400 * 1024 - "pksk".length - "big".length - key.pk.S.length - "RUN".length;

    await put({ Item: { ...key, big: { S: "x".repeat(bytes) } } });
    const over = () => put({ Item: { ...key, big: { S: "x".repeat(bytes + 1) } } });
    const letters = () => put({ Item: { ...key, big: { S: "ü".repeat(bytes / 2 + 1) } } });
    const grown = () =>
      update({
        Key: key,
        UpdateExpression: "SET a = :a",
        ExpressionAttributeValues: { ":a": { S: "x" } },
      });

    await expect(over()).rejects.toThrow("Item size has exceeded the maximum allowed size");
    await expect(letters()).rejects.toThrow("Item size has exceeded the maximum allowed size");
    await expect(grown()).rejects.toThrow(
      "Item size to update has exceeded the maximum allowed size",
    );
    expect((await get(key))?.big?.S).toHaveLength(bytes);
  });

  test("a document deeper than 32 levels, and one deeper than any stack", async () => {
    const nested = (depth: number): { M: Record<string, never> } | { L: never[] } => {
      let value: object = { S: "x" };
      for (let i = 0; i < depth; i += 1) value = { L: [value] };
      return value as { L: never[] };
    };

    await put({ Item: { ...freshKey(), deep: nested(31) } });
    const tooDeep = put({ Item: { ...freshKey(), deep: nested(33) } });

    await expect(tooDeep).rejects.toThrow("Nesting Levels have exceeded supported limits");
    const depth = 50_000;
    const answer = await callAws(house.endpoint.client, {
      service: "dynamodb",
      method: "POST",
      path: "/",
      headers: { "x-amz-target": "DynamoDB_20120810.PutItem" },
      body: `{"TableName":"Audit","Item":{"deep":${'{"L":['.repeat(depth)}${"]}".repeat(depth)}}}`,
    });
    expect(answer.status).toBe(400);
    expect(answer.body.toString()).toContain("Nesting Levels have exceeded supported limits");
  });

  test("an attribute called __proto__ is refused, not lost", async () => {
    const item = JSON.parse(
      '{"pk":{"S":"P"},"sk":{"S":"P"},"m":{"M":{"__proto__":{"S":"x"}}}}',
    ) as Record<string, { S: string }>;

    await expect(put({ Item: item })).rejects.toMatchObject({ name: "NotEmulated" });
  });
});

describe("list indexes within the range", () => {
  const set = async (expression: string) => {
    const key = freshKey();
    await put({ Item: { ...key, l: { L: [{ S: "a" }, { S: "b" }] }, m: { L: [] } } });
    const { Attributes } = await update({
      Key: key,
      UpdateExpression: expression,
      ExpressionAttributeValues: { ":c": { S: "c" }, ":d": { S: "d" } },
      ReturnValues: "ALL_NEW",
    });
    return [Attributes?.l?.L?.map(({ S }) => S), Attributes?.m?.L?.map(({ S }) => S)];
  };

  // 2000000000 took a minute and a half, and nothing else was answered meanwhile.
  test.each(["2", "10", "409599", "409600", "2000000000", "4294967294"])(
    "%s appends to a list of two",
    async (index) => {
      const lists = await set(`SET l[${index}] = :c, m[0] = :d`);

      expect(lists).toEqual([["a", "b", "c"], ["d"]]);
    },
  );

  test("append in their order, wherever they stand", async () => {
    const lists = await set("SET l[4294967294] = :d, l[2000000000] = :c, m[4294967294] = :d");

    expect(lists).toEqual([["a", "b", "c", "d"], ["d"]]);
  });
});
