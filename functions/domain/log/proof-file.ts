import { fromBase64, toBase64 } from "./base64.ts";
import { HASH_BYTES, logInvalid } from "./hashing.ts";

// https://c2sp.org/tlog-proof

/** The proof that an entry is in a log, with the signed head that it is proved against. */
export interface ProofFile {
  readonly index: number;
  /** The leaf's sibling first. */
  readonly hashes: readonly Uint8Array[];
  /** The signed note of the head. */
  readonly checkpoint: string;
  /** What is needed beside it to make the entry: nothing vouches for it but that. */
  readonly extra?: Uint8Array;
}

/** The text of a proof, for a file that ends in `.tlog-proof`. */
export const proofFileText = ({ index, hashes, checkpoint, extra }: ProofFile): string =>
  [
    FIRST_LINE,
    ...(extra === undefined ? [] : [`extra ${toBase64(extra)}`]),
    `index ${index}`,
    ...hashes.map(toBase64),
    "",
    checkpoint,
  ].join("\n");

/**
 * Reads such a text.
 * @throws HomeError `LogInvalid`
 */
export const parseProofFile = (text: string): ProofFile => {
  const [, extraText, digits, proof, checkpoint] = PROOF_FILE.exec(text) ?? [];
  const index = Number(digits);
  const extra = extraText === undefined ? undefined : fromBase64(extraText);
  if (proof === undefined || checkpoint === undefined || !Number.isSafeInteger(index)) {
    throw logInvalid("The proof is not of the form of c2sp.org/tlog-proof@v1.");
  }
  if (extraText !== undefined && extra === undefined) {
    throw logInvalid("The proof's extra line is not base64.");
  }
  const hashes = proof.split("\n").slice(0, -1).map(parseHash);
  return { index, hashes, checkpoint, ...(extra === undefined ? {} : { extra }) };
};

const parseHash = (line: string): Uint8Array => {
  const hash = fromBase64(line);
  if (hash?.length !== HASH_BYTES) throw logInvalid("A line of the proof is not a hash.");
  return hash;
};

const FIRST_LINE = "c2sp.org/tlog-proof@v1";
const PROOF_FILE =
  /^c2sp\.org\/tlog-proof@v1\n(?:extra (\S*)\n)?index (0|[1-9]\d*)\n((?:[^\n]+\n)*)\n([\s\S]+)$/;
