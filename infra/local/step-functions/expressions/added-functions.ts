// The functions that Step Functions adds: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
import { createHash, randomUUID } from "node:crypto";
import { parseJson } from "../values/json.ts";
import { base64decode, base64encode } from "./base64.ts";
import { formatInteger, formatNumber } from "./format-functions.ts";
import { JsonataError } from "./jsonata-error.ts";

/** One function that an expression can call: its name, JSONata signature and body. */
export interface AddedFunction {
  readonly name: string;
  readonly signature?: string;
  readonly apply: (...args: readonly never[]) => unknown;
}

// JSONata's own range operator stops here, with this code.
const MAX_RANGE = 10_000_000;

const HASHES: Readonly<Record<string, string>> = {
  MD5: "md5",
  "SHA-1": "sha1",
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
};

// A sequence of one is that one, and none is nothing: recorded for $range(1, 9, 9), which is 1 and not [1].
const sequence = (items: readonly number[]): readonly number[] | number | undefined =>
  items.length > 1 ? items : items[0];

const partition = (array: readonly unknown[] | undefined, size: number): unknown => {
  if (array === undefined) return undefined;
  const step = Math.floor(size);
  if (!(step > 0)) {
    throw new JsonataError("D3000", "The chunk size of $partition must be a positive integer.");
  }
  const chunks: unknown[] = [];
  for (let at = 0; at < array.length; at += step) chunks.push(array.slice(at, at + step));
  return chunks;
};

const range = (from: number, to: number, step: number): unknown => {
  if (from === undefined || to === undefined || step === undefined) return undefined;
  const first = Math.floor(from);
  const last = Math.floor(to);
  const delta = Math.floor(step);
  if (delta === 0) throw new JsonataError("D3000", "The step of $range must not be 0.");
  const count = Math.max(0, Math.floor((last - first) / delta) + 1);
  if (count > MAX_RANGE) {
    throw new JsonataError("D2014", `The size of the sequence of $range is too large: ${count}.`);
  }
  return sequence(Array.from({ length: count }, (_, index) => first + index * delta));
};

const hash = (text: string | undefined, algorithm: string): unknown => {
  if (text === undefined) return undefined;
  const known = Object.hasOwn(HASHES, algorithm) ? HASHES[algorithm] : undefined;
  if (known === undefined) {
    throw new JsonataError(
      "D3000",
      `$hash does not know the algorithm "${algorithm}"; it knows ${Object.keys(HASHES).join(", ")}.`,
    );
  }
  return createHash(known).update(text).digest("hex");
};

// The first nextDouble() of java.util.Random: AWS gives 0.7275636800328681 for the seed 42.
// https://docs.oracle.com/javase/8/docs/api/java/util/Random.html
const random = (seed: number | undefined): number => {
  if (seed === undefined) return Math.random();
  const mask = (1n << 48n) - 1n;
  let state = (BigInt(Math.floor(seed)) ^ 0x5deece66dn) & mask;
  const next = (bits: bigint): bigint => {
    state = (state * 0x5deece66dn + 0xbn) & mask;
    return state >> (48n - bits);
  };
  const high = next(26n) << 27n;
  return Number(high + next(27n)) * 2 ** -53;
};

const parse = (text: string | undefined): unknown => {
  if (text === undefined) return undefined;
  const value = parseJson(text);
  if (value === undefined) {
    throw new JsonataError(
      "D3000",
      `$parse was given text that is not JSON: ${text.slice(0, 100)}`,
    );
  }
  return value;
};

// JSONata's own $pad builds the whole padding at once: $pad("", 500000000) would take half a gigabyte in one step.
const MAX_PAD = 10_000_000;

const pad = (text: string | undefined, width: number, filler: string | undefined): unknown => {
  if (text === undefined) return undefined;
  if (Math.abs(width) > MAX_PAD) {
    throw new JsonataError("D3000", `$pad to a width of ${width} is too large.`);
  }
  const missing = Math.max(0, Math.abs(Math.trunc(width)) - [...text].length);
  const units = [...(filler === undefined || filler === "" ? " " : filler)];
  const fill = units.join("").repeat(Math.ceil(missing / units.length));
  const cut = [...fill].slice(0, missing).join("");
  return width > 0 ? text + cut : cut + text;
};

/** All functions beyond JSONata's own, and of its own those that AWS or a process cannot have as they are. */
export const addedFunctions: readonly AddedFunction[] = [
  { name: "partition", signature: "<an:a>", apply: partition },
  { name: "range", signature: "<nnn:x>", apply: range },
  { name: "hash", signature: "<ss:s>", apply: hash },
  { name: "random", signature: "<n?:n>", apply: random },
  { name: "uuid", signature: "<:s>", apply: () => randomUUID() },
  { name: "parse", signature: "<s:x>", apply: parse },
  { name: "pad", signature: "<s-ns?:s>", apply: pad },
  { name: "formatNumber", signature: "<n-so?:s>", apply: formatNumber },
  { name: "formatInteger", signature: "<n-s:s>", apply: formatInteger },
  { name: "base64encode", signature: "<s-:s>", apply: base64encode },
  { name: "base64decode", signature: "<s-:s>", apply: base64decode },
];
