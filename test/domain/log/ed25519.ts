import { createPrivateKey, createPublicKey, hash, sign, verify } from "node:crypto";
import { checkpointText } from "#domain/log/checkpoint.ts";
import type { Sha256 } from "#domain/log/hashing.ts";
import { type NoteKey, signedBytesOf, signedNote } from "#domain/log/note.ts";

/** SHA-256 as commands and functions hand it to the log. */
export const sha256: Sha256 = (bytes) => hash("sha256", bytes, "buffer");

/** Ed25519 as commands and functions hand it to the log. */
export const verifyEd25519 = (
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean => {
  const x = Buffer.from(publicKey).toString("base64url");
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  return verify(null, message, key, signature);
};

/** A key that signs heads under a name, and the same one from the same byte. */
export interface Signer {
  readonly key: NoteKey;
  readonly signText: (text: string) => string;
  readonly signHead: (size: number, root: Uint8Array) => string;
}

// PKCS #8's frame around the 32 bytes of an Ed25519 key. (RFC 8410 §7)
const FRAME = Buffer.from("302e020100300506032b657004220420", "hex");

export const signerOf = (name: string, seed: number): Signer => {
  const der = Buffer.concat([FRAME, Buffer.alloc(32, seed)]);
  const privateKey = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const { x = "" } = createPublicKey(privateKey).export({ format: "jwk" });
  const key: NoteKey = { name, publicKey: Uint8Array.from(Buffer.from(x, "base64url")) };
  const signText = (text: string): string =>
    signedNote(sha256, text, key, sign(null, signedBytesOf(text), privateKey));
  return {
    key,
    signText,
    signHead: (size, root) => signText(checkpointText({ origin: name, size, root })),
  };
};
