import type { Sha256 } from "#domain/log/hashing.ts";
import type { FullTile, LogStore } from "#domain/log/sealing/log-store.ts";
import type { SealedRecord } from "#domain/log/sealing/seal-batch.ts";
import {
  hashOfTile,
  TILE_WIDTH,
  tileBytes,
  tileHashes,
  tilesCompleted,
} from "#domain/log/tiles.ts";

/** The tiles that are full once these records are appended to a log that had `before` entries. */
export const fullTiles = async (
  store: LogStore,
  sha256: Sha256,
  log: string,
  before: number,
  sealed: readonly SealedRecord[],
): Promise<readonly FullTile[]> => {
  const done: FullTile[] = [];
  for (const tile of tilesCompleted(before, before + sealed.length)) {
    const { level, index } = tile;
    const [first, end] = [index * TILE_WIDTH, (index + 1) * TILE_WIDTH];
    if (level === 0) {
      const stored = first < before ? await store.readLeafHashes(log, first, before) : [];
      const added = sealed.filter((one) => one.index >= first && one.index < end);
      const hashes = [...stored, ...added.map(({ leafHash }) => leafHash)];
      done.push({ tile, bytes: tileBytes(hashes) });
      continue;
    }
    // Of the tiles below, all but the last stand in the table.
    const below = done.filter((one) => one.tile.level === level - 1);
    const stored = await store.readTiles(log, level - 1, first, end - below.length);
    const hashes = [...stored, ...below.map((one) => one.bytes)].map((bytes, at) =>
      hashOfTile(
        sha256,
        tileHashes(bytes, { level: level - 1, index: first + at, width: TILE_WIDTH }),
      ),
    );
    done.push({ tile, bytes: tileBytes(hashes) });
  }
  return done;
};
