import type { Frontier } from "./frontier.ts";
import { nodeHashOf, type Sha256 } from "./hashing.ts";
import { hashOfTile, TILE_WIDTH, type Tile } from "./tiles.ts";

/** A tile and its hashes. */
export interface BuiltTile extends Tile {
  readonly hashes: readonly Uint8Array[];
}

/** A tree that grows by one entry at a time and is kept as its unfinished tiles: a few hundred hashes, however large it is. */
export interface TileBuilder {
  readonly size: () => number;
  /** Takes an entry's hash; answers the tiles that it fills, lowest level first. */
  readonly push: (leafHash: Uint8Array) => readonly BuiltTile[];
  /** The tiles at the right end that are not full. */
  readonly unfinished: () => readonly BuiltTile[];
  /** The tree as it stands, for its root. */
  readonly frontier: () => Frontier;
  /** The same tree, growing by itself from here. */
  readonly copy: () => TileBuilder;
}

/** Begins a tree without entries. */
export const buildTiles = (sha256: Sha256): TileBuilder => builderOf(sha256, [], 0);

const builderOf = (
  sha256: Sha256,
  rows: { readonly index: number; readonly hashes: Uint8Array[] }[],
  count: number,
): TileBuilder => {
  let size = count;
  return {
    size: () => size,
    push: (leafHash) => {
      size += 1;
      const filled: BuiltTile[] = [];
      let hash = leafHash;
      for (let level = 0; ; level += 1) {
        const { index, hashes } = rows[level] ?? { index: 0, hashes: [] };
        hashes.push(hash);
        rows[level] = { index, hashes };
        if (hashes.length < TILE_WIDTH) return filled;
        filled.push({ level, index, width: TILE_WIDTH, hashes });
        hash = hashOfTile(sha256, hashes);
        rows[level] = { index: index + 1, hashes: [] };
      }
    },
    unfinished: () =>
      rows.flatMap(({ index, hashes }, level) =>
        hashes.length === 0 ? [] : [{ level, index, width: hashes.length, hashes }],
      ),
    frontier: () => ({
      size,
      hashes: rows.toReversed().flatMap(({ hashes }) => subtreesOf(sha256, hashes)),
    }),
    copy: () =>
      builderOf(
        sha256,
        rows.map(({ index, hashes }) => ({ index, hashes: [...hashes] })),
        size,
      ),
  };
};

/** The roots of the largest complete subtrees over some hashes, from the left. */
const subtreesOf = (sha256: Sha256, hashes: readonly Uint8Array[]): readonly Uint8Array[] => {
  const roots: Uint8Array[] = [];
  let from = 0;
  for (let width = TILE_WIDTH / 2; width >= 1; width /= 2) {
    if (hashes.length - from < width) continue;
    roots.push(rootOfSubtree(sha256, hashes, from, width));
    from += width;
  }
  return roots;
};

const rootOfSubtree = (
  sha256: Sha256,
  hashes: readonly Uint8Array[],
  from: number,
  width: number,
): Uint8Array => {
  const [only] = hashes.slice(from, from + 1);
  if (width === 1 && only !== undefined) return only;
  return nodeHashOf(
    sha256,
    rootOfSubtree(sha256, hashes, from, width / 2),
    rootOfSubtree(sha256, hashes, from + width / 2, width / 2),
  );
};
