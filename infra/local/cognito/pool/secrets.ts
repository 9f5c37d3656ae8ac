import { createHash, createHmac, randomBytes } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";

/**
 * The client secrets and first passwords of one data directory. They are derived from one random
 * master secret, so that they survive a restart without any of them being stored.
 */
export interface Secrets {
  /** 52 lower-case letters and digits, as Cognito's. */
  clientSecret(clientId: string): string;
  /** Satisfies every password policy that Cognito can express. */
  firstPassword(poolId: string, username: string, minimumLength: number): string;
}

const ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

/** Reads the master secret, or makes it at the first start. */
export const openSecrets = (store: DatabaseSync): Secrets => {
  const known = store.prepare("select secret from master_secret").get()?.secret;
  const master = known instanceof Uint8Array ? known : randomBytes(32);
  if (known === undefined) store.prepare("insert into master_secret values (?)").run(master);
  const derive = (label: string): Buffer => createHmac("sha512", master).update(label).digest();
  return {
    clientSecret: (clientId) =>
      [...derive(`client-secret\n${clientId}`)]
        .slice(0, 52)
        .map((byte) => ALPHABET[byte % ALPHABET.length])
        .join(""),
    firstPassword: (poolId, username, minimumLength) => {
      const letters = derive(`first-password\n${poolId}\n${username}`).toString("base64url");
      // One of each kind at the end, the rest random: 16 characters of 6 bits at the least.
      return `${letters.replaceAll(/[-_]/g, "x").slice(0, Math.max(16, minimumLength - 4))}Aa1!`;
    },
  };
};

/** How codes, session cookies and refresh tokens are kept: they are random, so a plain digest is enough. */
export const digest = (token: string): string => createHash("sha256").update(token).digest("hex");

/** 256 random bits, for codes, cookies and refresh tokens. */
export const randomToken = (): string => randomBytes(32).toString("base64url");
