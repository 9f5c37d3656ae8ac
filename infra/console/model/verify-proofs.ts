import { fromBase64 } from "#domain/log/base64.ts";
import { parseCheckpoint } from "#domain/log/checkpoint.ts";
import { leafHashOf, type Sha256, sameBytes } from "#domain/log/hashing.ts";
import { commitmentOf, parseLeaf } from "#domain/log/leaf.ts";
import { isSignedBy, parseNote, parseVkey, type VerifyEd25519 } from "#domain/log/note.ts";
import { provesInclusion } from "#domain/log/proofs.ts";
import type { VerifiedRun, VerifiedRuns } from "./answers.ts";
import { withWebCrypto } from "./web-crypto.ts";

/** A log's head, whose signature this browser checked. */
export interface Head {
  readonly origin: string;
  readonly key: string;
  readonly entries: number;
  /** Base64. */
  readonly root: string;
}

/** How a head stands to the one that this browser saw last. */
export type Continuity =
  | { readonly is: "first" }
  | { readonly is: "goes_on"; readonly seenEntries: number; readonly seenAt: string }
  | { readonly is: "other_key" }
  | { readonly is: "shrunk"; readonly seenEntries: number }
  | { readonly is: "rewritten"; readonly seenEntries: number };

/** What this browser found of a run's records. */
export type ProofFinding =
  | { readonly is: "proved"; readonly records: number; readonly entries: readonly number[] }
  | { readonly is: "not_sealed"; readonly records: number; readonly sealed: number }
  | { readonly is: "broken"; readonly what: readonly string[] }
  | { readonly is: "no_records" };

/** Checks a head's signature by its key. @throws HomeError `LogInvalid` for what is no head, or not signed by the key */
export const verifyHead = async (
  head: VerifiedRuns["head"],
  verifyEd25519: VerifyEd25519,
): Promise<Head | undefined> =>
  withWebCrypto(async (sha256) => {
    const key = parseVkey(sha256, head.key);
    const note = parseNote(head.note);
    if ((await isSignedBy(sha256, verifyEd25519, note, key)) !== "signed") return undefined;
    const { origin, size } = parseCheckpoint(note.text);
    const [, , root = ""] = note.text.split("\n");
    return origin === key.name ? { origin, key: head.key, entries: size, root } : undefined;
  });

/** Recomputes each record's commitment, its entry, and the way from there to the head's root. */
export const verifyRun = async (run: VerifiedRun, head: Head): Promise<ProofFinding> => {
  const { proofs = [] } = run;
  if (run.records === 0) return { is: "no_records" };
  if (run.broken !== undefined && run.broken.length > 0) return { is: "broken", what: run.broken };
  const wrong: string[] = [];
  for (const proof of proofs) {
    if (!(await withWebCrypto((sha256) => isProved(sha256, proof, head)))) wrong.push(proof.record);
  }
  if (wrong.length > 0) return { is: "broken", what: wrong };
  if (proofs.length < run.records) {
    return { is: "not_sealed", records: run.records, sealed: proofs.length };
  }
  return { is: "proved", records: run.records, entries: proofs.map(({ index }) => index) };
};

type Proof = NonNullable<VerifiedRun["proofs"]>[number];

const isProved = (
  sha256: Sha256,
  { item, index, entry, salt, hashes }: Proof,
  head: Head,
): boolean => {
  const bytes = new TextEncoder().encode(entry);
  const [saltBytes, root] = [fromBase64(salt), fromBase64(head.root)];
  const way = hashes.map(fromBase64).filter((hash) => hash !== undefined);
  if (saltBytes === undefined || root === undefined || way.length < hashes.length) return false;
  return (
    sameBytes(parseLeaf(bytes).commit, commitmentOf(sha256, saltBytes, item)) &&
    provesInclusion(
      sha256,
      { index, size: head.entries, leafHash: leafHashOf(sha256, bytes), root },
      way,
    )
  );
};

/** A head as a browser remembers it. */
export interface SeenHead extends Head {
  /** ISO 8601. */
  readonly at: string;
}

/** A browser that remembers is a witness: a log that shrinks, or whose past changes, is found by who looked before. */
export const continuityOf = (head: Head, seen: SeenHead | undefined): Continuity => {
  if (seen === undefined) return { is: "first" };
  const seenEntries = seen.entries;
  if (seen.key !== head.key) return { is: "other_key" };
  if (head.entries < seenEntries) return { is: "shrunk", seenEntries };
  if (head.entries === seenEntries && head.root !== seen.root) {
    return { is: "rewritten", seenEntries };
  }
  return { is: "goes_on", seenEntries, seenAt: seen.at };
};
