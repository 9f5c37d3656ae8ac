import { HomeError } from "#domain/home-error.ts";
import { capital, entriesInWords, type Faults } from "./fault.ts";
import { bundleEntries, bundlePath, TILE_WIDTH, type Tile, tileHashes, tilePath } from "./tiles.ts";

/** Gives a file of an export by its place in the folder; undefined when there is none. */
export type ReadFile = (path: string) => Promise<Uint8Array | undefined>;

/** The entries that belong to a tile of level 0; undefined, and a fault, when they cannot be had. */
export const readEntries = async (
  read: ReadFile,
  tile: Tile,
  faults: Faults,
): Promise<readonly Uint8Array[] | undefined> => {
  const first = tile.index * TILE_WIDTH;
  const cannot = (why: string): undefined => {
    const named = capital(entriesInWords(first, tile.width));
    const sentence = `${named} cannot be checked: ${bundlePath(tile)} ${why}.`;
    faults.add({ code: "EntriesMissing", entry: first, sentence });
    return undefined;
  };
  const found = await readOrFull(read, bundlePath, tile);
  if (found === undefined) return cannot("is missing");
  try {
    const entries = bundleEntries(found.bytes);
    return found.full ? entries.slice(0, tile.width) : entries;
  } catch (error) {
    if (!(error instanceof HomeError)) throw error;
    return cannot("is cut off in its last entry");
  }
};

/** The hashes of a tile; undefined, and a fault, when they cannot be had. */
export const readHashes = async (
  read: ReadFile,
  tile: Tile,
  faults: Faults,
): Promise<readonly Uint8Array[] | undefined> => {
  const found = await readOrFull(read, tilePath, tile);
  if (found === undefined) {
    faults.add({ code: "TileMissing", sentence: `${tilePath(tile)} is missing.` });
    return undefined;
  }
  try {
    const width = found.full ? TILE_WIDTH : tile.width;
    return tileHashes(found.bytes, { ...tile, width }).slice(0, tile.width);
  } catch (error) {
    if (!(error instanceof HomeError)) throw error;
    faults.add({
      code: "TileChanged",
      sentence: `${tilePath(tile)} was changed: ${error.message}`,
    });
    return undefined;
  }
};

// A partial file may be gone once the full one is there, which begins with the same. (tlog-tiles, Partial Tiles)
const readOrFull = async (
  read: ReadFile,
  pathOf: (tile: Tile) => string,
  tile: Tile,
): Promise<{ readonly bytes: Uint8Array; readonly full: boolean } | undefined> => {
  const own = await read(pathOf(tile));
  if (own !== undefined) return { bytes: own, full: false };
  const bytes = await read(pathOf({ ...tile, width: TILE_WIDTH }));
  return bytes === undefined ? undefined : { bytes, full: true };
};
