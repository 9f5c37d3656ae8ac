import { randomBytes } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from "jose";

/** Cognito signs access tokens and ID tokens with different keys of the same pool. */
export type KeyPurpose = "access" | "id";

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
}

/** A public key as Cognito publishes it. */
export interface PublishedKey {
  readonly alg: "RS256";
  readonly e: string;
  readonly kid: string;
  readonly kty: "RSA";
  readonly n: string;
  readonly use: "sig";
}

/** The keys of all pools of one data directory. */
export interface SigningKeys {
  /** The key that signs now. */
  current(poolId: string, purpose: KeyPurpose): SigningKey;
  /** Every key that may have signed a token that is still valid. */
  published(poolId: string): readonly PublishedKey[];
  /** New keys sign from now on; the old public keys stay published. */
  rotate(poolId: string): Promise<void>;
}

interface StoredKey extends SigningKey {
  readonly poolId: string;
  readonly purpose: KeyPurpose;
  readonly publicKey: PublishedKey;
}

const PURPOSES = ["access", "id"] as const;

/** Reads the keys of the pools, and makes those that are missing (RSA, 2048 bit). */
export const openSigningKeys = async (
  store: DatabaseSync,
  poolIds: readonly string[],
  now: () => number,
): Promise<SigningKeys> => {
  let keys: readonly StoredKey[] = [];
  const load = async (): Promise<void> => {
    // The newest first: it is the one that signs.
    const rows = store
      .prepare(
        "select pool_id, kid, purpose, private_jwk from signing_key order by created_at desc, rowid desc",
      )
      .all();
    keys = await Promise.all(rows.map(storedKey));
  };
  const make = async (poolId: string, purpose: KeyPurpose): Promise<void> => {
    const { privateKey } = await generateKeyPair("RS256", {
      modulusLength: 2048,
      extractable: true,
    });
    store
      .prepare("insert into signing_key values (?, ?, ?, ?, ?)")
      // A kid of Cognito is 32 bytes in base64.
      .run(
        poolId,
        randomBytes(32).toString("base64"),
        purpose,
        JSON.stringify(await exportJWK(privateKey)),
        now(),
      );
  };
  await load();
  const missing = poolIds.flatMap((poolId) =>
    PURPOSES.filter(
      (purpose) => !keys.some((k) => k.poolId === poolId && k.purpose === purpose),
    ).map((purpose) => make(poolId, purpose)),
  );
  await Promise.all(missing);
  if (missing.length > 0) await load();
  return {
    current: (poolId, purpose) => {
      const key = keys.find((k) => k.poolId === poolId && k.purpose === purpose);
      if (key === undefined) throw new Error(`no ${purpose} key for pool ${poolId}`);
      return key;
    },
    published: (poolId) => keys.filter((k) => k.poolId === poolId).map((k) => k.publicKey),
    rotate: async (poolId) => {
      await Promise.all(PURPOSES.map((purpose) => make(poolId, purpose)));
      await load();
    },
  };
};

const storedKey = async (row: Record<string, unknown>): Promise<StoredKey> => {
  const jwk = JSON.parse(String(row.private_jwk)) as JWK;
  const privateKey = await importJWK({ ...jwk, alg: "RS256" }, "RS256");
  if (privateKey instanceof Uint8Array) throw new Error("a signing key is not an RSA key");
  const kid = String(row.kid);
  return {
    poolId: String(row.pool_id),
    purpose: row.purpose === "id" ? "id" : "access",
    kid,
    privateKey,
    publicKey: { alg: "RS256", e: jwk.e ?? "", kid, kty: "RSA", n: jwk.n ?? "", use: "sig" },
  };
};
