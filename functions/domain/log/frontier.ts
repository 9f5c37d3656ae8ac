import { logInvalid, nodeHashOf, type Sha256 } from "./hashing.ts";

/**
 * What has to be known of a tree to append to it: the roots of its complete subtrees, largest first, one for each bit
 * that is set in its size.
 */
export interface Frontier {
  readonly size: number;
  readonly hashes: readonly Uint8Array[];
}

/** The tree without entries. */
export const emptyTree: Frontier = { size: 0, hashes: [] };

/** The tree with one entry more. */
export const append = (sha256: Sha256, tree: Frontier, leafHash: Uint8Array): Frontier => {
  const hashes = [...tree.hashes];
  let hash = leafHash;
  // Each complete subtree of the same size on the left joins the new one, as a carry does in an addition.
  for (let rest = tree.size; rest % 2 === 1; rest = (rest - 1) / 2) {
    hash = nodeHashOf(sha256, lastOf(hashes, tree.size), hash);
    hashes.pop();
  }
  return { size: tree.size + 1, hashes: [...hashes, hash] };
};

/** The tree's root hash. (RFC 6962 §2.1; the root of no entries is the hash of no bytes) */
export const rootOf = (sha256: Sha256, tree: Frontier): Uint8Array => {
  if (tree.size === 0) return sha256(new Uint8Array());
  const smallest = lastOf(tree.hashes, tree.size);
  return tree.hashes
    .slice(0, -1)
    .reduceRight((right, left) => nodeHashOf(sha256, left, right), smallest);
};

const lastOf = (hashes: readonly Uint8Array[], size: number): Uint8Array => {
  const last = hashes.at(-1);
  if (last === undefined) throw logInvalid(`A tree of ${size} entries lacks hashes.`);
  return last;
};
