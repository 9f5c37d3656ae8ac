import action from "dynalite/actions/batchGetItem.js";
import check from "dynalite/validations/batchGetItem.js";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BATCH_GET_ITEM } from "#local/dynamodb/items/batch-get-item.ts";
import { batchPermissions } from "#local/dynamodb/items/batch-permissions.ts";
import { PUT_ITEM } from "#local/dynamodb/items/put-item.ts";
import { checkRequest } from "#local/dynamodb/store/check-request.ts";
import { runDynalite } from "#local/dynamodb/store/dynalite-store.ts";
import { dynamoDbOperation } from "#local/dynamodb/store/operation.ts";
import type { Store } from "#local/dynamodb/store/store.ts";
import { CREATE_TABLE } from "#local/dynamodb/tables/create-table.ts";
import { answered, openAuditStore } from "./answered.ts";
import { AUDIT_TABLE } from "./test-table.ts";

/** BatchGetItem as dynalite carries it out. */
const OF_DYNALITE = dynamoDbOperation({
  name: "BatchGetItem",
  check: (raw) => checkRequest("BatchGetItem", raw, check),
  permissions: batchPermissions("BatchGetItem"),
  run: ({ store, data }) => runDynalite(action, store, data),
});

let store: Store;
beforeAll(async () => {
  store = await openAuditStore();
  await answered(CREATE_TABLE, store, { ...AUDIT_TABLE, TableName: "Other" });
});
afterAll(() => store.close());

const put = (TableName: string, sk: string, more: object = {}) =>
  answered(PUT_ITEM, store, { TableName, Item: { pk: { S: "run" }, sk: { S: sk }, ...more } });

const keys = fc.subarray<object>(
  [
    ...["1", "2", "é", "missing"].map((sk) => ({ pk: { S: "run" }, sk: { S: sk } })),
    { pk: { S: "none" }, sk: { S: "1" } },
    { sk: { S: "1" }, pk: { S: "run" } },
  ],
  { minLength: 1 },
);
const wrongKeys = fc.constantFrom<readonly object[]>(
  [],
  [{ pk: { S: "run" } }],
  [{ pk: { S: "run" }, sk: { N: "1" } }],
  [{ pk: { S: "" }, sk: { S: "1" } }],
  [{ pk: { S: "run" }, sk: { S: "1" }, day: { S: "x" } }],
);
const table = fc
  .tuple(
    fc.oneof({ weight: 8, arbitrary: keys }, { weight: 1, arbitrary: wrongKeys }),
    fc.oneof(
      fc.constantFrom({}, { ConsistentRead: true }, { ConsistentRead: false }),
      fc.constantFrom<object>(
        { ProjectionExpression: "outcome, sk" },
        { AttributesToGet: ["sk"] },
        { ProjectionExpression: "#a", ExpressionAttributeNames: { "#a": "at" } },
        { ProjectionExpression: "pk.x" },
      ),
    ),
  )
  .map(([Keys, more]) => ({ Keys, ...more }));
const request = fc
  .tuple(
    fc.oneof(
      { weight: 8, arbitrary: fc.record({ Audit: table, Other: table }, { requiredKeys: [] }) },
      { weight: 1, arbitrary: fc.record({ Audit: table, Missing: table }) },
    ),
    fc.constantFrom<object>({}, {}, {}, { ReturnConsumedCapacity: "TOTAL" }),
  )
  .map(([RequestItems, more]) => ({ RequestItems, ...more }));

/** An answer with its items in one order: theirs is none. */
const inOrder = (answer: string): unknown => {
  const value = JSON.parse(answer) as { readonly Responses?: Record<string, readonly object[]> };
  const sorted = Object.entries(value.Responses ?? {}).map(([name, items]) => [
    name,
    items.map((item) => JSON.stringify(item)).toSorted(),
  ]);
  return value.Responses === undefined ? value : { ...value, Responses: sorted };
};

test("BatchGetItem answers and refuses as it does when dynalite carries it out", async () => {
  await put("Audit", "1", {
    at: { N: "1e3" },
    outcome: { M: { "2": { S: "\ud800" }, "1": { B: "AA==" } } },
  });
  await put("Audit", "2", { outcome: { L: [{ S: "ä\u0000" }] } });
  await put("Audit", "é");
  await put("Other", "1", { outcome: { S: "other" } });
  const requests = fc.sample(request, { numRuns: 1_000, seed: 18 });

  const ours = await Promise.all(requests.map((one) => answered(BATCH_GET_ITEM, store, one)));
  const theirs = await Promise.all(requests.map((one) => answered(OF_DYNALITE, store, one)));

  expect(ours.map(inOrder)).toEqual(theirs.map(inOrder));
  expect(theirs.filter((answer) => answer.includes('[{"')).length).toBeGreaterThan(100);
  expect(theirs.filter((answer) => answer.includes("ValidationEx")).length).toBeGreaterThan(100);
});

test("a batch of more than an answer holds leaves as many keys over as dynalite does", async () => {
  const large = ["a", "b", "c", "d", "e"];
  for (const sk of large) await put("Audit", sk, { text: { S: "x".repeat(350_000) } });
  const asked = {
    RequestItems: { Audit: { Keys: large.map((sk) => ({ pk: { S: "run" }, sk: { S: sk } })) } },
  };
  const left = async (operation: typeof BATCH_GET_ITEM): Promise<number> => {
    const { UnprocessedKeys } = JSON.parse(await answered(operation, store, asked)) as {
      readonly UnprocessedKeys: { readonly Audit: { readonly Keys: readonly object[] } };
    };
    return UnprocessedKeys.Audit.Keys.length;
  };

  expect(await left(BATCH_GET_ITEM)).toBe(1);
  expect(await left(OF_DYNALITE)).toBe(1);
});

test("the order of a batch is none", async () => {
  const names = Array.from({ length: 40 }, (_, n) => String(100 + n));
  for (const sk of names) await put("Other", sk);
  const asked = {
    RequestItems: { Other: { Keys: names.map((sk) => ({ pk: { S: "run" }, sk: { S: sk } })) } },
  };

  const answers = [
    await answered(BATCH_GET_ITEM, store, asked),
    await answered(BATCH_GET_ITEM, store, asked),
  ];

  expect(answers[0]).not.toBe(answers[1]);
  expect(inOrder(answers[0] ?? "")).toEqual(inOrder(answers[1] ?? ""));
});
