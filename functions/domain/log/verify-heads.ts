import { HomeError } from "#domain/home-error.ts";
import { toHex } from "#domain/sha256.ts";
import { type Checkpoint, parseCheckpoint } from "./checkpoint.ts";
import { type Faults, visible } from "./fault.ts";
import type { Sha256 } from "./hashing.ts";
import {
  isSignedBy,
  keyIdOf,
  type Note,
  type NoteKey,
  parseNote,
  type VerifyEd25519,
} from "./note.ts";

/** What checks heads: the key that was seen first, and the two functions that the domain does not have. */
export interface HeadChecks {
  readonly sha256: Sha256;
  readonly verifyEd25519: VerifyEd25519;
  readonly key: NoteKey;
}

/**
 * Reads a signed head and holds it against the pinned key; undefined, and a fault, when it cannot be read at all.
 * `what` names it, e.g. `The head`.
 */
export const checkHead = async (
  { sha256, verifyEd25519, key }: HeadChecks,
  signed: string,
  what: string,
  faults: Faults,
): Promise<Checkpoint | undefined> => {
  let note: Note;
  let head: Checkpoint;
  try {
    note = parseNote(signed);
    head = parseCheckpoint(note.text);
  } catch (error) {
    if (!(error instanceof HomeError)) throw error;
    faults.add({ code: "HeadUnreadable", sentence: `${what} cannot be read: ${error.message}` });
    return undefined;
  }
  if (head.origin !== key.name) {
    const sentence = `${what} is of the log ${visible(head.origin)}, not of ${key.name}.`;
    faults.add({ code: "HeadForeign", sentence });
    return head;
  }
  const id = toHex(keyIdOf(sha256, key));
  const signedBy = await isSignedBy(sha256, verifyEd25519, note, key);
  if (signedBy === "badly signed") {
    const sentence = `${what} was changed: it does not bear the signature of the pinned key ${id}.`;
    faults.add({ code: "HeadChanged", sentence });
  }
  if (signedBy === "not signed") {
    const others = note.signatures.map(({ keyId }) => toHex(keyId)).join(", ");
    const sentence = `${what} is signed by the key ${others}, not by the pinned key ${id}.`;
    faults.add({ code: "HeadUnsigned", sentence });
  }
  return head;
};
