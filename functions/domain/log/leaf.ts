import canonicalize from "canonicalize";
import { isObject } from "#domain/json.ts";
import { toHex } from "#domain/sha256.ts";
import { fromBase64Url, toBase64Url } from "./base64.ts";
import { HASH_BYTES, logInvalid, type Sha256 } from "./hashing.ts";

/** What an entry of the log is about. `record` is any record that has no word of its own yet. */
export type LeafKind =
  | "request"
  | "acknowledgement"
  | "outcome"
  | "refusal"
  | "change"
  | "schedule"
  | "look"
  | "erasure"
  | "retention"
  | "key"
  | "record";

/** An entry: what about, when it was sealed (epoch milliseconds), and the commitment to its record. No name, no id. */
export interface Leaf {
  readonly kind: LeafKind;
  readonly at: number;
  readonly commit: Uint8Array;
}

/** A record in DynamoDB's own JSON, e.g. `{"PK":{"S":"…"},"at":{"N":"0.3"}}`: its numbers are texts, and stay so. */
export type Item = Readonly<Record<string, unknown>>;

/** How many random bytes stand between a record and who guesses it. */
export const SALT_BYTES = 32;

/** The one text of a value. (RFC 8785) */
export const jcs = (value: unknown): string => {
  const text = canonicalize(value);
  if (text === undefined) throw logInvalid("There is no JSON of nothing.");
  return text;
};

/**
 * What the log holds of a record: the hash of a salt and the record. Who has both can recompute it; without the salt,
 * which goes with the record, it says nothing about what the record was.
 * @throws HomeError `LogInvalid` when the salt has not 32 bytes
 */
export const commitmentOf = (sha256: Sha256, salt: Uint8Array, item: Item): Uint8Array => {
  if (salt.length !== SALT_BYTES) throw logInvalid(`A salt has ${SALT_BYTES} bytes.`);
  const record = new TextEncoder().encode(jcs(item));
  const bytes = new Uint8Array(SALT_BYTES + record.length);
  bytes.set(salt);
  bytes.set(record, SALT_BYTES);
  return sha256(bytes);
};

/**
 * `sha256:` and the digits of a record's hash: what a caller is given as evidence, and what an outcome lists of the
 * records that it judged by.
 */
export const recordHashOf = (sha256: Sha256, item: Item): string =>
  `sha256:${toHex(sha256(new TextEncoder().encode(jcs(item))))}`;

/** The bytes of an entry. */
export const makeLeaf = ({ kind, at, commit }: Leaf): Uint8Array =>
  // Written in the order that JCS demands; its values need no escaping.
  new TextEncoder().encode(`{"at":${at},"commit":"${toBase64Url(commit)}","kind":"${kind}","v":1}`);

/**
 * Reads an entry's bytes. Only the one text of an entry is read: two texts of one meaning would be two hashes.
 * @throws HomeError `LogInvalid`
 */
export const parseLeaf = (bytes: Uint8Array): Leaf => {
  const wrong = (cause?: unknown) =>
    logInvalid("An entry is not of the form {at, commit, kind, v}.", cause);
  let value: unknown;
  const text = new TextDecoder().decode(bytes);
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw wrong(cause);
  }
  if (!isObject(value)) throw wrong();
  const { kind, at } = value;
  const commit = typeof value.commit === "string" ? fromBase64Url(value.commit) : undefined;
  if (!isLeafKind(kind) || typeof at !== "number" || !Number.isSafeInteger(at)) throw wrong();
  if (commit?.length !== HASH_BYTES) throw wrong();
  const leaf: Leaf = { kind, at, commit };
  if (new TextDecoder().decode(makeLeaf(leaf)) !== text) throw wrong();
  return leaf;
};

const KINDS: readonly unknown[] = [
  "request",
  "acknowledgement",
  "outcome",
  "refusal",
  "change",
  "schedule",
  "look",
  "erasure",
  "retention",
  "key",
  "record",
] satisfies LeafKind[];

const isLeafKind = (value: unknown): value is LeafKind => KINDS.includes(value);
