import { expect, test } from "vitest";
import { knownEntries } from "../../../functions/seal-records/known-entries.ts";

const root = (byte: number) => new Uint8Array(32).fill(byte);

test("what was read and what was appended to it is found under the new root alone", () => {
  const known = knownEntries();
  known.keep("a", root(1), 100, new Map([["one", 150]]));
  known.add("a", root(1), root(2), ["two", "three"], 200);

  expect([...(known.find("a", root(2), 100) ?? [])]).toEqual([
    ["one", 150],
    ["two", 200],
    ["three", 200],
  ]);
  expect(known.find("a", root(1), 100)).toBeUndefined();
  expect(known.find("b", root(2), 100)).toBeUndefined();
});

test("nothing is added to a log that is known under another root, or not at all", () => {
  const known = knownEntries();
  known.keep("a", root(1), 100, new Map([["one", 150]]));

  known.add("a", root(2), root(3), ["two"], 200);
  known.add("b", root(2), root(3), ["two"], 200);

  expect([...(known.find("a", root(1), 100) ?? [])]).toEqual([["one", 150]]);
  expect(known.find("a", root(3), 100)).toBeUndefined();
  expect(known.find("b", root(3), 100)).toBeUndefined();
});

test("entries older than what is asked for are let go, and then no longer known", () => {
  const known = knownEntries();
  const names = new Map([
    ["one", 150],
    ["two", 200],
  ]);
  known.keep("a", root(1), 100, names);

  expect(known.find("a", root(1), 99)).toBeUndefined();
  expect([...(known.find("a", root(1), 200) ?? [])]).toEqual([["two", 200]]);
  expect(known.find("a", root(1), 199)).toBeUndefined();
  // What was handed in is its giver's.
  expect(names.size).toBe(2);
});

test("of all logs together never more names are kept than allowed: those go that were asked for longest ago", () => {
  const known = knownEntries(3);
  known.keep("a", root(1), 0, new Map([["a1", 1]]));
  known.keep("b", root(1), 0, new Map([["b1", 1]]));
  known.keep("c", root(1), 0, new Map([["c1", 1]]));
  known.find("a", root(1), 0);

  known.add("c", root(1), root(2), ["c2"], 1);

  expect(known.find("b", root(1), 0)).toBeUndefined();
  expect(known.find("a", root(1), 0)?.size).toBe(1);
  expect(known.find("c", root(2), 0)?.size).toBe(2);
  known.keep("d", root(1), 0, new Map(["d1", "d2", "d3", "d4"].map((name) => [name, 1])));
  expect(["a", "c", "d"].filter((log) => known.find(log, root(1), 0) !== undefined)).toEqual([]);
});
