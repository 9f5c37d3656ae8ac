import action from "dynalite/actions/query.js";
import check from "dynalite/validations/query.js";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { byDynalite, readOperation } from "#local/dynamodb/items/item-action.ts";
import { PUT_ITEM } from "#local/dynamodb/items/put-item.ts";
import { QUERY } from "#local/dynamodb/items/query.ts";
import { checkSelect } from "#local/dynamodb/items/select.ts";
import type { Store } from "#local/dynamodb/store/store.ts";
import { answered, openAuditStore } from "./answered.ts";

/** Query as dynalite carries it out. */
const OF_DYNALITE = readOperation({
  name: "Query",
  check,
  carryOut: byDynalite(action),
  checkMore: (raw) => checkSelect("Query", raw),
});

let store: Store;
beforeAll(async () => {
  store = await openAuditStore();
});
afterAll(() => store.close());

const put = (pk: string, sk: string, more: object = {}) =>
  answered(PUT_ITEM, store, {
    TableName: "Audit",
    Item: { pk: { S: pk }, sk: { S: sk }, day: { S: "monday" }, at: { N: "1" }, ...more },
  });

const RUNS = Array.from({ length: 8 }, () => ({ S: "run" }));
const condition = fc.constantFrom<object>(
  { KeyConditionExpression: "pk = :p" },
  { KeyConditionExpression: "pk = :p AND begins_with(sk, :s)" },
  { KeyConditionExpression: "begins_with(#sk, :s) AND :p = pk" },
  { KeyConditionExpression: "pk = :p AND sk = :s" },
  { KeyConditionExpression: "pk = :p AND sk < :s" },
  { KeyConditionExpression: "pk = :p AND sk BETWEEN :s AND :s" },
  { KeyConditionExpression: "pk = :p AND begins_with(outcome, :s)" },
  { KeyConditionExpression: "begins_with(pk, :p)" },
  { KeyConditionExpression: "device = :p" },
  {
    KeyConditions: {
      pk: { ComparisonOperator: "EQ", AttributeValueList: [{ S: "run" }] },
      sk: { ComparisonOperator: "BEGINS_WITH", AttributeValueList: [{ S: "ACK" }] },
    },
  },
);
const request = fc
  .tuple(
    condition,
    fc.constantFrom<object>(...RUNS, { S: "rün" }, { S: "none" }, { S: "" }, { N: "1" }),
    fc.constantFrom({ S: "ACK#" }, { S: "ACK" }, { S: "é" }, { S: "" }, { B: "AA==" }),
    fc.oneof(
      { weight: 2, arbitrary: fc.constant({}) },
      {
        weight: 1,
        arbitrary: fc.record(
          {
            ScanIndexForward: fc.boolean(),
            ConsistentRead: fc.boolean(),
            IndexName: fc.constantFrom("byDay", "byNothing"),
            Limit: fc.constantFrom(1, 3, 100),
            Select: fc.constantFrom("COUNT", "ALL_ATTRIBUTES"),
            ReturnConsumedCapacity: fc.constantFrom("TOTAL", "INDEXES", "NONE"),
            FilterExpression: fc.constantFrom("attribute_exists(outcome)", "pk = :p"),
            ProjectionExpression: fc.constantFrom("sk", "outcome"),
            ExclusiveStartKey: fc.constant({ pk: { S: "run" }, sk: { S: "ACK#2" } }),
            TableName: fc.constant("Missing"),
          },
          { requiredKeys: [] },
        ),
      },
    ),
  )
  .map(([asked, partition, sortKey, more]) => {
    const text = JSON.stringify(asked);
    const values = {
      ...(text.includes(":p") ? { ":p": partition } : {}),
      ...(text.includes(":s") ? { ":s": sortKey } : {}),
    };
    return {
      TableName: "Audit",
      ...asked,
      ...(text.includes("#sk") ? { ExpressionAttributeNames: { "#sk": "sk" } } : {}),
      ...(Object.keys(values).length > 0 ? { ExpressionAttributeValues: values } : {}),
      ...more,
    };
  });

test("Query answers and refuses as it does when dynalite carries it out", async () => {
  for (const sk of ["ACK", "ACK#1", "ACK#10", "ACK#2", "ACKé", "RUN", "é"]) await put("run", sk);
  await put("run", "TEXT", {
    outcome: { M: { "2": { S: "\ud800" }, "1": { L: [{ S: "ä\u0000" }] } } },
  });
  await put("rün", "é", { "": { S: "x" }, outcome: { N: "1e3" } });
  const requests = fc.sample(request, { numRuns: 1_000, seed: 18 });

  const ours = await Promise.all(requests.map((one) => answered(QUERY, store, one)));
  const theirs = await Promise.all(requests.map((one) => answered(OF_DYNALITE, store, one)));

  expect(ours).toEqual(theirs);
  expect(theirs.filter((answer) => answer.includes('"Items":[{')).length).toBeGreaterThan(100);
  expect(theirs.filter((answer) => answer.includes("ValidationEx")).length).toBeGreaterThan(100);
});

test.each([
  ["many small items", 3_100, 300],
  ["some large ones", 12, 90_000],
  ["with sort keys of a kilobyte", 270, 3_000],
])("a page ends where it does when dynalite ends it: %s", async (name, count, size) => {
  const partition = `of ${name}`;
  const sortKey = (n: number) => String(n).padStart(size === 3_000 ? 1_024 : 6, "0");
  for (let n = 0; n < count; n += 1) {
    await put(partition, sortKey(n), { text: { S: "x".repeat(size) }, n: { N: String(n) } });
  }
  const asked = (from: string) => ({
    TableName: "Audit",
    KeyConditionExpression: "pk = :p AND begins_with(sk, :s)",
    ExpressionAttributeValues: { ":p": { S: partition }, ":s": { S: from } },
  });

  for (const from of ["0", sortKey(count).slice(0, -2), sortKey(count).slice(0, -3)]) {
    const ours = await answered(QUERY, store, asked(from));
    expect(ours === (await answered(OF_DYNALITE, store, asked(from)))).toBe(true);
  }
  const whole = await answered(QUERY, store, asked("0"));
  expect(whole.includes("LastEvaluatedKey")).toBe(true);
});
