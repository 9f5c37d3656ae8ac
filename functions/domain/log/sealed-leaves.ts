import { HASH_BYTES, sameBytes } from "./hashing.ts";
import { LEAF_KINDS, type Leaf } from "./leaf.ts";

/**
 * The entries of a log, in 42 bytes each, so that records can be held against them in any order: a log of two million
 * entries takes 84 MB.
 */
export interface SealedLeaves {
  readonly size: () => number;
  /** Takes the next entry; one that cannot be read keeps its place. */
  readonly push: (leaf: Leaf | undefined) => void;
  readonly at: (index: number) => Leaf | undefined;
  /** Marks that an entry's record was found; false when one was before. */
  readonly find: (index: number) => boolean;
  readonly isFound: (index: number) => boolean;
  /** Where an entry with this commitment stands. */
  readonly indexOf: (commit: Uint8Array) => number | undefined;
}

/** Begins without entries. */
export const sealedLeaves = (): SealedLeaves => {
  let size = 0;
  let room = 1024;
  let commits = new Uint8Array(room * HASH_BYTES);
  let times = new Float64Array(room);
  let kinds = new Uint8Array(room);
  let found = new Uint8Array(room);

  const grow = (): void => {
    room *= 2;
    const larger = <Bytes extends Uint8Array | Float64Array>(to: Bytes, from: Bytes): Bytes => {
      to.set(from);
      return to;
    };
    commits = larger(new Uint8Array(room * HASH_BYTES), commits);
    times = larger(new Float64Array(room), times);
    kinds = larger(new Uint8Array(room), kinds);
    found = larger(new Uint8Array(room), found);
  };
  const commitAt = (index: number): Uint8Array =>
    commits.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES);

  return {
    size: () => size,
    push: (leaf) => {
      if (size === room) grow();
      if (leaf !== undefined) commits.set(leaf.commit, size * HASH_BYTES);
      times[size] = leaf?.at ?? Number.NaN;
      kinds[size] = leaf === undefined ? UNREADABLE : LEAF_KINDS.indexOf(leaf.kind);
      size += 1;
    },
    at: (index) => {
      if (index >= size) return undefined;
      const [kind, at] = [LEAF_KINDS[kinds[index] ?? UNREADABLE], times[index]];
      if (kind === undefined || at === undefined) return undefined;
      return { kind, at, commit: commitAt(index) };
    },
    find: (index) => {
      if (found[index] === 1) return false;
      found[index] = 1;
      return true;
    },
    isFound: (index) => found[index] === 1,
    indexOf: (commit) => {
      for (let index = 0; index < size; index += 1) {
        if (commits[index * HASH_BYTES] === commit[0] && sameBytes(commitAt(index), commit)) {
          return index;
        }
      }
      return undefined;
    },
  };
};

const UNREADABLE = 255;
