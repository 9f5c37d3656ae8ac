import { sameBytes } from "./hashing.ts";

/** What happened at a place of the log, by its tiles: the entry that stands there, or what was done to it. */
export type Alignment =
  | { readonly is: "same" | "changed" | "swapped" | "inserted"; readonly entry: number }
  | { readonly is: "removed" };

/**
 * Holds the hashes of entries against those that the tiles have for them, and answers what happened in order: each
 * `same`, `changed`, `removed` or `swapped` (with the next) takes one place of the tiles, `inserted` takes none. `entry` is the place
 * among the given hashes. Hashes that are given later may still be awaited: unless `atEnd`, the last ones stay undecided.
 */
export const alignEntries = (
  entries: readonly Uint8Array[],
  tiles: readonly Uint8Array[],
  atEnd: boolean,
): readonly Alignment[] => {
  const found: Alignment[] = [];
  const same = (entry: number, place: number): boolean => {
    const [one, other] = [entries[entry], tiles[place]];
    return one !== undefined && other !== undefined && sameBytes(one, other);
  };
  const spare = atEnd ? 0 : LOOK_AHEAD;
  let [entry, place] = [0, 0];
  while (entry < entries.length - spare && place < tiles.length - spare) {
    if (same(entry, place)) {
      found.push({ is: "same", entry });
      [entry, place] = [entry + 1, place + 1];
    } else if (same(entry, place + 1) && same(entry + 1, place)) {
      found.push({ is: "swapped", entry: entry + 1 }, { is: "same", entry });
      [entry, place] = [entry + 2, place + 2];
    } else if (same(entry + 1, place + 1)) {
      found.push({ is: "changed", entry });
      [entry, place] = [entry + 1, place + 1];
    } else {
      const gap =
        distances.find((far) => same(entry, place + far) || same(entry + far, place)) ?? 0;
      if (gap === 0) {
        found.push({ is: "changed", entry });
        [entry, place] = [entry + 1, place + 1];
      } else if (same(entry, place + gap)) {
        for (let far = 0; far < gap; far += 1) found.push({ is: "removed" });
        place += gap;
      } else {
        for (let far = 0; far < gap; far += 1) found.push({ is: "inserted", entry: entry + far });
        entry += gap;
      }
    }
  }
  if (atEnd) {
    for (; place < tiles.length; place += 1) found.push({ is: "removed" });
    for (; entry < entries.length; entry += 1) found.push({ is: "inserted", entry });
  }
  return found;
};

// How many entries may be missing, or too many, in a row and still be told from changed ones.
const LOOK_AHEAD = 64;
const distances = Array.from({ length: LOOK_AHEAD }, (_, far) => far + 1);
