import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { append, emptyTree, rootOf } from "#domain/log/frontier.ts";
import { leafHashOf } from "#domain/log/hashing.ts";
import {
  consistencyProof,
  hashesOfLeaves,
  inclusionProof,
  provesConsistency,
  provesInclusion,
} from "#domain/log/proofs.ts";
import { toHex } from "#domain/sha256.ts";

const sha256 = (bytes: Uint8Array): Uint8Array => createHash("sha256").update(bytes).digest();

const bytesOf = (digits: string): Uint8Array => Uint8Array.from(Buffer.from(digits, "hex"));

// The eight entries and the roots of their trees that the implementations of certificate transparency test with:
// https://github.com/google/certificate-transparency-go/blob/v1.0.21/merkle/merkle_tree_test.go
const ENTRIES = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
];
const ROOTS = [
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

const LEAVES = ENTRIES.map((entry) => leafHashOf(sha256, bytesOf(entry)));

test("the tree without entries has the root of no bytes", () => {
  const root = rootOf(sha256, emptyTree);

  expect(toHex(root)).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
});

test("each tree of certificate transparency's entries has its root", () => {
  let tree = emptyTree;

  const roots = LEAVES.map((leaf) => {
    tree = append(sha256, tree, leaf);
    return toHex(rootOf(sha256, tree));
  });

  expect(roots).toEqual(ROOTS);
});

// Same file: the paths of entries 0 of 8 and 5 of 8, and the proofs from 1 to 8 and from 6 to 8.
test("an inclusion proof has certificate transparency's hashes", async () => {
  const proof = await inclusionProof(sha256, hashesOfLeaves(sha256, LEAVES), 5, 8);

  expect(proof.map(toHex)).toEqual([
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  ]);
});

test("a consistency proof has certificate transparency's hashes", async () => {
  const proof = await consistencyProof(sha256, hashesOfLeaves(sha256, LEAVES), 6, 8);

  expect(proof.map(toHex)).toEqual([
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  ]);
});

test("every entry of every tree up to 40 entries is proved, and no other in its place", async () => {
  const leaves = Array.from({ length: 40 }, (_, at) => leafHashOf(sha256, Uint8Array.of(at)));
  const hashAt = hashesOfLeaves(sha256, leaves);

  const wrong: string[] = [];
  let tree = emptyTree;
  for (const [at, leaf] of leaves.entries()) {
    tree = append(sha256, tree, leaf);
    const [size, root] = [at + 1, rootOf(sha256, tree)];
    for (let index = 0; index < size; index += 1) {
      const proof = await inclusionProof(sha256, hashAt, index, size);
      const leafHash = leaves[index] ?? root;
      const claim = { index, size, leafHash, root };
      if (!provesInclusion(sha256, claim, proof)) wrong.push(`${index} of ${size}`);
      if (provesInclusion(sha256, { ...claim, index: index + 1 }, proof)) wrong.push("moved");
      if (size > 1 && provesInclusion(sha256, claim, proof.slice(1))) wrong.push("shorter");
    }
  }

  expect(wrong).toEqual([]);
});

test("every tree up to 40 entries is proved to begin each larger one, and no other tree does", async () => {
  const leaves = Array.from({ length: 40 }, (_, at) => leafHashOf(sha256, Uint8Array.of(at)));
  const hashAt = hashesOfLeaves(sha256, leaves);
  const heads = [{ size: 0, root: rootOf(sha256, emptyTree) }];
  let tree = emptyTree;
  for (const leaf of leaves) {
    tree = append(sha256, tree, leaf);
    heads.push({ size: tree.size, root: rootOf(sha256, tree) });
  }

  const wrong: string[] = [];
  for (const newer of heads) {
    for (const older of heads.slice(0, newer.size + 1)) {
      const proof = await consistencyProof(sha256, hashAt, older.size, newer.size);
      const forked = { ...older, root: sha256(older.root) };
      if (!provesConsistency(sha256, older, newer, proof))
        wrong.push(`${older.size} ${newer.size}`);
      if (provesConsistency(sha256, forked, newer, proof)) wrong.push(`forked ${older.size}`);
    }
  }

  expect(wrong).toEqual([]);
});
