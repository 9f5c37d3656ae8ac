import deleteItemCheck from "dynalite/validations/deleteItem.js";
import putItemCheck from "dynalite/validations/putItem.js";
import { expect, test } from "vitest";
import { checkRequest } from "#local/dynamodb/store/check-request.ts";

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
  const remove = () =>
    checkRequest(
      "DeleteItem",
      { TableName: "Audit", Key: { PK: { S: "a" } }, ConditionExpression: "attribute_exists(PK)" },
      deleteItemCheck,
    );
  put({ ConditionExpression: "attribute_exists(PK)" });

  const first = remove();

  expect(first).toHaveProperty("_condition.expression");
  expect(remove()).toEqual(first);
  expect(() => put(wrong)).toThrowError(expect.objectContaining({ code: "ValidationException" }));
  expect(() => put(wrong)).toThrowError(expect.objectContaining({ code: "ValidationException" }));
});
