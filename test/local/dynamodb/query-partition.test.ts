import action from "dynalite/actions/query.js";
import check from "dynalite/validations/query.js";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { byDynalite, readOperation } from "#local/dynamodb/items/item-action.ts";
import { PUT_ITEM } from "#local/dynamodb/items/put-item.ts";
import { QUERY } from "#local/dynamodb/items/query.ts";
import { checkSelect } from "#local/dynamodb/items/select.ts";
import type { Store } from "#local/dynamodb/store/store.ts";
import { CREATE_TABLE } from "#local/dynamodb/tables/create-table.ts";
import { answered, openAuditStore } from "./answered.ts";
import { AUDIT_TABLE } from "./test-table.ts";

/** Query as dynalite carries it out. */
const OF_DYNALITE = readOperation({
  name: "Query",
  check,
  carryOut: byDynalite(action),
  checkMore: (raw) => checkSelect("Query", raw),
});

/** A table with an index that shows keys alone, of a text and a number. */
const RECORDS = {
  ...AUDIT_TABLE,
  TableName: "Records",
  AttributeDefinitions: [
    { AttributeName: "pk", AttributeType: "S" },
    { AttributeName: "sk", AttributeType: "S" },
    { AttributeName: "seal", AttributeType: "S" },
    { AttributeName: "at", AttributeType: "N" },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: "bySeal",
      KeySchema: [
        { AttributeName: "seal", KeyType: "HASH" },
        { AttributeName: "at", KeyType: "RANGE" },
      ],
      Projection: { ProjectionType: "KEYS_ONLY" },
    },
  ],
};

let store: Store;
beforeAll(async () => {
  store = await openAuditStore();
  await answered(CREATE_TABLE, store, RECORDS);
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
  { KeyConditionExpression: "pk = :p AND sk >= :s" },
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

const putRecord = (item: object) => answered(PUT_ITEM, store, { TableName: "Records", Item: item });

const DAYS = Array.from({ length: 8 }, () => ({ S: "day#1" }));
const indexRequest = fc
  .tuple(
    fc.constantFrom<object>(
      { KeyConditionExpression: "seal = :p" },
      { KeyConditionExpression: "seal = :p AND #at >= :n" },
      { KeyConditionExpression: "seal = :p AND #at >= :n" },
      { KeyConditionExpression: "#at >= :n AND :p = seal" },
      { KeyConditionExpression: "seal = :p AND #at > :n" },
      { KeyConditionExpression: "seal = :p AND #at = :n" },
      { KeyConditionExpression: "seal = :p AND #at BETWEEN :n AND :n" },
      { KeyConditionExpression: "seal = :p AND begins_with(#at, :n)" },
      { KeyConditionExpression: "seal = :p AND sk >= :s" },
      { KeyConditionExpression: "seal >= :p" },
      { KeyConditionExpression: "pk = :p" },
    ),
    fc.constantFrom<object>(...DAYS, { S: "dây" }, { S: "" }, { N: "1" }),
    fc.constantFrom<object>(
      { N: "0" },
      { N: "-1.5" },
      { N: "1000" },
      { N: "1e3" },
      { N: "00" },
      { N: "one" },
      { S: "1" },
    ),
    fc.oneof(
      fc.constantFrom({}, { ScanIndexForward: false }, { ConsistentRead: true }),
      fc.record(
        {
          ScanIndexForward: fc.boolean(),
          IndexName: fc.constant("byNothing"),
          Limit: fc.constantFrom(1, 3, 100),
          Select: fc.constantFrom("COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"),
          ReturnConsumedCapacity: fc.constantFrom("TOTAL", "INDEXES", "NONE"),
          FilterExpression: fc.constantFrom("attribute_exists(sk)", "seal = :p"),
          ProjectionExpression: fc.constantFrom("sk", "seal.S"),
        },
        { requiredKeys: [] },
      ),
    ),
  )
  .map(([asked, partition, number, more]) => {
    const text = JSON.stringify(asked);
    return {
      TableName: "Records",
      IndexName: "bySeal",
      ...asked,
      ...(text.includes("#at") ? { ExpressionAttributeNames: { "#at": "at" } } : {}),
      ExpressionAttributeValues: {
        ":p": partition,
        ...(text.includes(":n") ? { ":n": number } : {}),
        ...(text.includes(":s") ? { ":s": { S: "1" } } : {}),
      },
      ...more,
    };
  });

test("Query of an index that shows keys alone answers and refuses as it does when dynalite carries it out", async () => {
  const numbers = ["-20", "-1.5", "0", "0.25", "7", "999.5", "1000", "1764349200000"];
  const partitions = ["day#1", "dây", "another"];
  for (const [n, at] of numbers.entries()) {
    for (const seal of partitions) {
      const own = { pk: { S: `${seal}|"seal":${n}` }, sk: { S: `\\"\ud800 ${at}\u0000"}` } };
      // What is called as a key, within the item, before it and behind it.
      const other = { M: { seal: { S: "x" }, at: { N: "1" }, '"at': { S: '"sk":{"S":"y"}' } } };
      const keys = n % 2 === 0 ? { ...own, seal: { S: seal } } : { seal: { S: seal }, ...own };
      const more = [{}, { z: other }, { '"pk': { S: "z" } }, { text: { S: '"pk":{"S":"z"}' } }];
      await putRecord({ ...more[n % 4], at: { N: at }, ...keys, v: { N: "1" } });
      await putRecord({ ...keys, at: { N: at }, sk: { S: "é" }, ...more[(n + 1) % 4] });
      await putRecord({ ...keys, sk: { S: "of no moment" } });
    }
  }
  const requests = fc.sample(indexRequest, { numRuns: 1_000, seed: 18 });

  const ours = await Promise.all(requests.map((one) => answered(QUERY, store, one)));
  const theirs = await Promise.all(requests.map((one) => answered(OF_DYNALITE, store, one)));

  expect(ours).toEqual(theirs);
  expect(theirs.filter((answer) => answer.includes('"Items":[{')).length).toBeGreaterThan(100);
  expect(theirs.filter((answer) => answer.includes("ValidationEx")).length).toBeGreaterThan(100);
});

test.each([true, false])(
  "pages of an index follow each other as dynalite's do; forward: %s",
  async (forward) => {
    for (let n = 0; n < 2_600; n += 1) {
      const sk = { S: String(n).padStart(700, "s") };
      await putRecord({ pk: { S: "many" }, sk, at: { N: String(n) }, seal: { S: "many" } });
    }
    const asked = {
      TableName: "Records",
      IndexName: "bySeal",
      KeyConditionExpression: "seal = :p AND #at >= :n",
      ExpressionAttributeNames: { "#at": "at" },
      ExpressionAttributeValues: { ":p": { S: "many" }, ":n": { N: "100" } },
      ScanIndexForward: forward,
    };
    const pagesOf = async (operation: typeof QUERY): Promise<readonly string[]> => {
      const pages: string[] = [];
      let from: object = {};
      do {
        const page = await answered(operation, store, { ...asked, ...from });
        pages.push(page);
        const { LastEvaluatedKey } = JSON.parse(page) as { readonly LastEvaluatedKey?: object };
        from = { ExclusiveStartKey: LastEvaluatedKey };
      } while (JSON.stringify(from) !== "{}");
      return pages;
    };

    const ours = await pagesOf(QUERY);

    expect(ours).toEqual(await pagesOf(OF_DYNALITE));
    expect(ours).toHaveLength(2);
  },
);

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
