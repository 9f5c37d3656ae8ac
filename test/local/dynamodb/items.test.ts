import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  type DeleteItemCommandInput,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  type ReturnValue,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
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
const get = async (Key: ReturnType<typeof freshKey>) =>
  (await house.client.send(new GetItemCommand({ TableName: "Audit", Key, ConsistentRead: true })))
    .Item;

describe("what is put comes back", () => {
  test("every type of value, deep and with other alphabets", async () => {
    const item = {
      ...freshKey(),
      text: { S: "Grüße, 你好 🏠" },
      empty: { S: "" },
      number: { N: "-12.5" },
      bytes: { B: new Uint8Array([0, 1, 255]) },
      yes: { BOOL: true },
      nothing: { NULL: true },
      list: { L: [{ N: "1" }, { L: [] }, { M: {} }] },
      map: { M: { light: { M: { on: { BOOL: false } } } } },
      words: { SS: ["a", "b"] },
      numbers: { NS: ["1", "2"] },
      byteSets: { BS: [new Uint8Array([1]), new Uint8Array([2])] },
    };

    await put({ Item: item });

    expect(await get({ pk: item.pk, sk: item.sk })).toEqual(item);
  });

  test.each([
    ["1.0", "1"],
    ["1e3", "1000"],
    ["0.00", "0"],
    ["12345678901234567890123456789012345678", "12345678901234567890123456789012345678"],
  ])("the number %s as %s", async (sent, stored) => {
    const key = freshKey();

    await put({ Item: { ...key, n: { N: sent } } });

    expect((await get(key))?.n).toEqual({ N: stored });
  });

  test("a put replaces the whole item and can give back the old one", async () => {
    const key = freshKey();
    await put({ Item: { ...key, a: { S: "1" } } });

    const { Attributes } = await put({ Item: { ...key, b: { S: "2" } }, ReturnValues: "ALL_OLD" });

    expect(Attributes).toEqual({ ...key, a: { S: "1" } });
    expect(await get(key)).toEqual({ ...key, b: { S: "2" } });
  });

  test("a delete gives back what was there, and nothing the second time", async () => {
    const key = freshKey();
    await put({ Item: { ...key, a: { S: "1" } } });

    const first = await remove({ Key: key, ReturnValues: "ALL_OLD" });
    const second = await remove({ Key: key, ReturnValues: "ALL_OLD" });

    expect(first.Attributes).toEqual({ ...key, a: { S: "1" } });
    expect(second.Attributes).toBeUndefined();
    expect(await get(key)).toBeUndefined();
  });

  test("a projection shows paths into maps and lists", async () => {
    const key = freshKey();
    await put({
      Item: { ...key, m: { M: { x: { L: [{ S: "a" }, { S: "b" }] }, y: { S: "c" } } } },
    });

    const { Item } = await house.client.send(
      new GetItemCommand({
        TableName: "Audit",
        Key: key,
        ProjectionExpression: "#m.x[1], sk",
        ExpressionAttributeNames: { "#m": "m" },
      }),
    );

    expect(Item).toEqual({ m: { M: { x: { L: [{ S: "b" }] } } }, sk: { S: "RUN" } });
  });
});

describe("conditions", () => {
  const OUTCOME = {
    outcome: { S: "confirmed" },
    n: { N: "5" },
    tags: { SS: ["a", "b"] },
    m: { M: { lit: { BOOL: true } } },
  };
  test.each<
    [string, Record<string, { S: string } | { N: string } | { BOOL: boolean }> | undefined, boolean]
  >([
    ["attribute_exists(pk)", undefined, true],
    ["attribute_not_exists(pk)", undefined, false],
    ["attribute_exists(absent)", undefined, false],
    ["outcome = :v", { ":v": { S: "confirmed" } }, true],
    ["outcome <> :v", { ":v": { S: "confirmed" } }, false],
    ["n > :v", { ":v": { N: "4" } }, true],
    ["n < :v", { ":v": { N: "10" } }, true],
    ["n BETWEEN :a AND :b", { ":a": { N: "1" }, ":b": { N: "5" } }, true],
    ["n = :v", { ":v": { S: "5" } }, false],
    ["outcome IN (:a, :b)", { ":a": { S: "refused" }, ":b": { S: "confirmed" } }, true],
    ["begins_with(outcome, :v)", { ":v": { S: "conf" } }, true],
    ["contains(outcome, :v)", { ":v": { S: "firm" } }, true],
    ["contains(tags, :v)", { ":v": { S: "b" } }, true],
    ["contains(tags, :v)", { ":v": { S: "c" } }, false],
    ["size(tags) = :v", { ":v": { N: "2" } }, true],
    ["attribute_type(m, :v)", { ":v": { S: "M" } }, true],
    ["m.lit = :v", { ":v": { BOOL: true } }, true],
    ["NOT m.lit = :v", { ":v": { BOOL: true } }, false],
    [
      "n = :a OR (outcome = :b AND attribute_exists(m))",
      { ":a": { N: "0" }, ":b": { S: "confirmed" } },
      true,
    ],
  ])("%s with %o is %s", async (ConditionExpression, values, holds) => {
    const key = freshKey();
    await put({ Item: { ...key, ...OUTCOME } });

    const asked = remove({
      Key: key,
      ConditionExpression,
      ...(values === undefined ? {} : { ExpressionAttributeValues: values }),
    });

    if (holds) await asked;
    else {
      await expect(asked).rejects.toMatchObject({
        name: "ConditionalCheckFailedException",
        message: "The conditional request failed",
      });
    }
    expect((await get(key)) === undefined).toBe(holds);
  });

  test("the first write of a run wins, the second changes nothing", async () => {
    const key = freshKey();
    const write = (by: string) =>
      put({ Item: { ...key, by: { S: by } }, ConditionExpression: "attribute_not_exists(pk)" });

    const results = await Promise.allSettled([write("a"), write("b"), write("c"), write("d")]);

    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const winner = ["a", "b", "c", "d"][results.findIndex(({ status }) => status === "fulfilled")];
    expect(await get(key)).toMatchObject({ by: { S: winner } });
  });

  test.each(["put", "update", "delete"] as const)(
    "a failed %s gives back the item that failed it, where it is asked to",
    async (operation) => {
      const key = freshKey();
      const item = { ...key, outcome: { S: "refused" } };
      await put({ Item: item });
      const condition = {
        ConditionExpression: "outcome = :v",
        ExpressionAttributeValues: { ":v": { S: "confirmed" } },
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      } as const;

      const failed =
        operation === "put"
          ? put({ Item: key, ...condition })
          : operation === "update"
            ? update({ Key: key, ...condition })
            : remove({ Key: key, ...condition });

      await expect(failed).rejects.toMatchObject({
        name: "ConditionalCheckFailedException",
        Item: item,
      });
    },
  );

  test("a failed condition on nothing gives back nothing", async () => {
    const failed = remove({
      Key: freshKey(),
      ConditionExpression: "attribute_exists(pk)",
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    });

    const error = await failed.catch((caught: unknown) => caught);

    expect(error).toMatchObject({ name: "ConditionalCheckFailedException" });
    expect(error).toHaveProperty("Item", undefined);
  });
});

describe("updates", () => {
  test("SET, REMOVE, ADD and DELETE in one expression, returning what is new", async () => {
    const key = freshKey();
    await put({
      Item: {
        ...key,
        n: { N: "1" },
        gone: { S: "x" },
        tags: { SS: ["a", "b"] },
        list: { L: [{ S: "a" }] },
      },
    });

    const { Attributes } = await update({
      Key: key,
      UpdateExpression:
        "SET n = n + :one, #l = list_append(#l, :more), made = if_not_exists(made, :now) REMOVE gone ADD hits :two DELETE tags :b",
      ExpressionAttributeNames: { "#l": "list" },
      ExpressionAttributeValues: {
        ":one": { N: "1" },
        ":two": { N: "2" },
        ":more": { L: [{ S: "b" }] },
        ":now": { S: "now" },
        ":b": { SS: ["b"] },
      },
      ReturnValues: "ALL_NEW",
    });

    expect(Attributes).toEqual({
      ...key,
      n: { N: "2" },
      tags: { SS: ["a"] },
      list: { L: [{ S: "a" }, { S: "b" }] },
      made: { S: "now" },
      hits: { N: "2" },
    });
    expect(await get(key)).toEqual(Attributes);
  });

  test("an update of nothing makes an item", async () => {
    const key = freshKey();

    await update({
      Key: key,
      UpdateExpression: "SET a = :a",
      ExpressionAttributeValues: { ":a": { S: "1" } },
    });

    expect(await get(key)).toEqual({ ...key, a: { S: "1" } });
  });

  test.each<[ReturnValue, object | undefined]>([
    ["NONE", undefined],
    ["ALL_OLD", { a: { S: "1" }, b: { S: "1" } }],
    ["UPDATED_OLD", { a: { S: "1" } }],
    ["UPDATED_NEW", { a: { S: "2" } }],
  ])("returns %s", async (ReturnValues, expected) => {
    const key = freshKey();
    await put({ Item: { ...key, a: { S: "1" }, b: { S: "1" } } });

    const { Attributes } = await update({
      Key: key,
      UpdateExpression: "SET a = :a",
      ExpressionAttributeValues: { ":a": { S: "2" } },
      ReturnValues,
    });

    expect(Attributes).toEqual(ReturnValues === "ALL_OLD" ? { ...key, ...expected } : expected);
  });

  test("twenty at once all count", async () => {
    const key = freshKey();
    const add = () =>
      update({
        Key: key,
        UpdateExpression: "ADD n :one",
        ExpressionAttributeValues: { ":one": { N: "1" } },
      });

    await Promise.all(Array.from({ length: 20 }, add));

    expect(await get(key)).toEqual({ ...key, n: { N: "20" } });
  });
});

describe("batches", () => {
  test("25 writes and their reads", async () => {
    const keys = Array.from({ length: 25 }, freshKey);

    const written = await house.client.send(
      new BatchWriteItemCommand({
        RequestItems: {
          Audit: keys.map((key) => ({ PutRequest: { Item: { ...key, a: { S: "1" } } } })),
        },
      }),
    );
    const read = await house.client.send(
      new BatchGetItemCommand({ RequestItems: { Audit: { Keys: [...keys, freshKey()] } } }),
    );

    expect(written.UnprocessedItems).toEqual({});
    expect(read.Responses?.Audit).toHaveLength(25);
    expect(read.UnprocessedKeys).toEqual({});
  });

  test.each<[string, number, RegExp]>([
    ["26 writes", 26, /Member must have length less than or equal to 25/],
    ["no write", 0, /Member must have length greater than or equal to 1/],
  ])("%s are refused", async (_what, length, message) => {
    const writes = Array.from({ length }, () => ({ DeleteRequest: { Key: freshKey() } }));

    const refused = house.client.send(
      new BatchWriteItemCommand({ RequestItems: { Audit: writes } }),
    );

    await expect(refused).rejects.toThrow(message);
  });

  test("the same item twice is refused, and nothing of the batch is written", async () => {
    const key = freshKey();
    const put = { PutRequest: { Item: key } };

    const refused = house.client.send(
      new BatchWriteItemCommand({
        RequestItems: { Audit: [put, { DeleteRequest: { Key: key } }] },
      }),
    );

    await expect(refused).rejects.toThrow("Provided list of item keys contains duplicates");
    expect(await get(key)).toBeUndefined();
  });

  test("101 reads are refused", async () => {
    const Keys = Array.from({ length: 101 }, freshKey);

    const refused = house.client.send(
      new BatchGetItemCommand({ RequestItems: { Audit: { Keys } } }),
    );

    await expect(refused).rejects.toThrow(/Too many items requested|less than or equal to 100/);
  });
});

test("consumed capacity is told where it is asked for", async () => {
  const { ConsumedCapacity } = await put({ Item: freshKey(), ReturnConsumedCapacity: "TOTAL" });

  expect(ConsumedCapacity).toEqual({ TableName: "Audit", CapacityUnits: 1 });
});

test("a table may be named by its ARN, and an ARN of elsewhere is no table here", async () => {
  const key = freshKey();
  await put({ Item: key });
  const ask = (TableName: string) => house.client.send(new GetItemCommand({ TableName, Key: key }));

  const { Item } = await ask("arn:aws:dynamodb:us-east-1:000000000000:table/Audit");

  expect(Item).toEqual(key);
  await expect(ask("arn:aws:dynamodb:us-east-1:111111111111:table/Audit")).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});

test("a batch that names a table by its ARN is answered under the ARN", async () => {
  const arn = "arn:aws:dynamodb:us-east-1:000000000000:table/Audit";
  const key = freshKey();
  await put({ Item: key });
  const ask = (RequestItems: Record<string, { Keys: (typeof key)[] }>) =>
    house.client.send(new BatchGetItemCommand({ RequestItems }));

  const { Responses, UnprocessedKeys } = await ask({ [arn]: { Keys: [key] } });

  expect(Responses).toEqual({ [arn]: [key] });
  expect(UnprocessedKeys).toEqual({});
  await expect(ask({ [arn]: { Keys: [key] }, Audit: { Keys: [key] } })).rejects.toMatchObject({
    name: "NotEmulated",
  });
});
