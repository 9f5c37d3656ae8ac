import { type ReadFile, readHashes } from "./entry-files.ts";
import { entriesInWords, type Fault, noFaults } from "./fault.ts";
import { rootOf } from "./frontier.ts";
import { type Sha256, sameBytes } from "./hashing.ts";
import { type BuiltTile, buildTiles, type TileBuilder } from "./tile-builder.ts";
import { TILE_WIDTH, tilePath } from "./tiles.ts";

/** A tree that grows, holds the tiles above its entries against those of the export, and remembers roots. */
export interface GrowingTree {
  readonly push: (leafHash: Uint8Array) => Promise<void>;
  /** Checks the tiles that are not full. */
  readonly finish: () => Promise<void>;
  readonly root: () => Uint8Array;
  /** The root at a size that was asked for in the beginning, if the tree came so far. */
  readonly rootAt: (size: number) => Uint8Array | undefined;
  /** What was found wrong with tiles above. */
  readonly faults: () => readonly Fault[];
  /** The same tree, growing by itself from here. */
  readonly copy: () => GrowingTree;
}

/** Begins a tree without entries, which remembers its roots at these sizes. */
export const growTree = (sha256: Sha256, read: ReadFile, sizes: ReadonlySet<number>): GrowingTree =>
  growFrom({ sha256, read, sizes }, buildTiles(sha256), new Map(), []);

interface Ground {
  readonly sha256: Sha256;
  readonly read: ReadFile;
  readonly sizes: ReadonlySet<number>;
}

const growFrom = (
  ground: Ground,
  tree: TileBuilder,
  roots: Map<number, Uint8Array>,
  found: Fault[],
): GrowingTree => {
  const { sha256, read, sizes } = ground;
  const root = (): Uint8Array => rootOf(sha256, tree.frontier());
  const check = async (tiles: readonly BuiltTile[]): Promise<void> => {
    for (const tile of tiles) if (tile.level > 0) found.push(...(await faultsOfTile(read, tile)));
  };
  if (sizes.has(tree.size())) roots.set(tree.size(), root());
  return {
    push: async (leafHash) => {
      const filled = tree.push(leafHash);
      if (sizes.has(tree.size())) roots.set(tree.size(), root());
      if (filled.length > 0) await check(filled);
    },
    finish: async () => check(tree.unfinished()),
    root,
    rootAt: (size) => roots.get(size),
    faults: () => found,
    copy: () => growFrom(ground, tree.copy(), new Map(roots), [...found]),
  };
};

/** A tile above the entries' own holds what those below it hash to. */
const faultsOfTile = async (read: ReadFile, tile: BuiltTile): Promise<readonly Fault[]> => {
  const faults = noFaults();
  const stored = await readHashes(read, tile, faults);
  if (stored === undefined) return faults.list();
  const wrong = tile.hashes.findIndex((hash, at) => {
    const other = stored[at];
    return other === undefined || !sameBytes(hash, other);
  });
  if (wrong < 0) return [];
  const span = TILE_WIDTH ** tile.level;
  const from = (tile.index * TILE_WIDTH + wrong) * span;
  const sentence = `${tilePath(tile)} was changed, or what is below it: its hash ${wrong} is not that of ${entriesInWords(from, span)}.`;
  return [{ code: "TileChanged", entry: from, sentence }];
};
