import { describe, expect, test } from "vitest";
import { commitmentOf, jcs, makeLeaf, parseLeaf, recordHashOf } from "#domain/log/leaf.ts";
import { kindOfRecord } from "#domain/log/record-kind.ts";
import { toHex } from "#domain/sha256.ts";
import { codeOf } from "../code-of.ts";
import { sha256 } from "./ed25519.ts";

const COMMIT = new Uint8Array(32).fill(255);
const TEXT =
  '{"at":1795819500000,"commit":"__________________________________________8","kind":"request","v":1}';

describe("an entry", () => {
  test("is the canonical JSON of its kind, time and commitment", () => {
    const bytes = makeLeaf({ kind: "request", at: 1_795_819_500_000, commit: COMMIT });

    expect(new TextDecoder().decode(bytes)).toBe(TEXT);
    expect(jcs(JSON.parse(TEXT))).toBe(TEXT);
    expect(parseLeaf(bytes)).toEqual({ kind: "request", at: 1_795_819_500_000, commit: COMMIT });
  });

  test.each([
    ["a space", TEXT.replace(":1}", ": 1}")],
    ["another order", TEXT.replace('"at":1795819500000,', "").replace("}", ',"at":1795819500000}')],
    ["a member more", TEXT.replace("}", ',"who":"me"}')],
    ["another version", TEXT.replace(":1}", ":2}")],
    ["a kind that is none", TEXT.replace("request", "party")],
    ["a short commitment", TEXT.replace("__8", "8")],
    ["idle bits in its commitment", TEXT.replace("__8", "__9")],
    ["a time with a fraction", TEXT.replace("1795819500000", "1.5")],
    ["a time that no number holds", TEXT.replace("1795819500000", "9007199254740993")],
    ["nothing", ""],
  ])("is none with %s", (_, text) => {
    expect(codeOf(() => parseLeaf(new TextEncoder().encode(text)))).toBe("LogInvalid");
  });
});

describe("a commitment", () => {
  const salt = new Uint8Array(32).fill(7);

  // (printf '\x07%.0s' {1..32}; printf '{"PK":{"S":"a"},"n":{"N":"0.3"}}') | sha256sum
  test("is the hash of the salt and the record's canonical JSON, whatever the order of its members", () => {
    const one = commitmentOf(sha256, salt, { PK: { S: "a" }, n: { N: "0.3" } });
    const other = commitmentOf(sha256, salt, { n: { N: "0.3" }, PK: { S: "a" } });

    expect(toHex(one)).toBe("864104139c58ec89518da81674716bb33d7848acb446b989c29205a7254a44c9");
    expect(toHex(other)).toBe(toHex(one));
  });

  test("tells 0.3 from 0.30, which are one number", () => {
    const one = commitmentOf(sha256, salt, { n: { N: "0.3" } });
    const other = commitmentOf(sha256, salt, { n: { N: "0.30" } });

    expect(toHex(one)).not.toBe(toHex(other));
  });

  test("needs 32 bytes of chance", () => {
    expect(codeOf(() => commitmentOf(sha256, new Uint8Array(31), {}))).toBe("LogInvalid");
  });

  test("there is none of half a character, or of nothing", () => {
    expect(codeOf(() => commitmentOf(sha256, salt, { a: { S: "\ud800" } }))).toBe("LogInvalid");
    expect(codeOf(() => jcs(undefined))).toBe("LogInvalid");
  });
});

test("a record's hash is that of its canonical JSON", () => {
  // printf '{"PK":{"S":"a"}}' | sha256sum
  expect(recordHashOf(sha256, { PK: { S: "a" } })).toBe(
    "sha256:d1dfa0e38751a2ef3671961ba1fa37ed6f04d6168689ec8cf773d8174ccd4c89",
  );
});

test.each([
  ["HOME#home#RUN#r1", "RUN", "request"],
  ["HOME#home#RUN#r1", "ACK#home-hall_lamp#1#7", "acknowledgement"],
  ["HOME#home#RUN#r1", "OUTCOME", "outcome"],
  ["HOME#home#RUN#r1", "SWEPT", "record"],
  ["HOME#home#ACCESS#2026-11", "2026-11-27T22:45:00.000Z#a", "look"],
  ["FLEET#ACCESS#2026-11-27", "2026-11-27T22:45:00.000Z#a", "look"],
  ["REFUSED#2026-11-27", "22:45#ab", "refusal"],
  ["HOME#home#CHANGE#2026-11", "2026-11-27T22:45:00.000Z#a", "change"],
  ["HOME#home#SCHEDULE#evening", "2026-11-27T22:45:00.000Z", "schedule"],
  ["HOME#home#ERASURE#2026-11", "2026-11-27T22:45:00.000Z", "erasure"],
  ["HOME#home#RETENTION", "2026-11-27T22:45:00.000Z", "retention"],
  ["HOME#home#KEY", "2026-11-27T22:45:00.000Z", "key"],
  ["HOME#home#SWEEP#2026-11", "x", "record"],
  ["SOMETHING", "ELSE", "record"],
])("the log says of %s / %s: %s", (partition, sort, kind) => {
  expect(kindOfRecord(partition, sort)).toBe(kind);
});
