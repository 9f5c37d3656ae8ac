import deleteItemCheck from "dynalite/validations/deleteItem.js";
import validations from "dynalite/validations/index.js";
import putItemCheck from "dynalite/validations/putItem.js";
import queryCheck from "dynalite/validations/query.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { checkRequest } from "#local/dynamodb/store/check-request.ts";
import { CHECKING_STORE } from "#local/dynamodb/store/dynalite-store.ts";
import { fromDynalite } from "#local/dynamodb/store/dynamo-error.ts";

const put = (more: object) => checkRequest("PutItem", { ...ITEM, ...more }, putItemCheck);
const ITEM = { TableName: "Audit", Item: { PK: { S: "a" } } };

test.each([
  "attribute_not_exists(PK)",
  "attribute_exists(PK) AND NOT attribute_exists(gone.steps[2])",
  "size(PK) > size(SK) OR attribute_exists(PK)",
])("a request whose condition is known is checked as if it were not: %s", (condition) => {
  const first = put({ ConditionExpression: condition });

  const second = put({ ConditionExpression: condition });

  expect(second).toEqual(first);
  expect(second).toHaveProperty("_condition.expression");
  expect(second.ConditionExpression).toBe(condition);
});

test("a known condition excuses nothing that stands beside it", () => {
  const known = { ConditionExpression: "attribute_not_exists(PK)" };
  put(known);

  const refused = [
    { ...known, ExpressionAttributeValues: { ":unused": { S: "x" } } },
    { ...known, ExpressionAttributeNames: { "#unused": "x" } },
    { ...known, Expected: { PK: { Exists: false } } },
    { ...known, ReturnValues: "ALL_NEW" },
    { ...known, Item: { PK: { S: "a", N: "1" } } },
  ];

  for (const request of refused) {
    expect(() => put(request)).toThrowError(
      expect.objectContaining({ code: "ValidationException" }),
    );
  }
});

test("what is wrong is refused as often as it comes, and a known condition is known to other writes, too", () => {
  const wrong = { ConditionExpression: "attribute_not_exists(PK" };
  const forged = { ConditionExpression: 'attribute_not_exists(PK)\nReturnValues "NONE"' };
  const remove = () =>
    checkRequest(
      "DeleteItem",
      { TableName: "Audit", Key: { PK: { S: "a" } }, ConditionExpression: "attribute_exists(PK)" },
      deleteItemCheck,
    );
  put({ ConditionExpression: "attribute_exists(PK)" });
  put({ ConditionExpression: "attribute_not_exists(PK)", ReturnValues: "NONE" });

  const first = remove();

  expect(first).toHaveProperty("_condition.expression");
  expect(remove()).toEqual(first);
  for (const refused of [wrong, wrong, forged]) {
    expect(() => put(refused)).toThrowError(
      expect.objectContaining({ code: "ValidationException" }),
    );
  }
});

// A request with another table's name is another request, which has to be checked by itself.
const inAnotherTable = (request: unknown): string =>
  JSON.stringify(request).replace('"TableName":"Other"', '"TableName":"Audit"');

test.each([
  ["PutItem", "attribute_not_exists(PK) OR #at < :at OR NOT run = :run"],
  ["DeleteItem", "size(run) > :at AND contains(#at, :run)"],
] as const)("a condition of a known %s holds the values of each request: %s", (name, condition) => {
  const checked = (TableName: string, run: string) =>
    checkRequest(
      name,
      {
        TableName,
        ...(name === "PutItem" ? { Item: { PK: { S: run } } } : { Key: { PK: { S: run } } }),
        ConditionExpression: condition,
        ExpressionAttributeNames: { "#at": "at" },
        ExpressionAttributeValues: { ":at": { N: run }, ":run": { S: `run ${run}` } },
      },
      name === "PutItem" ? putItemCheck : deleteItemCheck,
    );
  checked("Audit", "1");

  const known = checked("Audit", "2");

  expect(inAnotherTable(known)).toBe(inAnotherTable(checked("Other", "2")));
  expect(JSON.stringify(known._condition)).toContain('{"S":"run 2"}');
});

test("a key condition of a known query holds the values of each request", () => {
  const checked = (TableName: string, run: string) =>
    checkRequest(
      "Query",
      {
        TableName,
        KeyConditionExpression: ":pk = PK AND begins_with(SK, :sk)",
        ExpressionAttributeValues: { ":pk": { S: run }, ":sk": { S: `ACK#${run}` } },
      },
      queryCheck,
    );
  checked("Audit", "1");

  const known = checked("Audit", "2");

  expect(inAnotherTable(known)).toBe(inAnotherTable(checked("Other", "2")));
  expect(known.KeyConditions).toEqual({
    PK: { ComparisonOperator: "EQ", AttributeValueList: [{ S: "2" }] },
    SK: { ComparisonOperator: "BEGINS_WITH", AttributeValueList: [{ S: "ACK#2" }] },
  });
});

const value = fc.constantFrom<object>(
  ...["1", "2", "-1", "1e1", "x"].map((N) => ({ N })),
  ...["a", "b", "S", ""].map((S) => ({ S })),
  { BOOL: true },
  { S: "a", N: "1" },
);
const request = fc.record(
  {
    TableName: fc.constantFrom("Audit", "Home"),
    Item: fc.record({ PK: value }),
    ConditionExpression: fc.constantFrom(
      "age < :a OR run = :b",
      "age BETWEEN :a AND :b",
      "attribute_type(age, :a) AND age <> :b",
      "begins_with(run, :a) AND size(run) > :b",
      "age IN (:a, :b)",
      ":a = :b",
      "contains(run, :a)",
      "attribute_exists(PK)",
    ),
    ExpressionAttributeValues: fc.record({ ":a": value, ":b": value }),
    ReturnValues: fc.constantFrom("NONE", "ALL_OLD", "ALL_NEW"),
  },
  { requiredKeys: ["TableName", "Item", "ConditionExpression", "ExpressionAttributeValues"] },
);

/** What a check gives, or why it refuses. */
const outcome = (check: () => unknown): string => {
  try {
    return JSON.stringify(check());
  } catch (error) {
    return fromDynalite(error).message;
  }
};

test("a request is checked as dynalite checks it, whatever was known before", () => {
  const requests = fc.sample(request, { numRuns: 3_000, seed: 18 });
  const byDynalite = (raw: object) => {
    const data = validations.checkTypes({ ...structuredClone(raw) }, putItemCheck.types);
    validations.checkValidations(data, putItemCheck.types, putItemCheck.custom, CHECKING_STORE);
    return data;
  };

  const ours = requests.map((one) =>
    outcome(() => checkRequest("PutItem", structuredClone(one), putItemCheck)),
  );

  expect(ours).toEqual(requests.map((one) => outcome(() => byDynalite(one))));
  expect(ours.filter((one) => one.startsWith("{")).length).toBeGreaterThan(300);
});
