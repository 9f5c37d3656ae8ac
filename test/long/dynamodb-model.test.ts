import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createAuditTable, startTestDynamoDb } from "../local/dynamodb/test-table.ts";

interface Item {
  readonly pk: string;
  readonly sk: string;
  readonly day?: string;
  readonly at?: number;
}

// Few values, so that keys meet; letters whose order in UTF-8 and in UTF-16 differs, and numbers that sort as text wrongly.
const pk = fc.constantFrom("a", "b");
const sk = fc
  .constantFrom("", "1", "10", "2", "é", "\u{1F3E0}", "\uFF5E", "/", "~")
  .filter((s) => s !== "");
const day = fc.constantFrom("mon", "tue");
const at = fc.constantFrom(-100, -99.5, -1, 0, 0.25, 9, 10, 1e6);
const item = fc.record({ pk, sk, day, at }, { requiredKeys: ["pk", "sk"] });
const step = fc.oneof(
  fc.record({
    kind: fc.constant("put" as const),
    items: fc.array(item, { minLength: 1, maxLength: 1 }),
  }),
  fc.record({
    kind: fc.constant("delete" as const),
    items: fc.array(item, { minLength: 1, maxLength: 1 }),
  }),
  fc.record({
    kind: fc.constant("move" as const),
    items: fc.array(item, { minLength: 1, maxLength: 1 }),
  }),
  fc.record({
    kind: fc.constant("transact" as const),
    items: fc.uniqueArray(item, { minLength: 1, maxLength: 4, selector: (i) => `${i.pk}/${i.sk}` }),
  }),
);

const attributes = ({ pk: p, sk: s, day: d, at: a }: Item): Record<string, AttributeValue> => ({
  pk: { S: p },
  sk: { S: s },
  ...(d === undefined ? {} : { day: { S: d } }),
  ...(a === undefined ? {} : { at: { N: String(a) } }),
});

const keyOf = ({ pk: p, sk: s }: Item) => ({ pk: { S: p }, sk: { S: s } });

const queryAll = async (
  client: DynamoDBClient,
  hash: { readonly name: string; readonly value: string },
  options: { readonly index?: string; readonly limit: number; readonly forward: boolean },
) => {
  const found: Record<string, AttributeValue>[] = [];
  let start: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: "Audit",
        KeyConditionExpression: "#h = :h",
        ExpressionAttributeNames: { "#h": hash.name },
        ExpressionAttributeValues: { ":h": { S: hash.value } },
        Limit: options.limit,
        ScanIndexForward: options.forward,
        ...(options.index === undefined ? {} : { IndexName: options.index }),
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    found.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return found;
};

const compareBytes = (a: string, b: string): number =>
  Buffer.compare(Buffer.from(a), Buffer.from(b));

test("tables and indexes hold what a map would hold, in the order of bytes and numbers", async () => {
  const house = await startTestDynamoDb();
  await createAuditTable(house.client);
  const { client } = house;
  const model = new Map<string, Item>();
  const id = (one: Item): string => JSON.stringify([one.pk, one.sk]);

  const apply = async ({
    kind,
    items,
  }: {
    kind: string;
    items: readonly Item[];
  }): Promise<void> => {
    const [one] = items;
    if (one === undefined) return;
    if (kind === "put") {
      await client.send(new PutItemCommand({ TableName: "Audit", Item: attributes(one) }));
      model.set(id(one), one);
    } else if (kind === "delete") {
      await client.send(new DeleteItemCommand({ TableName: "Audit", Key: keyOf(one) }));
      model.delete(id(one));
    } else if (kind === "move") {
      const where = one.at ?? 5;
      await client.send(
        new UpdateItemCommand({
          TableName: "Audit",
          Key: keyOf(one),
          UpdateExpression: "SET #a = :a REMOVE device",
          ExpressionAttributeNames: { "#a": "at" },
          ExpressionAttributeValues: { ":a": { N: String(where) } },
        }),
      );
      model.set(id(one), { ...(model.get(id(one)) ?? { pk: one.pk, sk: one.sk }), at: where });
    } else {
      // One condition that fails where the last item is there already.
      const failing = items.at(-1) ?? one;
      const expected = !model.has(id(failing));
      const done = await client
        .send(
          new TransactWriteItemsCommand({
            TransactItems: items.map((each) => ({
              Put: {
                TableName: "Audit",
                Item: attributes(each),
                ...(each === failing ? { ConditionExpression: "attribute_not_exists(pk)" } : {}),
              },
            })),
          }),
        )
        .then(
          () => true,
          () => false,
        );
      expect(done).toBe(expected);
      if (done) for (const each of items) model.set(id(each), each);
    }
  };

  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 12 }),
      fc.integer({ min: 1, max: 5 }),
      fc.boolean(),
      async (steps, limit, forward) => {
        for (const one of steps) await apply(one);

        const all = [...model.values()];
        for (const p of ["a", "b"]) {
          const sorted = all.filter((one) => one.pk === p).sort((x, y) => compareBytes(x.sk, y.sk));
          const expected = (forward ? sorted : sorted.toReversed()).map(attributes);
          const found = await queryAll(client, { name: "pk", value: p }, { limit, forward });
          expect(found).toEqual(expected);
        }
        for (const d of ["mon", "tue"]) {
          const found = await queryAll(
            client,
            { name: "day", value: d },
            { index: "byDay", limit, forward },
          );
          const numbers = found.map((each) => Number(each.at?.N));
          const expected = all.filter((one) => one.day === d && one.at !== undefined);
          expect(numbers).toEqual(numbers.toSorted((x, y) => (forward ? x - y : y - x)));
          expect(found.map((each) => JSON.stringify(each)).sort()).toEqual(
            expected.map((each) => JSON.stringify(attributes(each))).sort(),
          );
        }
      },
    ),
    { numRuns: 150 },
  );
  await house.close();
}, 60_000);
