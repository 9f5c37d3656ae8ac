// JSONPath as far as a state of JSONPath in a machine of JSONata needs it: https://states-language.net/spec.html#path
import { isArray, isObject, type Json } from "#local/wire/json.ts";
/** A reference path: one value, by names and indexes. */
export interface Path {
  readonly text: string;
  /** `$`, `$$` (the context object), or a variable. */
  readonly root: "input" | "context" | { readonly variable: string };
  readonly steps: readonly (string | number)[];
}

const ROOT = /^\$(\$|[\p{ID_Start}_][\p{ID_Continue}]*)?/u;
const STEP =
  /\.([\p{ID_Start}_][\p{ID_Continue}-]*)|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]/uy;

/** Reads a path, or answers undefined for what is none, or more than a reference path: a filter, a slice, a wildcard. */
export const parsePath = (text: string): Path | undefined => {
  const root = ROOT.exec(text);
  if (root === null) return undefined;
  const steps: (string | number)[] = [];
  STEP.lastIndex = root[0].length;
  while (STEP.lastIndex < text.length) {
    const match = STEP.exec(text);
    if (match === null) return undefined;
    const [, dotted, single, double, index] = match;
    const quoted = single ?? double;
    if (index !== undefined) steps.push(Number(index));
    else steps.push(dotted ?? (quoted ?? "").replace(/\\(.)/g, "$1"));
  }
  const name = root[1];
  if (name === undefined) return { text, root: "input", steps };
  return { text, root: name === "$" ? "context" : { variable: name }, steps };
};

/** Where the roots of paths are read from. */
export interface PathRoots {
  readonly input: Json;
  readonly context: () => Json;
  readonly variable: (name: string) => Json | undefined;
}

/** The value at a path, or undefined where there is none. */
export const readPath = (path: Path, roots: PathRoots): Json | undefined => {
  let value: Json | undefined = rootOf(path, roots);
  for (const step of path.steps) {
    if (typeof step === "number") value = isArray(value) ? value[step] : undefined;
    else value = isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
    if (value === undefined) return undefined;
  }
  return value;
};

const rootOf = (path: Path, roots: PathRoots): Json | undefined => {
  if (path.root === "input") return roots.input;
  if (path.root === "context") return roots.context();
  return roots.variable(path.root.variable);
};

/** A copy of a document with a value at a path; what is missing on the way is made. */
export const writePath = (
  document: Json,
  steps: readonly (string | number)[],
  value: Json,
): Json => {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (typeof step === "number" && isArray(document)) {
    return document.map((item, index) => (index === step ? writePath(item, rest, value) : item));
  }
  const object = isObject(document) ? document : {};
  return { ...object, [String(step)]: writePath(object[String(step)] ?? {}, rest, value) };
};
