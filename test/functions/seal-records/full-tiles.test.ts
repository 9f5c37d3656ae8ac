import { expect, test } from "vitest";
import { leafHashOf } from "#domain/log/hashing.ts";
import { hashOfTile, tileBytes } from "#domain/log/tiles.ts";
import { fullTiles } from "../../../functions/seal-records/full-tiles.ts";
import { MemoryLog, recordOf } from "./memory-log.ts";

// Not SHA-256, of which 65,000 take a second on a busy machine: what matters is which hashes go where.
const sha256 = (bytes: Uint8Array): Uint8Array => {
  const mixed = bytes.slice(1, 33);
  for (let at = 0; at < 32; at += 1) mixed[at] = (mixed[at] ?? 0) * 3 + (bytes[at + 33] ?? 11) * 5;
  return mixed;
};

const hashesOf = (seed: number): readonly Uint8Array[] =>
  Array.from({ length: 256 }, (_, at) => new Uint8Array(32).fill(at).fill(seed, 16));

test("the entry that fills the tile of a level fills the tile above it: number 65,536", async () => {
  const { store } = new MemoryLog().tools();
  const few = [hashesOf(1), hashesOf(2), hashesOf(3)];
  const rows = Array.from({ length: 256 }, (_, at) => few[at % 3] ?? []);
  const stored = {
    ...store,
    readLeafHashes: async () => (rows[255] ?? []).slice(0, 255),
    readTiles: async (_: string, level: number, from: number, to: number) =>
      level === 0 ? rows.slice(from, to).map(tileBytes) : [],
  };
  const leaf = new TextEncoder().encode("the last");
  const [key, item] = recordOf("a", "run_1", "RUN", 1);
  const last = {
    ...{ key, item, salt: new Uint8Array(32), index: 65_535, leaf },
    leafHash: leafHashOf(sha256, leaf),
  };

  const tiles = await fullTiles(stored, sha256, "a", 65_535, [last]);

  const lowest = [...(rows[255] ?? []).slice(0, 255), last.leafHash];
  expect(tiles.map(({ tile }) => tile)).toEqual([
    { level: 0, index: 255, width: 256 },
    { level: 1, index: 0, width: 256 },
  ]);
  const hashes = few.map((row) => hashOfTile(sha256, row));
  const above = rows.map((_, at) => hashes[at % 3] ?? new Uint8Array()).slice(0, 255);
  expect(tiles.map(({ bytes }) => Buffer.from(bytes).toString("hex"))).toEqual(
    [lowest, [...above, hashOfTile(sha256, lowest)]].map((row) =>
      Buffer.from(tileBytes(row)).toString("hex"),
    ),
  );
});
