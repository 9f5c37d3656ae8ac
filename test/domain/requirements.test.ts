import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { REQUIREMENTS } from "../requirements.ts";
import { leadsSomewhere } from "../support/markdown.ts";

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

// Whose pages are specifications or AWS's own documentation, and open to everybody.
const PUBLIC =
  /^https:\/\/(docs\.aws\.amazon\.com|www\.rfc-editor\.org|modelcontextprotocol\.io|owasp\.org)\/\S+$/;

test("each requirement's source is a public page or a section of a document in this repository", () => {
  const sources = Object.entries(REQUIREMENTS).map(([key, { source }]) => ({ key, source }));

  expect(
    sources.filter(
      ({ source }) =>
        !PUBLIC.test(source) && !(/^[^#\s]+\.md#[^#\s]+$/.test(source) && leadsSomewhere(source)),
    ),
  ).toEqual([]);
});
