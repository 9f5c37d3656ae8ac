import validations from "dynalite/validations/index.js";
import putItemCheck from "dynalite/validations/putItem.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { CHECKING_STORE } from "#local/dynamodb/store/dynalite-store.ts";
import { isPlainItem } from "#local/dynamodb/store/plain-item.ts";

/** What dynalite makes of an item, with all of its checks. */
const checked = (item: unknown): unknown => {
  const data = validations.checkTypes(
    { TableName: "Audit", Item: structuredClone(item) },
    putItemCheck.types,
  );
  validations.checkValidations(data, putItemCheck.types, putItemCheck.custom, CHECKING_STORE);
  return data.Item;
};

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
const numberText = fc.oneof(
  fc.double({ noNaN: true }).map(String),
  fc.integer().map(String),
  fc.stringMatching(/^-?[0-9]{1,16}(\.[0-9]{1,16})?$/),
  fc.constantFrom("-0", "0.0", "1e3", "007", "+1", "", " 1", "1.", ".5", "1".repeat(40)),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.record({ S: fc.string() }),
    fc.record({ N: numberText }),
    fc.record({
      B: fc.oneof(fc.uint8Array({ maxLength: 7 }).map(base64), fc.base64String(), fc.string()),
    }),
    fc.record({ BOOL: fc.boolean() }),
    fc.record({ NULL: fc.boolean() }),
    fc.record({ L: fc.array(tie("value"), { maxLength: 3 }) }),
    fc.record({ M: fc.dictionary(fc.string(), tie("value"), { maxKeys: 3 }) }),
    fc.record({ SS: fc.array(fc.string(), { maxLength: 2 }) }),
    fc.record({ S: fc.string(), N: numberText }),
    fc.constantFrom({}, { S: 1 }, { X: "x" }, { BOOL: "true" }, null, "text"),
  ),
}));

test("nothing is wrong with an item that is called plain, and dynalite would not change it", () => {
  let plain = 0;

  fc.assert(
    fc.property(fc.dictionary(fc.string(), value, { maxKeys: 4 }), (item) => {
      if (!isPlainItem(item)) return;
      plain += 1;
      expect(checked(item)).toEqual(item);
    }),
    { numRuns: 3_000, seed: 18 },
  );

  expect(plain).toBeGreaterThan(300);
});

test.each([
  [
    "an audit record's kinds",
    { PK: { S: "a" }, n: { N: "-12.5" }, l: { L: [{ NULL: true }] } },
    true,
  ],
  ["a number with an exponent", { n: { N: "1e3" } }, false],
  ["a number with a zero too many", { n: { N: "1.50" } }, false],
  ["minus zero", { n: { N: "-0" } }, false],
  ["a number of fifteen digits", { n: { N: "123456789012345" } }, false],
  ["a set", { s: { SS: ["a"] } }, false],
  ["bytes", { b: { B: "AA==" } }, true],
  ["bytes whose last digit says more than they hold", { b: { B: "AB==" } }, false],
  ["no bytes", { b: { B: "" } }, false],
  ["two types at once", { x: { S: "a", N: "1" } }, false],
  ["no type", { x: {} }, false],
  ["a name of no letters", { "": { S: "a" } }, false],
  ["more than 200 KB", { x: { S: "x".repeat(201 * 1024) } }, false],
])("%s", (_, item, isPlain) => {
  expect(isPlainItem(item)).toBe(isPlain);
});
