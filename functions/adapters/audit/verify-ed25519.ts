import { createPublicKey, verify } from "node:crypto";
import type { VerifyEd25519 } from "#domain/log/note.ts";

// What stands before the 32 bytes of an Ed25519 key in its SubjectPublicKeyInfo. (RFC 8410 §4)
const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

/** Checks an Ed25519 signature. (RFC 8032) */
export const verifyEd25519: VerifyEd25519 = (publicKey, message, signature) => {
  const key = createPublicKey({
    key: Buffer.concat([SPKI_PREFIX, publicKey]),
    format: "der",
    type: "spki",
  });
  return verify(null, message, key, signature);
};
