import action from "dynalite/actions/putItem.js";
import check from "dynalite/validations/putItem.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { byDynalite, writeOperation } from "#local/dynamodb/items/item-action.ts";
import { PUT_ITEM } from "#local/dynamodb/items/put-item.ts";
import { TRANSACT_WRITE_ITEMS } from "#local/dynamodb/items/transact-write-items.ts";
import type { DynamoDbOperation } from "#local/dynamodb/store/operation.ts";
import type { Store } from "#local/dynamodb/store/store.ts";
import { answered, openAuditStore } from "./answered.ts";

/** PutItem as dynalite carries it out. */
const OF_DYNALITE = writeOperation({ name: "PutItem", check, carryOut: byDynalite(action) });

const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values);
/** What is mostly one of the first and seldom one of the second, at which something is wrong. */
const mostly = <T>(right: readonly T[], wrong: readonly T[]) =>
  fc.oneof({ weight: 15, arbitrary: oneOf(...right) }, { weight: 1, arbitrary: oneOf(...wrong) });
const long = "ä".repeat(600);
const item = fc.record(
  {
    pk: mostly([{ S: "a" }, { S: "ä" }], [{ S: "" }, { N: "1" }, { S: `${long}${long}` }]),
    sk: mostly([{ S: "1" }, { S: "2" }, { S: "3" }], [{ S: long }, { B: "AA==" }]),
    day: mostly([{ S: "monday" }, { S: "tuesday" }], [{ S: "" }, { N: "1" }]),
    at: mostly([{ N: "1" }, { N: "-2.5" }, { N: "1e3" }, { N: "007" }], [{ S: "noon" }]),
    device: mostly([{ S: "lamp" }, { S: "lock" }], [{ S: `${long}${long}` }]),
    outcome: oneOf({ S: "done" }, { M: { "2": { L: [] }, "1": { NULL: true } } }, { SS: ["x"] }),
    goneAt: oneOf({ N: "1" }, { N: "4102444800" }, { S: "soon" }),
    text: mostly([{ S: "x".repeat(3000) }, { S: "\ud800" }], [{ S: "x", N: "1" }]),
  },
  { requiredKeys: ["pk", "sk"] },
);
const request = fc
  .tuple(
    mostly(["Audit"], ["Missing"]),
    fc.oneof({ weight: 20, arbitrary: item }, { weight: 1, arbitrary: oneOf({}, { pk: {} }) }),
    oneOf<object>(
      {},
      { ConditionExpression: "attribute_not_exists(pk)" },
      { ConditionExpression: "attribute_exists(pk)" },
      {
        ConditionExpression: "attribute_not_exists(pk) OR #at < :at",
        ExpressionAttributeNames: { "#at": "at" },
        ExpressionAttributeValues: { ":at": { N: "0" } },
      },
      {
        ConditionExpression: "outcome = :done",
        ExpressionAttributeValues: { ":done": { S: "done" } },
      },
      { ConditionExpression: "attribute_not_exists(" },
      { Expected: { outcome: { Exists: false } } },
    ),
    fc.record(
      {
        ReturnValues: mostly(["ALL_OLD", "NONE"], ["ALL_NEW"]),
        ReturnConsumedCapacity: oneOf("TOTAL", "INDEXES", "NONE"),
        ReturnItemCollectionMetrics: oneOf("SIZE", "NONE"),
        ReturnValuesOnConditionCheckFailure: oneOf("ALL_OLD", "NONE"),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([TableName, Item, condition, more]) => ({
    TableName,
    Item,
    ...condition,
    ...more,
  }));

/** All that a table holds, in the orders in which it is read. */
const content = (store: Store) => {
  const table = store.table("Audit");
  if (table === undefined) throw new Error("no table");
  return {
    items: [...store.readTable(table, {})],
    byDay: [...store.readIndex(table, "byDay", {})],
    byDevice: [...store.readIndex(table, "byDevice", {})],
    expiring: store.expired(5_000_000_000, 100).map(({ key }) => key),
    count: store.itemCount(table),
  };
};

test("PutItem answers, refuses and stores what it does when dynalite carries it out", async () => {
  const requests = fc.sample(request, { numRuns: 1_000, seed: 18 });
  const stores = [await openAuditStore(), await openAuditStore()] as const;
  const answers = (store: Store, operation: DynamoDbOperation) =>
    Promise.all(requests.map((one) => answered(operation, store, one)));

  const [ours, theirs] = [
    await answers(stores[0], PUT_ITEM),
    await answers(stores[1], OF_DYNALITE),
  ];

  expect(ours).toEqual(theirs);
  expect(content(stores[0])).toEqual(content(stores[1]));
  const kinds = ["ConsumedCapacity", "Attributes", "ConditionalCheckFailed", "ValidationException"];
  for (const kind of kinds) {
    expect(theirs.filter((answer) => answer.includes(kind)).length).toBeGreaterThan(50);
  }
  for (const store of stores) store.close();
});

/** What became of a put: nothing else, why it was refused, or the condition with the item that did not meet it. */
const outcomeOf = (answer: string): unknown => {
  const { code, fields } = JSON.parse(answer) as {
    readonly code?: string;
    readonly fields?: {
      readonly Item?: unknown;
      readonly CancellationReasons?: readonly { readonly Code: string; readonly Item?: unknown }[];
    };
  };
  const [reason] = fields?.CancellationReasons ?? [];
  const why = (reason?.Code ?? code)?.replace(/Exception|Error/g, "");
  return why === "ConditionalCheckFailed" ? [why, reason?.Item ?? fields?.Item] : why;
};

test("a transaction of one Put refuses and stores what PutItem does when dynalite carries it out", async () => {
  const requests = fc
    .sample(request, { numRuns: 1_000, seed: 19 })
    .filter((one) => !("Expected" in one))
    .map((one) => ({
      ...one,
      ReturnValues: undefined,
      ReturnConsumedCapacity: undefined,
      ReturnItemCollectionMetrics: undefined,
    }));
  const stores = [await openAuditStore(), await openAuditStore()] as const;

  const ours = await Promise.all(
    requests.map((Put) => answered(TRANSACT_WRITE_ITEMS, stores[0], { TransactItems: [{ Put }] })),
  );
  const theirs = await Promise.all(requests.map((one) => answered(OF_DYNALITE, stores[1], one)));

  expect(ours.map(outcomeOf)).toEqual(theirs.map(outcomeOf));
  expect(content(stores[0])).toEqual(content(stores[1]));
  expect(
    theirs.filter((answer) => answer.includes("ConditionalCheckFailed")).length,
  ).toBeGreaterThan(50);
  for (const store of stores) store.close();
});
