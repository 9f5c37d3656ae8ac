import { describe, expect, test } from "vitest";
import { isHomeId, parseHomeId } from "#domain/home/home-id.ts";
import { parseThingPrefix, thingOf } from "#domain/home/home-place.ts";
import { codeOf } from "../code-of.ts";

test.each(["home", "maple_street", "h7k2m4n8p1q3r", "a", "a".repeat(24)])("%s is a home", (id) => {
  expect(parseHomeId(id)).toBe(id);
});

test.each([
  "a#RUN",
  "a-b",
  "A",
  "ä",
  "",
  "a".repeat(25),
  "all",
  "__proto__",
  ["a"],
  "a\u200b",
  "a__b",
  "_a",
  "a_",
  "1a",
  "a b",
  "a/b",
  "*",
  null,
  undefined,
  7,
])("%j is no home", (id) => {
  expect([codeOf(() => parseHomeId(id)), isHomeId(id)]).toEqual(["HomeInvalid", false]);
});

describe("a thing", () => {
  // REQ: home-in-every-key
  test("is its stage, its home and its device", () => {
    const home = parseHomeId("a_b");

    expect([
      thingOf({ home, thingPrefix: parseThingPrefix("") }, "front_door"),
      thingOf({ home, thingPrefix: parseThingPrefix("dev-") }, "front_door"),
    ]).toEqual(["a_b-front_door", "dev-a_b-front_door"]);
  });

  test.each(["dev", "-", "Dev-", "a-b-", "#", "1-", "abcdefghijklm-"])(
    "has no prefix %s",
    (prefix) => {
      expect(codeOf(() => parseThingPrefix(prefix))).toBe("EnvironmentInvalid");
    },
  );
});
