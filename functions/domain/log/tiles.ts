import { HASH_BYTES, logInvalid, nodeHashOf, type Sha256 } from "./hashing.ts";
import type { HashAt } from "./proofs.ts";

// https://c2sp.org/tlog-tiles

/** How many hashes a full tile has, and how many entries a full bundle. */
export const TILE_WIDTH = 256;

/** A tile: `width` hashes of a level, the first being number `index` × 256; level 0 is the leaves'. */
export interface Tile {
  readonly level: number;
  readonly index: number;
  readonly width: number;
}

/** Where a tile is found. */
export const tilePath = ({ level, index, width }: Tile): string =>
  `tile/${level}/${numberPath(index)}${partial(width)}`;

/** Where the entries of a tile of level 0 are found. */
export const bundlePath = ({ index, width }: Omit<Tile, "level">): string =>
  `tile/entries/${numberPath(index)}${partial(width)}`;

/** The tiles of one level in a tree of `size` entries: the full ones, and the partial one. */
export const tilesOfLevel = function* (size: number, level: number): Generator<Tile> {
  const hashes = Math.floor(size / TILE_WIDTH ** level);
  for (let index = 0; index * TILE_WIDTH < hashes; index += 1) {
    yield { level, index, width: Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH) };
  }
};

/** All tiles of a tree of `size` entries, level by level. */
export const tilesOf = function* (size: number): Generator<Tile> {
  for (let level = 0; TILE_WIDTH ** level <= size; level += 1) yield* tilesOfLevel(size, level);
};

/** The tiles that are full in a tree of `size` entries and were not when it had `before`, lowest level first. */
export const tilesCompleted = function* (before: number, size: number): Generator<Tile> {
  for (let level = 0; TILE_WIDTH ** (level + 1) <= size; level += 1) {
    const span = TILE_WIDTH ** (level + 1);
    for (let index = Math.floor(before / span); (index + 1) * span <= size; index += 1) {
      yield { level, index, width: TILE_WIDTH };
    }
  }
};

/** The one hash that a full tile stands for in the tile above it. */
export const hashOfTile = (sha256: Sha256, hashes: readonly Uint8Array[]): Uint8Array => {
  let row = hashes;
  if (row.length !== TILE_WIDTH) throw logInvalid(`A full tile has ${TILE_WIDTH} hashes.`);
  while (row.length > 1) row = pairsOf(row).map(([left, right]) => nodeHashOf(sha256, left, right));
  const [hash] = row;
  if (hash === undefined) throw logInvalid(`A full tile has ${TILE_WIDTH} hashes.`);
  return hash;
};

const pairsOf = (row: readonly Uint8Array[]): readonly (readonly [Uint8Array, Uint8Array])[] =>
  row.flatMap((left, at) => {
    const right = row[at + 1];
    return at % 2 === 1 || right === undefined ? [] : [[left, right] as const];
  });

/** The bytes of a tile. */
export const tileBytes = (hashes: readonly Uint8Array[]): Uint8Array => {
  const bytes = new Uint8Array(hashes.length * HASH_BYTES);
  for (const [at, hash] of hashes.entries()) bytes.set(hash, at * HASH_BYTES);
  return bytes;
};

/**
 * The hashes of a tile's bytes.
 * @throws HomeError `LogInvalid` when there are not `width` of them
 */
export const tileHashes = (bytes: Uint8Array, tile: Tile): readonly Uint8Array[] => {
  if (bytes.length !== tile.width * HASH_BYTES) {
    throw logInvalid(
      `${tilePath(tile)} has ${bytes.length} bytes, not ${tile.width * HASH_BYTES}.`,
    );
  }
  return Array.from({ length: tile.width }, (_, at) =>
    bytes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES),
  );
};

/**
 * The bytes of a bundle of entries: each behind its length in two bytes, the higher first.
 * @throws HomeError `LogInvalid` when one is longer than two bytes can say
 */
export const bundleBytes = (entries: readonly Uint8Array[]): Uint8Array => {
  const bytes = new Uint8Array(entries.reduce((sum, { length }) => sum + 2 + length, 0));
  let at = 0;
  for (const entry of entries) {
    if (entry.length > 0xffff) throw logInvalid("An entry is longer than 65,535 bytes.");
    bytes.set([entry.length >> 8, entry.length & 0xff], at);
    bytes.set(entry, at + 2);
    at += 2 + entry.length;
  }
  return bytes;
};

/**
 * The entries of a bundle's bytes.
 * @throws HomeError `LogInvalid` when the last one is cut off
 */
export const bundleEntries = (bytes: Uint8Array): readonly Uint8Array[] => {
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 2 + (((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0));
    if (at + 2 > bytes.length || end > bytes.length) {
      throw logInvalid("The last entry of the bundle is cut off.");
    }
    entries.push(bytes.subarray(at + 2, end));
    at = end;
  }
  return entries;
};

/** Gives hashes of a tree of `size` entries from its tiles, which `read` gives by their place. */
export const hashesOfTiles =
  (sha256: Sha256, size: number, read: (tile: Tile) => Promise<Uint8Array>): HashAt =>
  async (node) => {
    // Levels 0 to 7 of the tree are in the tile whose hashes are its leaves, 8 to 15 in the next above.
    const level = Math.floor(node.level / 8);
    const spread = 2 ** (node.level % 8);
    const first = node.index * spread;
    const index = Math.floor(first / TILE_WIDTH);
    const hashes = Math.floor(size / TILE_WIDTH ** level);
    const tile = { level, index, width: Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH) };
    const offset = first - index * TILE_WIDTH;
    if (tile.width < offset + spread)
      throw logInvalid(`${tilePath(tile)} is beyond the log's end.`);
    let row = tileHashes(await read(tile), tile).slice(offset, offset + spread);
    while (row.length > 1) {
      row = pairsOf(row).map(([left, right]) => nodeHashOf(sha256, left, right));
    }
    const [hash] = row;
    if (hash === undefined) throw logInvalid(`${tilePath(tile)} lacks a hash.`);
    return hash;
  };

/** 1234067 is x001/x234/067. */
const numberPath = (index: number): string => {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, "0");
  return padded.replaceAll(/(\d{3})(?=\d)/g, "x$1/");
};

const partial = (width: number): string => (width === TILE_WIDTH ? "" : `.p/${width}`);
