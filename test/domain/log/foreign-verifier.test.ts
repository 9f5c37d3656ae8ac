import { createPublicKey } from "node:crypto";
import { verifyCheckpoint } from "@sigstore/verify/dist/tlog/checkpoint.js";
import { verifyMerkleInclusion } from "@sigstore/verify/dist/tlog/merkle.js";
import { expect, test } from "vitest";
import { keyIdOf } from "#domain/log/note.ts";
import { inclusionProof } from "#domain/log/proofs.ts";
import { hashesOfTiles, tilePath } from "#domain/log/tiles.ts";
import { exportOf, SIGNER } from "./an-export.ts";
import { sha256 } from "./ed25519.ts";
import { refusal } from "./house-records.ts";

type Entry = Parameters<typeof verifyMerkleInclusion>[0];

const x = Buffer.from(SIGNER.key.publicKey).toString("base64url");
const AUTHORITY = {
  logID: Buffer.from(keyIdOf(sha256, SIGNER.key)),
  publicKey: createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" }),
  baseURL: "https://smarthome.home",
  validFor: { start: new Date(0), end: new Date(8.64e15) },
};

/** What sigstore's verifier says of an entry, its place, its proof and a signed head. */
const isAccepted = (
  body: Uint8Array,
  index: number,
  hashes: readonly Uint8Array[],
  envelope: string,
): boolean => {
  const entry: Entry = {
    logIndex: String(index),
    logId: { keyId: Buffer.alloc(0) },
    kindVersion: { kind: "", version: "" },
    integratedTime: "0",
    inclusionPromise: undefined,
    canonicalizedBody: Buffer.from(body),
    inclusionProof: {
      logIndex: String(index),
      rootHash: Buffer.alloc(0),
      treeSize: "0",
      hashes: hashes.map((hash) => Buffer.from(hash)),
      checkpoint: { envelope },
    },
  };
  try {
    verifyMerkleInclusion(entry, verifyCheckpoint(entry, [AUTHORITY]));
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error) return false;
    throw error;
  }
};

// REQ: audit-log-forms
test("sigstore's verifier accepts our heads, and our proof of an entry and of no other", async () => {
  const exported = await exportOf(Array.from({ length: 300 }, (_, number) => refusal(number)));
  const hashAt = hashesOfTiles(sha256, 300, async (tile) => {
    const bytes = exported.files.get(tilePath(tile));
    if (bytes === undefined) throw new Error(`${tilePath(tile)} is missing`);
    return bytes;
  });

  const refused: number[] = [];
  const wronglyAccepted: number[] = [];
  for (const index of [0, 1, 2, 127, 128, 254, 255, 256, 257, 298, 299]) {
    const entry = exported.entries[index] ?? new Uint8Array();
    const proof = await inclusionProof(sha256, hashAt, index, 300);
    if (!isAccepted(entry, index, proof, exported.checkpoint)) refused.push(index);
    const other = exported.entries[(index + 1) % 300] ?? entry;
    if (isAccepted(other, index, proof, exported.checkpoint)) wronglyAccepted.push(index);
  }

  expect(refused).toEqual([]);
  expect(wronglyAccepted).toEqual([]);
});

test("sigstore's verifier refuses a head that was edited", async () => {
  const exported = await exportOf([refusal(1), refusal(2)]);
  const [entry = new Uint8Array(), sibling = new Uint8Array()] = exported.entries;
  const leaf = exported.files.get("tile/0/000.p/2")?.slice(32) ?? sibling;

  expect(isAccepted(entry, 0, [leaf], exported.checkpoint)).toBe(true);
  expect(isAccepted(entry, 0, [leaf], exported.checkpoint.replace("\n2\n", "\n3\n"))).toBe(false);
});
