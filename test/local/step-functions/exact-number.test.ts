import { afterEach, describe, expect, test, vi } from "vitest";
import { parseExactly } from "#local/step-functions/values/exact-number.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** With how many arguments the text was parsed: with a second one each number is looked at. */
const looksCloser = (text: string): boolean => {
  const parse = vi.spyOn(JSON, "parse");
  parseExactly(text);
  return parse.mock.calls.some(([, revive]) => revive !== undefined);
};

describe.each([
  "9007199254740993",
  "-9007199254740993",
  "9223372036854775808",
  "1234567890123456.5",
  "1e19",
  "-1.5E+19",
  "12345678901234567e3",
])("the number %s is looked at", (number) => {
  test.each([
    ["by itself", (n: string) => n],
    ["between blanks", (n: string) => `\n ${n}\t`],
    ["as a member", (n: string) => `{"a":${n}}`],
    ["as a member behind a blank", (n: string) => `{"a": ${n} , "b":1}`],
    ["as an item", (n: string) => `[${n}]`],
    ["as the second item", (n: string) => `[1,${n},2]`],
  ])("%s", (_, around) => {
    expect(looksCloser(around(number))).toBe(true);
  });
});

test.each([
  ["hashes", '["sha256:2e45ab","sha256:1234567890123456","sha256:12e34","12e5"]'],
  ["ids and words", '{"id":"run_1234567890123456789","at":1732829349123,"said":"5e of 7, 3e"}'],
  ["fractions", "[0.12345678901234567,21.5,-3]"],
])("%s are read at once", (_, text) => {
  expect(looksCloser(text)).toBe(false);
});
