import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { REQUIREMENTS } from "../requirements.ts";

const TESTS = join(import.meta.dirname, "..");

/** Every key that a test file cites, with the file. */
const citations = readdirSync(TESTS, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts"))
  .flatMap((file) =>
    [...readFileSync(join(TESTS, file), "utf8").matchAll(/^\s*\/\/ REQ: (.*)$/gm)].map(
      ([, key = ""]) => ({ key: key.trim(), file }),
    ),
  );

test("each requirement is cited by a test", () => {
  const cited = new Set(citations.map(({ key }) => key));

  expect(Object.keys(REQUIREMENTS).filter((key) => !cited.has(key))).toEqual([]);
});

test("no test cites a requirement that does not exist", () => {
  expect(citations.filter(({ key }) => !Object.hasOwn(REQUIREMENTS, key))).toEqual([]);
});
