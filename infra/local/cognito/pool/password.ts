import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import type { PasswordPolicy } from "./pool.ts";

// 2^14 × 8: 16 MiB and about 40 ms a try.
const COST = 16_384;
const BLOCK = 8;

const derive = (password: string, salt: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(password.normalize("NFKC"), salt, 32, { N: COST, r: BLOCK, p: 1 }, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });

/** A salted scrypt hash, as it is stored. */
export const hashPassword = async (password: string): Promise<string> => {
  const salt = randomBytes(16);
  const key = await derive(password, salt);
  return `scrypt$${salt.toString("base64url")}$${key.toString("base64url")}`;
};

const NOBODY = { salt: randomBytes(16), key: randomBytes(32) };

/**
 * Whether the password is the one that was hashed. Without a hash it takes as long and says no, so
 * that time does not tell which users exist.
 */
export const verifyPassword = async (
  password: string,
  hash: string | undefined,
): Promise<boolean> => {
  const [, salt, key] = hash?.split("$") ?? [];
  const expected = key === undefined ? NOBODY.key : Buffer.from(key, "base64url");
  const actual = await derive(
    password,
    salt === undefined ? NOBODY.salt : Buffer.from(salt, "base64url"),
  );
  return timingSafeEqual(actual, expected) && hash !== undefined;
};

// The symbols of https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html
const SYMBOL = /[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+\- ]/;

/** Why the password is too weak, in the words of Cognito; absent when it is good. */
export const passwordWeakness = (password: string, policy: PasswordPolicy): string | undefined => {
  if (password !== password.trim()) return "Password cannot begin or end with a space";
  if (password.length < policy.minimumLength) return "Password not long enough";
  if (password.length > 256) return "Password too long";
  if (policy.requireNumbers && !/\d/.test(password)) return "Password must have numeric characters";
  if (policy.requireLowercase && !/[a-z]/.test(password)) {
    return "Password must have lowercase characters";
  }
  if (policy.requireUppercase && !/[A-Z]/.test(password)) {
    return "Password must have uppercase characters";
  }
  if (policy.requireSymbols && !SYMBOL.test(password))
    return "Password must have symbol characters";
  return undefined;
};
