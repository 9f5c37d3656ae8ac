import canonicalize from "canonicalize";
import { toHex } from "#domain/sha256.ts";
import { fromBase64Url, toBase64Url } from "./base64.ts";
import { HASH_BYTES, logInvalid, type Sha256 } from "./hashing.ts";

/** What an entry of the log can be about. `record` is any record that has no word of its own yet. */
export const LEAF_KINDS = [
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
] as const;

export type LeafKind = (typeof LEAF_KINDS)[number];

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

/**
 * The one text of a value. (RFC 8785)
 * @throws HomeError `LogInvalid` for what has none: half a character, no number
 */
export const jcs = (value: unknown): string => {
  let text: string | undefined;
  try {
    text = canonicalize(value);
  } catch (cause) {
    throw logInvalid("a value in it has no canonical JSON.", cause);
  }
  if (text === undefined) throw logInvalid("there is no JSON of nothing.");
  return text;
};

/**
 * What the log holds of a record: the hash of a salt and the record. Who has both can recompute it; without the salt,
 * which goes with the record, it says nothing about what the record was.
 * @throws HomeError `LogInvalid` when the salt has not 32 bytes
 */
export const commitmentOf = (sha256: Sha256, salt: Uint8Array, item: Item): Uint8Array =>
  commitmentOfText(sha256, salt, jcs(item));

/** The same for a record whose one text is made already. */
export const commitmentOfText = (sha256: Sha256, salt: Uint8Array, text: string): Uint8Array => {
  if (salt.length !== SALT_BYTES) throw logInvalid(`A salt has ${SALT_BYTES} bytes.`);
  const record = ENCODER.encode(text);
  const bytes = new Uint8Array(SALT_BYTES + record.length);
  bytes.set(salt);
  bytes.set(record, SALT_BYTES);
  return sha256(bytes);
};

/**
 * `sha256:` and the digits of a record's hash: what a caller is given as evidence, and what an outcome lists of the
 * records that it was judged by.
 */
export const recordHashOf = (sha256: Sha256, item: Item): string => hashOfText(sha256, jcs(item));

/** The same for a text. */
export const hashOfText = (sha256: Sha256, text: string): string =>
  `sha256:${toHex(sha256(ENCODER.encode(text)))}`;

/** The bytes of an entry. */
export const makeLeaf = ({ kind, at, commit }: Leaf): Uint8Array =>
  // Written in the order that JCS demands; its values need no escaping.
  ENCODER.encode(`{"at":${at},"commit":"${toBase64Url(commit)}","kind":"${kind}","v":1}`);

/**
 * Reads an entry's bytes. Only the one text of an entry is read: two texts of one meaning would be two hashes.
 * @throws HomeError `LogInvalid`
 */
export const parseLeaf = (bytes: Uint8Array): Leaf => {
  const [, digits, base64, kind] = LEAF.exec(DECODER.decode(bytes)) ?? [];
  const at = Number(digits);
  const commit = fromBase64Url(base64 ?? "");
  if (commit?.length !== HASH_BYTES || !isLeafKind(kind) || !Number.isSafeInteger(at)) {
    throw logInvalid("it is not of the form {at, commit, kind, v}.");
  }
  return { kind, at, commit };
};

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();
const LEAF = /^\{"at":(0|[1-9]\d*),"commit":"([^"]*)","kind":"([a-z]+)","v":1\}$/;

const KINDS: readonly unknown[] = LEAF_KINDS;

const isLeafKind = (value: unknown): value is LeafKind => KINDS.includes(value);
