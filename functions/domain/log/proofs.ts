import { HASH_BYTES, logInvalid, nodeHashOf, type Sha256, sameBytes } from "./hashing.ts";

/** A complete subtree: the hash number `index` of level `level`, over entries index × 2^level to (index + 1) × 2^level − 1. */
export interface Node {
  readonly level: number;
  readonly index: number;
}

/** Gives the hash of a complete subtree, from tiles or from wherever it is kept. */
export type HashAt = (node: Node) => Uint8Array | Promise<Uint8Array>;

/**
 * The hashes that prove that entry `index` is in the tree of `size` entries, the leaf's sibling first.
 * (RFC 6962 §2.1.1)
 * @throws HomeError `LogInvalid` when there is no such entry
 */
export const inclusionProof = async (
  sha256: Sha256,
  hashAt: HashAt,
  index: number,
  size: number,
): Promise<readonly Uint8Array[]> => {
  if (!isCount(index) || !isCount(size) || index >= size) {
    throw logInvalid(`There is no entry ${index} in a log of ${size} entries.`);
  }
  const proof: Uint8Array[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + largestPowerBelow(to - from);
    if (index < middle) {
      proof.push(await hashOfRange(sha256, hashAt, middle, to));
      to = middle;
    } else {
      proof.push(await hashOfRange(sha256, hashAt, from, middle));
      from = middle;
    }
  }
  return proof.reverse();
};

/**
 * The hashes that prove that the tree of `older` entries is the beginning of the tree of `size` entries.
 * (RFC 6962 §2.1.2)
 * @throws HomeError `LogInvalid` when the older tree is the larger one
 */
export const consistencyProof = async (
  sha256: Sha256,
  hashAt: HashAt,
  older: number,
  size: number,
): Promise<readonly Uint8Array[]> => {
  if (!isCount(older) || !isCount(size) || older > size) {
    throw logInvalid(`A log of ${older} entries cannot be the beginning of one of ${size}.`);
  }
  if (older === 0 || older === size) return [];
  const proof: Uint8Array[] = [];
  let [from, to] = [0, size];
  while (older !== to) {
    const middle = from + largestPowerBelow(to - from);
    if (older <= middle) {
      proof.push(await hashOfRange(sha256, hashAt, middle, to));
      to = middle;
    } else {
      proof.push(await hashOfRange(sha256, hashAt, from, middle));
      from = middle;
    }
  }
  // Who checks knows the older root; it is a part of the proof only where it is not the older tree's whole.
  if (from !== 0) proof.push(await hashOfRange(sha256, hashAt, from, to));
  return proof.reverse();
};

/** What an inclusion proof claims: this leaf is entry `index` of the tree of `size` entries with this root. */
export interface Inclusion {
  readonly index: number;
  readonly size: number;
  readonly leafHash: Uint8Array;
  readonly root: Uint8Array;
}

/** Does this proof prove that? (RFC 9162 §2.1.3.2, step by step) */
export const provesInclusion = (
  sha256: Sha256,
  { index, size, leafHash, root }: Inclusion,
  proof: readonly Uint8Array[],
): boolean => {
  if (!isCount(index) || !isCount(size) || index >= size || !areHashes(proof)) return false;
  let [fn, sn] = [index, size - 1];
  let hash = leafHash;
  for (const sibling of proof) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      hash = nodeHashOf(sha256, sibling, hash);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      hash = nodeHashOf(sha256, hash, sibling);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && sameBytes(hash, root);
};

/** A tree's size and root. */
export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/**
 * Does this proof prove that the older tree is the beginning of the newer one? (RFC 9162 §2.1.4.2; the tree without
 * entries is the beginning of each.)
 */
export const provesConsistency = (
  sha256: Sha256,
  older: TreeHead,
  newer: TreeHead,
  proof: readonly Uint8Array[],
): boolean => {
  if (!isCount(older.size) || !isCount(newer.size) || !areHashes(proof)) return false;
  if (older.size > newer.size) return false;
  if (older.size === newer.size) return proof.length === 0 && sameBytes(older.root, newer.root);
  if (older.size === 0) {
    return proof.length === 0 && sameBytes(older.root, sha256(new Uint8Array()));
  }
  const path = isPowerOfTwo(older.size) ? [older.root, ...proof] : proof;
  const [seed, ...rest] = path;
  if (seed === undefined) return false;
  let [fn, sn] = [older.size - 1, newer.size - 1];
  while (fn % 2 === 1) [fn, sn] = [half(fn), half(sn)];
  let [fr, sr] = [seed, seed];
  for (const hash of rest) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      fr = nodeHashOf(sha256, hash, fr);
      sr = nodeHashOf(sha256, hash, sr);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      sr = nodeHashOf(sha256, sr, hash);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && sameBytes(fr, older.root) && sameBytes(sr, newer.root);
};

/** Gives hashes of a small tree that is held as its leaves' hashes; each is made once. */
export const hashesOfLeaves = (sha256: Sha256, leafHashes: readonly Uint8Array[]): HashAt => {
  const rows: Uint8Array[][] = [[...leafHashes]];
  const hashOf = (level: number, index: number): Uint8Array => {
    rows[level] ??= [];
    const known = rows[level][index];
    if (known !== undefined) return known;
    if (level === 0) throw logInvalid(`There is no entry ${index}.`);
    const [left, right] = [hashOf(level - 1, index * 2), hashOf(level - 1, index * 2 + 1)];
    const hash = nodeHashOf(sha256, left, right);
    rows[level][index] = hash;
    return hash;
  };
  return ({ level, index }) => hashOf(level, index);
};

/** The hash over entries `from` to `to` − 1, where `from` begins a subtree: the complete ones in it, joined from the right. */
const hashOfRange = async (
  sha256: Sha256,
  hashAt: HashAt,
  from: number,
  to: number,
): Promise<Uint8Array> => {
  const width = to - from;
  if (isPowerOfTwo(width)) {
    const level = Math.log2(width);
    return hashAt({ level, index: from / width });
  }
  const middle = from + largestPowerBelow(width);
  return nodeHashOf(
    sha256,
    await hashOfRange(sha256, hashAt, from, middle),
    await hashOfRange(sha256, hashAt, middle, to),
  );
};

// Numbers, not bits: JavaScript's bit operations end at 31, a log does not.
const half = (number: number): number => Math.floor(number / 2);

const isPowerOfTwo = (number: number): boolean => 2 ** Math.round(Math.log2(number)) === number;

/** RFC 6962's k: the largest power of two smaller than this. */
const largestPowerBelow = (number: number): number => {
  let power = 1;
  while (power * 2 < number) power *= 2;
  return power;
};

const isCount = (number: number): boolean => Number.isSafeInteger(number) && number >= 0;

const areHashes = (hashes: readonly Uint8Array[]): boolean =>
  hashes.every(({ length }) => length === HASH_BYTES);
