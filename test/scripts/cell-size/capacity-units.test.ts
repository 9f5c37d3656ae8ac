import { expect, test } from "vitest";
import {
  indexEntries,
  readUnits,
  storedBytes,
  writeUnits,
} from "../../../scripts/cell-size/capacity-units.ts";

const text = (bytes: number): { readonly S: string } => ({ S: "x".repeat(bytes) });

test("a write counts each begun KiB of names and values", () => {
  expect(writeUnits({ PK: text(1022) })).toBe(1);
  expect(writeUnits({ PK: text(1023) })).toBe(2);
});

test("a read counts each begun 4 KiB, half when it may be stale, and one when nothing is there", () => {
  expect(readUnits(0, true)).toBe(1);
  expect(readUnits(4096, true)).toBe(1);
  expect(readUnits(4097, true)).toBe(2);
  expect(readUnits(4097, false)).toBe(1);
});

test("what is kept is billed a hundred bytes more than it has", () => {
  expect(storedBytes({ PK: text(1022) })).toBe(1124);
});

const index = (IndexName: string, hash: string, projection: object) => ({
  IndexName,
  KeySchema: [
    { AttributeName: hash, KeyType: "HASH" as const },
    { AttributeName: "at", KeyType: "RANGE" as const },
  ],
  Projection: projection,
});

const TABLE = {
  KeySchema: [{ AttributeName: "PK", KeyType: "HASH" as const }],
  GlobalSecondaryIndexes: [
    index("all", "day", { ProjectionType: "ALL" }),
    index("keys", "day", { ProjectionType: "KEYS_ONLY" }),
    index("some", "homeDay", { ProjectionType: "INCLUDE", NonKeyAttributes: ["scene"] }),
    index("others", "thing", { ProjectionType: "ALL" }),
  ],
};

test("an item is in the indexes whose keys it has, with what they project", () => {
  const item = {
    PK: { S: "RUN#1" },
    at: { S: "22:00" },
    day: { S: "2026-11-27" },
    homeDay: { S: "home#2026-11-27" },
    scene: text(1500),
    plan: text(3000),
  };

  expect(indexEntries(item, TABLE)).toEqual([
    { index: "all", units: 5, storedBytes: 4658, isInOneDay: true },
    { index: "keys", units: 1, storedBytes: 127, isInOneDay: true },
    { index: "some", units: 2, storedBytes: 1641, isInOneDay: false },
  ]);
});
