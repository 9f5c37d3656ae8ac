import { HomeError } from "#domain/home-error.ts";
import { alignEntries } from "./align-entries.ts";
import { toBase64 } from "./base64.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { type ReadFile, readEntries, readHashes } from "./entry-files.ts";
import { capital, entriesInWords, entryInWords, type Fault, type Faults } from "./fault.ts";
import { type GrowingTree, growTree } from "./growing-tree.ts";
import { leafHashOf, type Sha256, sameBytes } from "./hashing.ts";
import { type Leaf, parseLeaf } from "./leaf.ts";
import { type SealedLeaves, sealedLeaves } from "./sealed-leaves.ts";
import { TILE_WIDTH, type Tile, tilePath, tilesOfLevel } from "./tiles.ts";

/** What a tree is checked with. */
export interface TreeChecks {
  readonly sha256: Sha256;
  readonly read: ReadFile;
  readonly head: Checkpoint;
  /** Heads of the same log that were seen before. */
  readonly older: readonly Checkpoint[];
}

/**
 * Reads entries and tiles, bundle by bundle, and holds them against each other, against the head, and against the heads
 * that were seen before. Answers the entries.
 */
export const checkTree = async (
  { sha256, read, head, older }: TreeChecks,
  faults: Faults,
): Promise<SealedLeaves> => {
  const leaves = sealedLeaves();
  const sizes = new Set(older.map(({ size }) => size));
  // The tree as the tiles tell it, and as the entries do from where the two differ.
  const byTiles = growTree(sha256, read, sizes);
  let byEntries: GrowingTree | undefined;
  const differences: Difference[] = [];
  let entries: Entry[] = [];
  let tiles: Uint8Array[] = [];
  let lastAt = Number.NEGATIVE_INFINITY;

  const take = async (hash: Uint8Array, leaf: Leaf | undefined): Promise<void> => {
    leaves.push(leaf);
    await byTiles.push(hash);
  };
  const checkTime = (leaf: Leaf | undefined): void => {
    if (leaf === undefined) return;
    if (leaf.at < lastAt) {
      const index = leaves.size();
      const sentence = `${capital(entryInWords(index, leaf))} was sealed earlier than the entry before it.`;
      faults.add({ code: "TimeFell", entry: index, sentence });
    }
    lastAt = leaf.at;
  };

  // Takes what is decided of the entries and hashes that were read so far.
  const advance = async (atEnd: boolean): Promise<void> => {
    let [usedEntries, usedTiles] = [0, 0];
    const hashes = entries.map(({ hash }) => hash);
    for (const step of alignEntries(hashes, tiles, atEnd)) {
      const index = leaves.size();
      if (step.is !== "same") byEntries ??= byTiles.copy();
      const entry = step.is === "removed" ? undefined : entries[step.entry];
      const leaf = step.is === "inserted" ? undefined : readLeaf(entry, index, faults);
      if (step.is === "same") checkTime(leaf);
      else differences.push({ is: step.is, index, leaf });
      if (step.is !== "removed") {
        const next = entries[usedEntries];
        if (next !== undefined) await byEntries?.push(next.hash);
        usedEntries += 1;
      }
      if (step.is === "inserted") continue;
      const hash = tiles[usedTiles];
      usedTiles += 1;
      if (hash !== undefined) await take(hash, leaf);
    }
    entries = entries.slice(usedEntries);
    tiles = tiles.slice(usedTiles);
  };

  for (const tile of tilesOfLevel(head.size, 0)) {
    const own = await readEntries(read, tile, faults);
    const kept = await readHashes(read, tile, faults);
    if (own === undefined) {
      await advance(true);
      // What follows cannot be placed in the tree.
      if (kept === undefined) return leaves;
      for (const hash of kept) {
        await byEntries?.push(hash);
        await take(hash, undefined);
      }
      continue;
    }
    const hashed = own.map((bytes) => ({ bytes, hash: leafHashOf(sha256, bytes) }));
    entries.push(...hashed);
    tiles.push(...(kept ?? hashed.map(({ hash }) => hash)));
    await advance(false);
  }
  await advance(true);

  if (byEntries !== undefined && sameBytes(byEntries.root(), head.root)) {
    // The entries are what the head says: it is the tiles that are not.
    for (const tile of tilesOfDifferences(differences, head.size)) {
      const named = entriesInWords(tile.index * TILE_WIDTH, tile.width);
      const sentence = `${tilePath(tile)} was changed: its hashes are not those of ${named}, which are as the head says.`;
      faults.add({ code: "TileChanged", sentence });
    }
    await byEntries.finish();
    for (const fault of byEntries.faults()) faults.add(fault);
    checkOlder(sha256, head, older, byEntries.rootAt, faults);
    return leaves;
  }
  await byTiles.finish();
  for (const fault of faultsOfDifferences(differences)) faults.add(fault);
  for (const fault of byTiles.faults()) faults.add(fault);
  const root = byTiles.root();
  if (!sameBytes(root, head.root)) {
    faults.add(rootFault(head, leaves.size(), root, older, byTiles.rootAt));
  }
  checkOlder(sha256, head, older, byTiles.rootAt, faults);
  return leaves;
};

interface Entry {
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
}

interface Difference {
  readonly is: "changed" | "removed" | "inserted" | "swapped";
  readonly index: number;
  readonly leaf: Leaf | undefined;
}

const readLeaf = (entry: Entry | undefined, index: number, faults: Faults): Leaf | undefined => {
  if (entry === undefined) return undefined;
  try {
    return parseLeaf(entry.bytes);
  } catch (error) {
    if (!(error instanceof HomeError)) throw error;
    const sentence = `${capital(entryInWords(index, undefined))} cannot be read: ${error.message}`;
    faults.add({ code: "EntryUnreadable", entry: index, sentence });
    return undefined;
  }
};

const tilesOfDifferences = function* (
  differences: readonly Difference[],
  size: number,
): Generator<Tile> {
  const indexes = new Set(differences.map(({ index }) => Math.floor(index / TILE_WIDTH)));
  for (const tile of tilesOfLevel(size, 0)) if (indexes.has(tile.index)) yield tile;
};

/** What was done to entries, in a sentence each; entries in a row that were removed or inserted share one. */
const faultsOfDifferences = function* (differences: readonly Difference[]): Generator<Fault> {
  for (let at = 0; at < differences.length; ) {
    const first = differences[at];
    if (first === undefined) return;
    const { is, index: entry, leaf } = first;
    const named = capital(entryInWords(entry, leaf));
    let count = 1;
    switch (is) {
      case "changed":
        yield { code: "EntryChanged", entry, sentence: `${named} was changed.` };
        break;
      case "swapped": {
        const sentence = `${capital(entriesInWords(entry, 2))} were put in each other's place.`;
        yield { code: "EntriesReordered", entry, sentence };
        break;
      }
      case "removed":
        while (isRemoved(differences[at + count], entry + count)) count += 1;
        yield {
          code: "EntryRemoved",
          entry,
          sentence: `${capital(entriesInWords(entry, count))} ${count === 1 ? "was" : "were"} removed.`,
        };
        break;
      case "inserted":
        while (isInserted(differences[at + count], entry)) count += 1;
        yield {
          code: "EntryInserted",
          entry,
          sentence: `${count === 1 ? "An entry was" : `${count} entries were`} inserted before entry ${entry}.`,
        };
        break;
    }
    at += count;
  }
};

const isRemoved = (difference: Difference | undefined, index: number): boolean =>
  difference?.is === "removed" && difference.index === index;

const isInserted = (difference: Difference | undefined, index: number): boolean =>
  difference?.is === "inserted" && difference.index === index;

type RootAt = (size: number) => Uint8Array | undefined;

/** Entries and tiles agree with each other, or not, but not with the head: heads seen before tell where. */
const rootFault = (
  head: Checkpoint,
  size: number,
  root: Uint8Array,
  older: readonly Checkpoint[],
  rootAt: RootAt,
): Fault => {
  if (size !== head.size) {
    const sentence = `The export has ${size} entries; the head says ${head.size}.`;
    return { code: "RootDiffers", sentence };
  }
  const fits = (one: Checkpoint): boolean => {
    const own = rootAt(one.size);
    return own !== undefined && sameBytes(own, one.root);
  };
  const whole = Math.max(0, ...older.filter(fits).map((one) => one.size));
  const broken = Math.min(
    size,
    ...older
      .filter((one) => one.size > whole && rootAt(one.size) !== undefined && !fits(one))
      .map((one) => one.size),
  );
  const where = entriesInWords(whole, broken - whole);
  const sentence = `The root of the ${size} entries is ${toBase64(root)}; the head says ${toBase64(head.root)}: of ${where}, some were changed, and the tiles with them.`;
  return { code: "RootDiffers", sentence };
};

const checkOlder = (
  sha256: Sha256,
  head: Checkpoint,
  older: readonly Checkpoint[],
  rootAt: RootAt,
  faults: Faults,
): void => {
  for (const one of older) {
    if (one.size > head.size) {
      const sentence = `The log was cut off: a head that was seen before has ${one.size} entries, this one has ${head.size}.`;
      faults.add({ code: "LogCutOff", sentence });
      continue;
    }
    const root =
      one.size === head.size ? head.root : (rootAt(one.size) ?? sha256(new Uint8Array()));
    if (sameBytes(root, one.root)) continue;
    const sentence =
      one.size === head.size
        ? `The log was forked: a head that was seen before has another root for the same ${one.size} entries.`
        : `The log was forked: its first ${one.size} entries are not those of a head that was seen before.`;
    faults.add({ code: "LogForked", sentence });
  }
};
