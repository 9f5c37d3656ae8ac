// The functions that Step Functions adds: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
import { createHash, randomUUID } from "node:crypto";
import { holdsExactNumber, isExactNumber, withDoubles } from "../values/exact-number.ts";
import { parseJson } from "../values/json.ts";
import { base64decode, base64encode } from "./base64.ts";
import { LimitExceeded, OUT_OF_MEMORY_MESSAGE } from "./evaluation-error.ts";
import { type Environment, numbersOf } from "./evaluation-limits.ts";
import { formatInteger, formatNumber } from "./format-functions.ts";
import { JsonataError } from "./jsonata-error.ts";
import { CONCATENATION, concatenate, string } from "./string-function.ts";

/** One function that an expression can call: its name, JSONata signature and body. */
export interface AddedFunction {
  readonly name: string;
  readonly signature?: string;
  readonly apply: (...args: readonly never[]) => unknown;
}

// Measured on AWS: $range(1, 360145, 1) is taken, one more is not.
const MAX_RANGE = 360_145;

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

const partition = (array: unknown, size: number | undefined): unknown => {
  if (array === undefined) return undefined;
  if (!Array.isArray(array)) {
    throw new JsonataError(
      "T0412",
      'Argument 1 of function "partition" must be an array of undefined',
    );
  }
  if (array.length === 0) return undefined;
  if (size === undefined) return [array];
  const step = Math.trunc(size);
  if (step < 0) throw new JsonataError("D3137", "Second argument must be zero or greater");
  if (step === 0) return undefined;
  const chunks: unknown[] = [];
  for (let at = 0; at < array.length; at += step) chunks.push(array.slice(at, at + step));
  return chunks;
};

// What is no integer is rounded towards zero: -1.7 is -1.
const range = (
  from: number | undefined,
  to: number | undefined,
  step: number | undefined,
): unknown => {
  if (from === undefined || to === undefined || step === undefined) return undefined;
  const first = Math.trunc(from);
  const last = Math.trunc(to);
  const delta = Math.trunc(step);
  if (delta === 0) return undefined;
  const count = Math.max(0, Math.floor((last - first) / delta) + 1);
  if (count > MAX_RANGE) throw new LimitExceeded(OUT_OF_MEMORY_MESSAGE);
  return sequence(Array.from({ length: count }, (_, index) => first + index * delta));
};

const hash = (text: string | undefined, algorithm: string | undefined): unknown => {
  if (text === undefined || algorithm === undefined) return undefined;
  const known = Object.hasOwn(HASHES, algorithm) ? HASHES[algorithm] : undefined;
  if (known === undefined) {
    throw new JsonataError(
      "D3137",
      `Hash algorithm '${algorithm}' must be one of SHA-1, SHA-384, SHA-256, SHA-512, MD5`,
    );
  }
  return createHash(known).update(text).digest("hex");
};

// The first nextDouble() of java.util.Random: AWS gives 0.7275636800328681 for the seed 42.
// https://docs.oracle.com/javase/8/docs/api/java/util/Random.html
const random = (seed: number | undefined): number => {
  if (seed === undefined) return Math.random();
  const mask = (1n << 48n) - 1n;
  let state = (BigInt(Math.trunc(seed)) ^ 0x5deece66dn) & mask;
  const next = (bits: bigint): bigint => {
    state = (state * 0x5deece66dn + 0xbn) & mask;
    return state >> (48n - bits);
  };
  const high = next(26n) << 27n;
  return Number(high + next(27n)) * 2 ** -53;
};

/** What JSONata gives a function as `this`. */
interface Focus {
  readonly environment: Environment;
}

// AWS's parser refuses a name that stands twice in an object, too.
function parse(this: Focus, text: string | undefined): unknown {
  if (text === undefined) return undefined;
  const value = parseJson(text);
  if (value === undefined || memberCount(value) < writtenMembers(text)) {
    throw new JsonataError("D3137", "Invalid JSON");
  }
  if (!holdsExactNumber(value)) return value;
  const numbers = numbersOf(this.environment);
  if (numbers !== undefined) numbers.met = true;
  return numbers?.asDoubles === true ? withDoubles(value) : value;
}

const memberCount = (value: unknown): number => {
  if (typeof value !== "object" || value === null || isExactNumber(value)) return 0;
  const members = Object.values(value);
  let count = Array.isArray(value) ? 0 : members.length;
  for (const member of members) count += memberCount(member);
  return count;
};

// In JSON text a colon outside of a text stands for a member.
const writtenMembers = (text: string): number =>
  text.replace(/"(?:[^"\\]|\\.)*"/g, "").match(/:/g)?.length ?? 0;

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
  { name: "partition", signature: "<xn?:x>", apply: partition },
  { name: "range", signature: "<nnn?:x>", apply: range },
  { name: "hash", signature: "<ss?:s>", apply: hash },
  { name: "random", signature: "<n?:n>", apply: random },
  { name: "uuid", signature: "<:s>", apply: () => randomUUID() },
  { name: "parse", signature: "<s?:x>", apply: parse },
  { name: "string", signature: "<x-b?:s>", apply: string },
  { name: CONCATENATION, apply: concatenate },
  { name: "pad", signature: "<s-ns?:s>", apply: pad },
  { name: "formatNumber", signature: "<n-so?:s>", apply: formatNumber },
  { name: "formatInteger", signature: "<n-s:s>", apply: formatInteger },
  { name: "base64encode", signature: "<s-:s>", apply: base64encode },
  { name: "base64decode", signature: "<s-:s>", apply: base64decode },
];
