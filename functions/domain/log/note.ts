import { toHex } from "#domain/sha256.ts";
import { fromBase64, toBase64 } from "./base64.ts";
import { logInvalid, type Sha256, sameBytes } from "./hashing.ts";

// https://c2sp.org/signed-note

/** One signature of a note: whose, with which key, and the bytes. */
export interface NoteSignature {
  readonly name: string;
  /** The first four bytes of the key's hash. */
  readonly keyId: Uint8Array;
  readonly signature: Uint8Array;
}

/** A text, which ends in a line feed, and who signed it. */
export interface Note {
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** A public Ed25519 key that signs notes under a name. */
export interface NoteKey {
  readonly name: string;
  /** 32 bytes. (RFC 8032) */
  readonly publicKey: Uint8Array;
}

/** Checks an Ed25519 signature of a message; handed in, as SHA-256 is. */
export type VerifyEd25519 = (
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
) => boolean | Promise<boolean>;

/** What is signed: the text's bytes, its last line feed included. */
export const signedBytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The key's id: the first four bytes of SHA-256(name, line feed, type of signature, key). */
export const keyIdOf = (sha256: Sha256, { name, publicKey }: NoteKey): Uint8Array =>
  sha256(Uint8Array.of(...new TextEncoder().encode(`${name}\n`), ED25519_TYPE, ...publicKey)).slice(
    0,
    KEY_ID_BYTES,
  );

/** The signed note of a text. */
export const signedNote = (
  sha256: Sha256,
  text: string,
  key: NoteKey,
  signature: Uint8Array,
): string => `${text}\n— ${key.name} ${toBase64(joined(keyIdOf(sha256, key), signature))}\n`;

/**
 * Reads a signed note. Who trusts its text must have checked a signature before (`isSignedBy`).
 * @throws HomeError `LogInvalid`
 */
export const parseNote = (note: string): Note => {
  // Control characters other than the line feed could hide text in a terminal.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the clause names them.
  if (/[\u0000-\u0009\u000b-\u001f\ufffd]/.test(note) || !note.isWellFormed()) {
    throw logInvalid("The note has characters that a note must not have.");
  }
  const end = note.lastIndexOf("\n\n");
  const lines = note.slice(end + 2).split("\n");
  if (end < 0 || lines.pop() !== "" || lines.length === 0) {
    throw logInvalid("The note is not a text, an empty line and lines of signatures.");
  }
  if (lines.length > MOST_SIGNATURES) throw logInvalid("The note has too many signatures.");
  return { text: note.slice(0, end + 1), signatures: lines.map(parseSignature) };
};

const parseSignature = (line: string): NoteSignature => {
  const [, name, text] = SIGNATURE_LINE.exec(line) ?? [];
  const bytes = fromBase64(text ?? "");
  if (name === undefined || bytes === undefined || bytes.length <= KEY_ID_BYTES) {
    throw logInvalid("A signature line of the note is not of the form “— name base64”.");
  }
  return { name, keyId: bytes.slice(0, KEY_ID_BYTES), signature: bytes.slice(KEY_ID_BYTES) };
};

/** How a note stands to a key: signed by it, signed wrongly in its name, or not signed by it at all. */
export type Signed = "signed" | "badly signed" | "not signed";

/** Is the note signed by this key? Signatures of keys that nobody asked about are passed over, as the form demands. */
export const isSignedBy = async (
  sha256: Sha256,
  verifyEd25519: VerifyEd25519,
  note: Note,
  key: NoteKey,
): Promise<Signed> => {
  const id = keyIdOf(sha256, key);
  const own = note.signatures.filter(
    ({ name, keyId }) => name === key.name && sameBytes(keyId, id),
  );
  if (own.length === 0) return "not signed";
  for (const { signature } of own) {
    if (signature.length !== SIGNATURE_BYTES) return "badly signed";
    if (!(await verifyEd25519(key.publicKey, signedBytesOf(note.text), signature))) {
      return "badly signed";
    }
  }
  return "signed";
};

/** A key in one line, to be handed on and pinned: name, key id, type and key. (golang.org/x/mod/sumdb/note) */
export const vkeyOf = (sha256: Sha256, key: NoteKey): string =>
  `${key.name}+${toHex(keyIdOf(sha256, key))}+${toBase64(Uint8Array.of(ED25519_TYPE, ...key.publicKey))}`;

/**
 * Reads such a line.
 * @throws HomeError `LogInvalid`
 */
export const parseVkey = (sha256: Sha256, vkey: string): NoteKey => {
  const [, name, id, text] = VKEY.exec(vkey.trim()) ?? [];
  const bytes = fromBase64(text ?? "");
  if (name === undefined || bytes?.[0] !== ED25519_TYPE || bytes.length !== 33) {
    throw logInvalid("The key is not of the form name+id+base64 of an Ed25519 key.");
  }
  const key: NoteKey = { name, publicKey: bytes.slice(1) };
  if (toHex(keyIdOf(sha256, key)) !== id) throw logInvalid("The key's id is not that of the key.");
  return key;
};

const ED25519_TYPE = 1;
const KEY_ID_BYTES = 4;
const SIGNATURE_BYTES = 64;
// The form demands that at least 16 are accepted.
const MOST_SIGNATURES = 100;
const SIGNATURE_LINE = /^— ([^\s+]+) (\S+)$/u;
const VKEY = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/u;

const joined = (one: Uint8Array, other: Uint8Array): Uint8Array => Uint8Array.of(...one, ...other);
