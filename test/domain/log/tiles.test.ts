import { expect, test } from "vitest";
import { rootOf } from "#domain/log/frontier.ts";
import { leafHashOf } from "#domain/log/hashing.ts";
import {
  consistencyProof,
  hashesOfLeaves,
  inclusionProof,
  provesConsistency,
} from "#domain/log/proofs.ts";
import { buildTiles } from "#domain/log/tile-builder.ts";
import {
  bundleBytes,
  bundleEntries,
  bundlePath,
  hashesOfTiles,
  tilePath,
  tilesCompleted,
  tilesOf,
} from "#domain/log/tiles.ts";
import { toHex } from "#domain/sha256.ts";
import { codeOf } from "../code-of.ts";
import { filesOf } from "./an-export.ts";
import { sha256 } from "./ed25519.ts";

const entry = (number: number): Uint8Array => new TextEncoder().encode(`entry ${number}`);
const entries = (count: number) => Array.from({ length: count }, (_, number) => entry(number));

// The examples of https://c2sp.org/tlog-tiles
test.each([
  [{ level: 0, index: 1_234_067, width: 256 }, "tile/0/x001/x234/067"],
  [{ level: 0, index: 273, width: 112 }, "tile/0/273.p/112"],
  [{ level: 2, index: 0, width: 1 }, "tile/2/000.p/1"],
  [{ level: 63, index: 1000, width: 255 }, "tile/63/x001/000.p/255"],
])("the place of tile %j is %s", (tile, path) => {
  expect(tilePath(tile)).toBe(path);
});

test("the place of the entries of a tile is beside it", () => {
  expect(bundlePath({ index: 1_234_067, width: 256 })).toBe("tile/entries/x001/x234/067");
});

test("a tree of 70,000 entries has the tiles that the specification counts", () => {
  const tiles = [...tilesOf(70_000)];
  const counts = [0, 1, 2].map((level) => tiles.filter((tile) => tile.level === level).length);

  expect(counts).toEqual([274, 2, 1]);
  expect(tiles.filter(({ width }) => width < 256)).toEqual([
    { level: 0, index: 273, width: 112 },
    { level: 1, index: 1, width: 17 },
    { level: 2, index: 0, width: 1 },
  ]);
});

test.each([
  [0, 0, []],
  [0, 255, []],
  [255, 256, [{ level: 0, index: 0, width: 256 }]],
  [
    200,
    600,
    [
      { level: 0, index: 0, width: 256 },
      { level: 0, index: 1, width: 256 },
    ],
  ],
  [
    65_535,
    65_536,
    [
      { level: 0, index: 255, width: 256 },
      { level: 1, index: 0, width: 256 },
    ],
  ],
  [65_536, 65_700, []],
])("growing from %i to %i entries completes %j", (before, size, tiles) => {
  expect([...tilesCompleted(before, size)]).toEqual(tiles);
});

test("an entry stands behind its length in two bytes", () => {
  const bytes = bundleBytes([Uint8Array.of(), Uint8Array.of(7), new Uint8Array(258)]);

  expect([...bytes.slice(0, 7)]).toEqual([0, 0, 0, 1, 7, 1, 2]);
  expect(bundleEntries(bytes).map(({ length }) => length)).toEqual([0, 1, 258]);
});

test.each([
  ["its length", Uint8Array.of(0, 0, 0)],
  ["an entry", Uint8Array.of(0, 2, 1)],
])("a bundle that is cut off in %s is none", (_, bytes) => {
  expect(codeOf(() => bundleEntries(bytes))).toBe("LogInvalid");
});

test("an entry of 65,536 bytes fits no bundle", () => {
  expect(codeOf(() => bundleBytes([new Uint8Array(65_536)]))).toBe("LogInvalid");
});

test("a log's files are its bundles and tiles, at every size that was asked for", async () => {
  expect([...(await filesOf(entries(513))).keys()]).toEqual([
    "tile/entries/000",
    "tile/0/000",
    "tile/entries/001",
    "tile/0/001",
    "tile/entries/002.p/1",
    "tile/0/002.p/1",
    "tile/1/000.p/2",
  ]);
});

test("proofs from tiles are proofs from leaves", async () => {
  const files = await filesOf(entries(600));
  const leafHashes = entries(600).map((one) => leafHashOf(sha256, one));
  const fromLeaves = hashesOfLeaves(sha256, leafHashes);
  const fromTiles = hashesOfTiles(sha256, 600, async (tile) => {
    const bytes = files.get(tilePath(tile));
    if (bytes === undefined) throw new Error(`${tilePath(tile)} is missing`);
    return bytes;
  });
  const tree = buildTiles(sha256);
  const heads = new Map<number, Uint8Array>();
  for (const hash of leafHashes) {
    tree.push(hash);
    heads.set(tree.size(), rootOf(sha256, tree.frontier()));
  }

  for (const index of [0, 255, 256, 511, 512, 599]) {
    const proof = await inclusionProof(sha256, fromTiles, index, 600);
    const other = await inclusionProof(sha256, fromLeaves, index, 600);
    expect(proof.map(toHex)).toEqual(other.map(toHex));
  }
  const root = heads.get(600) ?? new Uint8Array();
  for (const size of [1, 255, 256, 257, 512, 599]) {
    const proof = await consistencyProof(sha256, fromTiles, size, 600);
    const older = { size, root: heads.get(size) ?? new Uint8Array() };
    expect(provesConsistency(sha256, older, { size: 600, root }, proof)).toBe(true);
  }
});

test.each([
  [600, 600],
  [-1, 600],
  [0.5, 600],
])("there is no proof of entry %d in %i", async (index, size) => {
  const fromLeaves = hashesOfLeaves(sha256, []);

  await expect(inclusionProof(sha256, fromLeaves, index, size)).rejects.toMatchObject({
    code: "LogInvalid",
  });
});
