import type { DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { expect, test, vi } from "vitest";
import { queryPages } from "#adapters/sdk/query-pages.ts";

/** A table of three pages of one item each, which tells what it was asked. */
const tableOfThree = () => {
  const asked: unknown[] = [];
  const send = vi.fn(async ({ input }: QueryCommand) => {
    asked.push([input.Limit, input.ExclusiveStartKey?.SK?.S]);
    const at = asked.length;
    return {
      Items: [{ SK: { S: `${at}` } }],
      ...(at < 3 ? { LastEvaluatedKey: { SK: { S: `${at}` } } } : {}),
    };
  });
  return { asked, client: { send } as unknown as Pick<DynamoDBClient, "send"> };
};

test("a query is read page by page to its end, each page asked for with what is left by then", async () => {
  const { asked, client } = tableOfThree();
  const read: unknown[] = [];

  const pages = queryPages(client, () => ({ TableName: "audit", Limit: 10 - read.length }));
  for await (const { Items = [] } of pages) read.push(...Items.map(({ SK }) => SK?.S));

  expect(read).toEqual(["1", "2", "3"]);
  expect(asked).toEqual([
    [10, undefined],
    [9, "1"],
    [8, "2"],
  ]);
});

test("who has seen enough asks for no further page", async () => {
  const { asked, client } = tableOfThree();

  for await (const { LastEvaluatedKey } of queryPages(client, () => ({ TableName: "audit" }))) {
    if (LastEvaluatedKey?.SK?.S === "2") break;
  }

  expect(asked).toEqual([
    [undefined, undefined],
    [undefined, "1"],
  ]);
});
