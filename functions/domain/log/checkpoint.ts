import { fromBase64, toBase64 } from "./base64.ts";
import { HASH_BYTES, logInvalid } from "./hashing.ts";
import type { TreeHead } from "./proofs.ts";

// https://c2sp.org/tlog-checkpoint

/** The head of a log: whose it is, how many entries it has, and its root. */
export interface Checkpoint extends TreeHead {
  readonly origin: string;
}

/** The name of a home's log; also the name of the key that signs its heads. */
export const originOf = (home: string): string => `smarthome.${home}`;

/** The text of a head, which is what is signed. */
export const checkpointText = ({ origin, size, root }: Checkpoint): string =>
  `${origin}\n${size}\n${toBase64(root)}\n`;

/**
 * Reads the text of a head.
 * @throws HomeError `LogInvalid`
 */
export const parseCheckpoint = (text: string): Checkpoint => {
  const [, origin, digits, base64] = CHECKPOINT.exec(text) ?? [];
  const size = Number(digits);
  const root = fromBase64(base64 ?? "");
  if (origin === undefined || !Number.isSafeInteger(size) || root?.length !== HASH_BYTES) {
    throw logInvalid(
      "The head is not an origin, a number of entries and a root, each on its line.",
    );
  }
  return { origin, size, root };
};

// Lines that follow the third are somebody's extensions; none of them may be empty.
const CHECKPOINT = /^([^\n]+)\n(0|[1-9]\d*)\n([^\n]+)\n(?:[^\n]+\n)*$/;
