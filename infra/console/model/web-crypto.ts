import type { Sha256 } from "#domain/log/hashing.ts";
import { toHex } from "#domain/sha256.ts";

/** Thrown by the SHA-256 that is handed out, when it has not made a hash yet. */
class HashMissing {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/**
 * Runs a computation of functions/domain/log, whose SHA-256 is synchronous, on WebCrypto, whose is not: it is run until a
 * hash is missing, that one is made, and it is run again. A proof needs some twenty hashes, so that this costs
 * milliseconds, and the browser verifies with the very code that sealed.
 */
export const withWebCrypto = async <T>(compute: (sha256: Sha256) => T | Promise<T>): Promise<T> => {
  const made = new Map<string, Uint8Array>();
  const sha256: Sha256 = (bytes) => {
    const hash = made.get(toHex(bytes));
    if (hash === undefined) throw new HashMissing(bytes.slice());
    return hash;
  };
  for (;;) {
    try {
      return await compute(sha256);
    } catch (missing) {
      if (!(missing instanceof HashMissing)) throw missing;
      const { bytes } = missing;
      made.set(
        toHex(bytes),
        new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(bytes))),
      );
    }
  }
};

/** Checks an Ed25519 signature with WebCrypto. (RFC 8032) */
export const verifyEd25519 = async (
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> => {
  const key = await crypto.subtle.importKey("raw", new Uint8Array(publicKey), "Ed25519", false, [
    "verify",
  ]);
  return crypto.subtle.verify("Ed25519", key, new Uint8Array(signature), new Uint8Array(message));
};
