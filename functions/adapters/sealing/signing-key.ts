import { GetPublicKeyCommand, KMSClient, SignCommand } from "@aws-sdk/client-kms";
import { traced } from "#adapters/observed.ts";
import { SDK_CLIENT } from "#adapters/sdk/sdk-client.ts";
import { HomeError } from "#domain/home-error.ts";

/** The key that signs the heads of logs: it is in KMS, and never here. */
export interface SigningKey {
  /** The 32 bytes of the public key. */
  publicKey(): Promise<Uint8Array>;
  /** Plain Ed25519. (RFC 8032 §5.1) */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

// A public key of Ed25519 is twelve bytes that say so, and the key. (RFC 8410 §4)
const SPKI_BYTES = 44;
const KEY_BYTES = 32;

/** @throws HomeError `LogInvalid` when the key is none of Ed25519, or does not sign */
export const openSigningKey = (KeyId: string): SigningKey => {
  const client = traced(new KMSClient(SDK_CLIENT));
  let known: Promise<Uint8Array> | undefined;
  const read = async (): Promise<Uint8Array> => {
    const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId }));
    if (PublicKey?.length === SPKI_BYTES) return PublicKey.slice(-KEY_BYTES);
    throw new HomeError("LogInvalid", `${KeyId} is no key of Ed25519.`);
  };
  return {
    publicKey: () => {
      known ??= read().catch((error: unknown) => {
        // The next one asks again.
        known = undefined;
        throw error;
      });
      return known;
    },
    sign: async (message) => {
      const { Signature } = await client.send(
        new SignCommand({
          KeyId,
          Message: message,
          // ED25519_PH_SHA_512 would sign a hash, which no verifier of notes expects.
          MessageType: "RAW",
          SigningAlgorithm: "ED25519_SHA_512",
        }),
      );
      if (Signature !== undefined) return Signature;
      throw new HomeError("LogInvalid", `${KeyId} did not sign.`);
    },
  };
};
