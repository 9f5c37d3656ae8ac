import { leafHashOf, type Sha256 } from "./hashing.ts";
import { buildTiles } from "./tile-builder.ts";
import { bundleBytes, bundlePath, TILE_WIDTH, tileBytes, tilePath } from "./tiles.ts";

/** A file of an export: where it stands in the folder, and its bytes. */
export interface LogFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The bundles and tiles of a log, made from its entries one after the other. */
export const logFiles = async function* (
  sha256: Sha256,
  entries: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<LogFile> {
  const tiles = buildTiles(sha256);
  let bundle: Uint8Array[] = [];
  const bundled = (): LogFile => {
    const tile = { index: Math.floor((tiles.size() - 1) / TILE_WIDTH), width: bundle.length };
    const file = { path: bundlePath(tile), bytes: bundleBytes(bundle) };
    bundle = [];
    return file;
  };
  for await (const entry of entries) {
    bundle.push(entry);
    const filled = tiles.push(leafHashOf(sha256, entry));
    if (bundle.length === TILE_WIDTH) yield bundled();
    for (const tile of filled) yield { path: tilePath(tile), bytes: tileBytes(tile.hashes) };
  }
  if (bundle.length > 0) yield bundled();
  for (const tile of tiles.unfinished()) {
    yield { path: tilePath(tile), bytes: tileBytes(tile.hashes) };
  }
};
