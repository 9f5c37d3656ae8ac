import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson, isObject, type Json } from "#domain/json.ts";

test.each<[Json, string]>([
  [null, "null"],
  [true, "true"],
  [-0, "0"],
  [1e21, "1e+21"],
  [0.1, "0.1"],
  ['a\n"\\/é🌙', '"a\\n\\"\\\\/é🌙"'],
  [[], "[]"],
  [{}, "{}"],
  [[3, 1, [2, { b: 1, a: 2 }]], '[3,1,[2,{"a":2,"b":1}]]'],
  [{ b: { d: 1, c: 2 }, a: null }, '{"a":null,"b":{"c":2,"d":1}}'],
  [{ "10": 1, "9": 2, "": 3 }, '{"":3,"10":1,"9":2}'],
])("%j is written %s", (value, text) => {
  expect(canonicalJson(value)).toBe(text);
});

test("keys are sorted by UTF-16 code units, as in the example of RFC 8785", () => {
  const value = {
    "\u20ac": 1,
    "\r": 2,
    "\ufb33": 3,
    "1": 4,
    "\u{1f600}": 5,
    "\u0080": 6,
    "\u00f6": 7,
  };

  expect(Object.values(JSON.parse(canonicalJson(value)) as object)).toHaveLength(7);
  expect(canonicalJson(value)).toBe(
    '{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"\u{1f600}":5,"\ufb33":3}',
  );
});

const reversed = (value: Json): Json => {
  if (Array.isArray(value)) return value.map((item: Json) => reversed(item));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value as Readonly<Record<string, Json>>)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  );
};

test("the text does not depend on the order of keys, and reads back as the value", () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (given) => {
      const value = JSON.parse(JSON.stringify(given)) as Json;

      const text = canonicalJson(value);

      expect(canonicalJson(reversed(value))).toBe(text);
      expect(JSON.parse(text)).toEqual(value);
    }),
  );
});

test.each([
  [{}, true],
  [{ a: 1 }, true],
  [[], false],
  [null, false],
  [undefined, false],
  ["x", false],
  [1, false],
])("%j is an object: %s", (value, expected) => {
  expect(isObject(value)).toBe(expected);
});
