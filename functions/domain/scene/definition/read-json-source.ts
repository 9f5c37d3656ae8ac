import { HomeError } from "#domain/home-error.ts";
import {
  MAX_DEPTH,
  MAX_TEXT_LENGTH,
  MAX_VALUES,
  type Path,
  problemAt,
  type SceneSource,
  type TextPosition,
} from "./scene-source.ts";

/**
 * Reads a definition written as JSON (RFC 8259), with the place of each value. Unlike JSON.parse it refuses a member
 * that stands twice, of which one would silently win.
 * @throws HomeError `SceneTextInvalid` with line and column
 */
export const readJsonSource = (text: string): SceneSource => {
  const offsets = new Map<string, number>();
  const source = {
    positionOf: (path: Path): TextPosition | undefined => {
      const offset = offsets.get(keyOf(path));
      return offset === undefined ? undefined : positionAt(text, offset);
    },
  };
  if (text.length > MAX_TEXT_LENGTH) {
    throw new HomeError(
      "SceneTextInvalid",
      `The definition has ${text.length} characters; at most ${MAX_TEXT_LENGTH} are allowed.`,
    );
  }
  const reader = new JsonReader(text, (path, offset) => offsets.set(keyOf(path), offset));
  return { value: reader.read(), ...source };
};

const keyOf = (path: Path): string => JSON.stringify(path);

const positionAt = (text: string, offset: number): TextPosition => {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: offset - lineStart + 1 };
};

const SPACE = /[ \t\n\r]*/y;
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null/y;

class JsonReader {
  readonly #text: string;
  readonly #note: (path: Path, offset: number) => void;
  #at = 0;
  #values = 0;

  constructor(text: string, note: (path: Path, offset: number) => void) {
    this.#text = text;
    this.#note = note;
  }

  read(): unknown {
    const value = this.#value([]);
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#wrong("something follows the definition.");
    return value;
  }

  #value(path: Path): unknown {
    this.#skipSpace();
    this.#note(path, this.#at);
    this.#values += 1;
    if (this.#values > MAX_VALUES) throw this.#wrong(`there are more than ${MAX_VALUES} values.`);
    if (path.length > MAX_DEPTH) throw this.#wrong(`it is nested more than ${MAX_DEPTH} deep.`);
    if (this.#take("{")) return this.#object(path);
    if (this.#take("[")) return this.#list(path);
    return this.#plain();
  }

  #object(path: Path): unknown {
    const members = new Map<string, unknown>();
    if (this.#isNext("}")) return {};
    do {
      this.#skipSpace();
      const at = this.#at;
      const name = this.#plain();
      if (typeof name !== "string") throw this.#wrong("a member's name must be a text.", at);
      if (members.has(name)) throw this.#wrong(`${JSON.stringify(name)} stands here twice.`, at);
      this.#need(":");
      members.set(name, this.#value([...path, name]));
    } while (this.#isNext(","));
    this.#need("}");
    return Object.fromEntries(members);
  }

  #list(path: Path): unknown {
    const items: unknown[] = [];
    if (this.#isNext("]")) return items;
    do {
      items.push(this.#value([...path, items.length]));
    } while (this.#isNext(","));
    this.#need("]");
    return items;
  }

  #plain(): unknown {
    TOKEN.lastIndex = this.#at;
    const [token] = TOKEN.exec(this.#text) ?? [];
    if (token === undefined) throw this.#wrong("this is not JSON.");
    try {
      const value: unknown = JSON.parse(token);
      this.#at += token.length;
      return value;
    } catch (cause) {
      throw this.#wrong("this is not JSON.", this.#at, cause);
    }
  }

  #isNext(sign: string): boolean {
    this.#skipSpace();
    return this.#take(sign);
  }

  #need(sign: string): void {
    if (!this.#isNext(sign)) throw this.#wrong(`"${sign}" is missing.`);
  }

  #take(sign: string): boolean {
    if (this.#text[this.#at] !== sign) return false;
    this.#at += 1;
    return true;
  }

  #skipSpace(): void {
    SPACE.lastIndex = this.#at;
    this.#at += SPACE.exec(this.#text)?.[0].length ?? 0;
  }

  #wrong(what: string, at = this.#at, cause?: unknown): HomeError {
    const here = { positionOf: () => positionAt(this.#text, at) };
    const problem = problemAt(here, "SceneTextInvalid", [], what);
    return new HomeError(problem.code, problem.message, {
      ...(problem.at === undefined ? {} : { at: problem.at }),
      cause,
    });
  }
}
