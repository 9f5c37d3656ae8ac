import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Tags,
} from "yaml";
import { HomeError } from "#domain/home-error.ts";
import {
  MAX_DEPTH,
  MAX_TEXT_LENGTH,
  MAX_VALUES,
  type Path,
  problemAt,
  type SceneSource,
  type TextPosition,
} from "#domain/scene/definition/scene-source.ts";

/** Something that only Home Assistant can resolve, such as `!secret wifi_password`. */
export class AssistantTag {
  readonly tag: string;

  constructor(tag: string) {
    this.tag = tag;
  }
}

// What aliases may make of the text: a colour that is repeated, and never a bomb.
const MAX_ALIASES = 1_000;
// YAML 1.1 reads 12:30 as 750 and 2026-11-27 as a moment; nobody means that here.
const LEFT_OUT = ["timestamp", "binary", "omap", "pairs", "set"];
const ASSISTANT_TAGS = [
  "!include",
  "!include_dir_list",
  "!include_dir_merge_list",
  "!include_dir_merge_named",
  "!include_dir_named",
  "!secret",
  "!env_var",
  "!input",
];

/**
 * Reads YAML as Home Assistant does (1.1: `on` and `yes` are true), with the place of each value.
 * @throws HomeError `SceneTextInvalid` with line and column: bad syntax, a key that stands twice, tags nobody knows,
 * aliases that grow beyond bounds
 */
export const readYamlSource = (text: string): SceneSource => {
  if (text.length > MAX_TEXT_LENGTH) {
    throw new HomeError(
      "SceneTextInvalid",
      `The file has ${text.length} characters; at most ${MAX_TEXT_LENGTH} are allowed.`,
    );
  }
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: "1.1",
    // The library compares each key with every other, which takes seconds for ten thousand; ValueReader does not.
    uniqueKeys: false,
    lineCounter: lines,
    prettyErrors: false,
    customTags: (tags) => [...withoutSurprises(tags), ...ASSISTANT_TAGS.map(assistantTag)],
  });
  const at = (offset: number): TextPosition => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) throw textProblem(at(problem.pos[0]), problem.message);
  const reader = new ValueReader(document, (offset, what) => textProblem(at(offset), what));
  return {
    value: reader.read(),
    positionOf: (path) => {
      const offset = offsetOf(document, path);
      return offset === undefined ? undefined : at(offset);
    },
  };
};

const textProblem = (position: TextPosition, what: string): HomeError =>
  problemAt({ positionOf: () => position }, "SceneTextInvalid", [], what);

const withoutSurprises = (tags: Tags): Tags =>
  tags.filter(
    (tag) =>
      typeof tag === "string" ||
      (tag.format !== "TIME" && !LEFT_OUT.some((name) => tag.tag.endsWith(`:${name}`))),
  );

const assistantTag = (tag: string): Exclude<Tags[number], string> => ({
  tag,
  resolve: () => new AssistantTag(tag),
});

/** Makes plain values of nodes. Not the library's own, which follows each alias anew: here all values are counted. */
class ValueReader {
  readonly #document: Document.Parsed;
  readonly #wrong: (offset: number, what: string) => HomeError;
  #values = 0;
  #aliases = 0;

  constructor(document: Document.Parsed, wrong: (offset: number, what: string) => HomeError) {
    this.#document = document;
    this.#wrong = wrong;
  }

  read(): unknown {
    return this.#value(this.#document.contents, 0);
  }

  #value(node: unknown, depth: number): unknown {
    const offset = offsetOfNode(node);
    this.#values += 1;
    if (this.#values > MAX_VALUES) {
      throw this.#wrong(offset, `there are more than ${MAX_VALUES} values, aliases followed.`);
    }
    if (depth > MAX_DEPTH) throw this.#wrong(offset, `it is nested more than ${MAX_DEPTH} deep.`);
    if (isAlias(node)) {
      this.#aliases += 1;
      const meant = node.resolve(this.#document);
      if (meant === undefined || this.#aliases > MAX_ALIASES) {
        throw this.#wrong(offset, `*${node.source} leads nowhere, or there are too many aliases.`);
      }
      return this.#value(meant, depth + 1);
    }
    if (isMap(node)) return this.#object(node.items, depth);
    if (isSeq(node)) return node.items.map((item) => this.#value(item, depth + 1));
    return isScalar(node) ? node.value : null;
  }

  #object(
    pairs: readonly { readonly key: unknown; readonly value: unknown }[],
    depth: number,
  ): unknown {
    const names = new Set<string>();
    const own = new Map<string, unknown>();
    const merged = new Map<string, unknown>();
    for (const { key, value } of pairs) {
      const name = this.#name(key);
      if (names.has(name)) {
        throw this.#wrong(offsetOfNode(key), `${JSON.stringify(name)} stands here twice.`);
      }
      names.add(name);
      const read = this.#value(value, depth + 1);
      if (name !== "<<") own.set(name, read);
      else for (const [each, one] of mergeable(read)) if (!merged.has(each)) merged.set(each, one);
    }
    return Object.fromEntries([...merged, ...own]);
  }

  #name(key: unknown): string {
    const value = isScalar(key) ? key.value : undefined;
    if (typeof value === "string") return value;
    if (typeof value === "symbol") return "<<";
    if (isScalar(key) && key.source !== undefined) return key.source;
    throw this.#wrong(offsetOfNode(key), "a key must be a text.");
  }
}

const offsetOfNode = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0);

const mergeable = (value: unknown): readonly (readonly [string, unknown])[] => {
  if (Array.isArray(value)) return value.flatMap(mergeable);
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
};

/** Where a value stands; of a member, where its name does. What was merged in stands where its owner does. */
const offsetOf = (document: Document.Parsed, path: Path): number | undefined => {
  let node: Node | null | undefined = document.contents;
  let offset = node?.range?.[0];
  for (const step of path) {
    if (isAlias(node)) return offset;
    if (isMap(node)) {
      const pair: Pair | undefined = node.items.find(
        ({ key }) => isScalar(key) && nameOf(key) === step,
      );
      if (pair === undefined) return offset;
      if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = isNode(pair.value) ? pair.value : null;
    } else if (isSeq(node) && typeof step === "number") {
      const item: unknown = node.items[step];
      if (!isNode(item)) return offset;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else return offset;
  }
  return offset;
};

const nameOf = ({
  value,
  source,
}: {
  readonly value: unknown;
  readonly source?: string;
}): unknown => (typeof value === "string" ? value : source);
