import type { QueryCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { expect, test } from "vitest";
import { queryPartition } from "#adapters/query-partition.ts";

/** A table that gives these pages, whatever it is asked, and remembers what it was asked. */
const tableOf = (...pages: readonly (readonly object[])[]) => {
  const asked: unknown[] = [];
  const send = (command: QueryCommand) => {
    const page = asked.push(command.input);
    return Promise.resolve({
      Items: (pages[page - 1] ?? []).map((item) => marshall(item)),
      ...(page < pages.length ? { LastEvaluatedKey: { PK: { S: "next" } } } : {}),
    });
  };
  return { client: { send } as unknown as Parameters<typeof queryPartition>[0], asked };
};

const LAMP = { PK: "HOME#a", SK: "DEVICE#lamp", home: "a" };

test("a partition is read page by page, strongly consistent", async () => {
  const { client, asked } = tableOf([LAMP], [{ PK: "HOME#a", SK: "META" }]);

  const items = await queryPartition(client, "t", { partition: "HOME#a", prefix: "D", home: "a" });

  expect(items).toEqual([LAMP, { PK: "HOME#a", SK: "META" }]);
  expect(asked).toMatchObject([
    {
      TableName: "t",
      KeyConditionExpression: "PK = :partition AND begins_with(SK, :prefix)",
      ExpressionAttributeValues: { ":partition": { S: "HOME#a" }, ":prefix": { S: "D" } },
      ConsistentRead: true,
    },
    { ExclusiveStartKey: { PK: { S: "next" } } },
  ]);
});

// REQ: stale-looks
test("a partition is read as it may have been a moment ago, where that is enough", async () => {
  const { client, asked } = tableOf([LAMP]);

  await queryPartition(client, "t", { partition: "HOME#a", home: "a", mayBeStale: true });

  expect(asked).toMatchObject([{ ConsistentRead: false }]);
});

test("whether an item is there is asked without what is in it", async () => {
  const { client, asked } = tableOf([LAMP]);

  const items = await queryPartition(client, "t", {
    partition: "HOME#a",
    home: "a",
    onlyKeys: true,
  });

  expect(items).toEqual([LAMP]);
  expect(asked).toMatchObject([{ ProjectionExpression: "PK, SK, home" }]);
});

test("a partition is read from a sort key on", async () => {
  const { client, asked } = tableOf([LAMP]);

  await queryPartition(client, "t", { partition: "HOME#a", since: "2026-11", home: "a" });

  expect(asked).toMatchObject([
    {
      KeyConditionExpression: "PK = :partition AND SK >= :since",
      ExpressionAttributeValues: { ":partition": { S: "HOME#a" }, ":since": { S: "2026-11" } },
    },
  ]);
});

test.each([
  ["of another partition", { ...LAMP, PK: "HOME#b" }],
  ["of a partition that begins alike", { ...LAMP, PK: "HOME#a_b" }],
  ["that says another home", { ...LAMP, home: "b" }],
])("an item %s is an error, and none is given", async (_, foreign) => {
  const { client } = tableOf([LAMP], [foreign]);

  await expect(
    queryPartition(client, "t", { partition: "HOME#a", home: "a" }),
  ).rejects.toMatchObject({ code: "RecordInvalid" });
});
