// https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-functions.html#iot-func-regex-matches
import { SqlFault } from "./rule-sql-tokens.ts";

/** A regular expression of a statement as JavaScript's. */
export interface SqlPattern {
  readonly source: string;
  /** How many groups it captures. */
  readonly groups: number;
  /** It may match a place and no characters. */
  readonly mayBeEmpty: boolean;
}

/** What a part of a pattern is: its source, and what decides whether it may be repeated. */
interface Part {
  readonly source: string;
  readonly mayBeEmpty: boolean;
  readonly groups: number;
  readonly isAssertion: boolean;
  /** It holds a group that captures, and is not just such a group. */
  readonly holdsGroup: boolean;
}

const MAX_REPETITIONS = 1_000;
const MAX_NESTING = 20;
const LINE_TERMINATORS = String.raw`\n\r\u0085\u2028\u2029`;
// Java's `.` leaves out U+0085 too; its `$` is also true before one last line terminator, and not inside of CR LF.
const ANY = `[^${LINE_TERMINATORS}]`;
const END = String.raw`(?=(?:\r\n|[${LINE_TERMINATORS}])?$)(?<!\r(?=\n))`;

/**
 * Reads a regular expression of AWS IoT, which are Java's, and writes it as JavaScript's with flag `u`. Only what
 * means the same in both, or can be said in JavaScript exactly, is taken: literals, `.`, classes, `^`, `$`,
 * alternatives, groups, lookahead, greedy and reluctant repetition.
 * @throws SqlFault for everything else, by name; places are counted from `offset`.
 */
export const parseSqlPattern = (text: string, offset: number): SqlPattern => {
  const characters = [...text];
  let position = 0;
  const peek = (ahead = 0): string => characters[position + ahead] ?? "";
  const refuse = (what: string): never => {
    throw new SqlFault(`${what} in the pattern '${text}'`, offset);
  };
  const take = (expected: string): boolean => {
    if (characters.slice(position, position + expected.length).join("") !== expected) return false;
    position += expected.length;
    return true;
  };

  const alternativesOf = (depth: number): Part => {
    if (depth > MAX_NESTING) return refuse(`more than ${MAX_NESTING} levels of groups`);
    const branches = [sequenceOf(depth)];
    while (take("|")) branches.push(sequenceOf(depth));
    return composed(
      branches,
      "|",
      branches.some(({ mayBeEmpty }) => mayBeEmpty),
    );
  };

  const sequenceOf = (depth: number): Part => {
    const parts: Part[] = [];
    while (position < characters.length && peek() !== "|" && peek() !== ")") {
      parts.push(repeated(atomOf(depth)));
    }
    return composed(
      parts,
      "",
      parts.every(({ mayBeEmpty }) => mayBeEmpty),
    );
  };

  const repeated = (part: Part): Part => {
    const range = repetitionOf();
    if (range === undefined) return part;
    if (part.isAssertion) return refuse("a repeated assertion");
    // What a repetition of nothing captures, and when it ends, is not the same in both.
    if (part.mayBeEmpty) return refuse("a repetition of what may be empty");
    // JavaScript forgets at each turn what a group inside captured; Java does not.
    if (part.holdsGroup) return refuse("a group inside a repetition (write (?:…))");
    if (peek() === "+") return refuse("a possessive repetition");
    const reluctant = take("?") ? "?" : "";
    if (/^[*+?{]$/.test(peek())) return refuse("a repetition of a repetition");
    return {
      ...part,
      source: `${part.source}${range.source}${reluctant}`,
      mayBeEmpty: range.least === 0,
    };
  };

  const repetitionOf = (): { readonly source: string; readonly least: number } | undefined => {
    if (take("*")) return { source: "*", least: 0 };
    if (take("+")) return { source: "+", least: 1 };
    if (take("?")) return { source: "?", least: 0 };
    if (peek() !== "{") return undefined;
    const [whole, least, comma, most] =
      /^\{(\d{1,4})(,?)(\d{0,4})\}/.exec(characters.slice(position).join("")) ?? [];
    if (whole === undefined || (comma === "" && most !== "")) return refuse("{ without {n,m}");
    const bounds = { least: Number(least), most: Number(most === "" ? least : most) };
    if (bounds.least > bounds.most || bounds.most > MAX_REPETITIONS || bounds.most === 0) {
      return refuse(`the bounds ${whole}, which must rise from 0 to at most ${MAX_REPETITIONS},`);
    }
    position += whole.length;
    return { source: whole, least: bounds.least };
  };

  const atomOf = (depth: number): Part => {
    const character = peek();
    if (character === "(") return groupOf(depth);
    if (character === "[") return single(classOf());
    // How a backslash in a text of the statement is read before the pattern is, is not documented.
    if (character === "\\") return refuse("a backslash (write [.] for a dot)");
    if (/^[*+?{]$/.test(character)) return refuse(`${character} with nothing to repeat`);
    position++;
    if (character === "^") return { ...single("^"), ...ASSERTION };
    if (character === "$") return { ...single(END), ...ASSERTION };
    return single(character === "." ? ANY : escaped(character));
  };

  const groupOf = (depth: number): Part => {
    position++;
    const kind = ["?:", "?=", "?!"].find(take) ?? "";
    if (kind === "" && peek() === "?") {
      return refuse("(? other than (?:, (?= and (?! (a flag, a name, a lookbehind)");
    }
    const inner = alternativesOf(depth + 1);
    if (!take(")")) return refuse("( without )");
    const source = `(${kind}${inner.source})`;
    if (kind === "?=" || kind === "?!") return { ...inner, source, ...ASSERTION };
    return kind === "?:" ? { ...inner, source } : { ...inner, source, groups: inner.groups + 1 };
  };

  const classOf = (): string => {
    position++;
    const negated = take("^") ? "^" : "";
    const members: string[] = [];
    while (peek() !== "]") {
      const from = classMember();
      if (peek() !== "-" || peek(1) === "]") {
        members.push(escapedInClass(from));
        continue;
      }
      position++;
      const to = classMember();
      if (codeOf(from) > codeOf(to)) return refuse(`the range ${from}-${to}`);
      members.push(`${escapedInClass(from)}-${escapedInClass(to)}`);
    }
    position++;
    return members.length === 0 ? refuse("an empty class") : `[${negated}${members.join("")}]`;
  };

  const classMember = (): string => {
    const character = peek();
    if (character === "") return refuse("[ without ]");
    if (character === "\\") return refuse("a backslash (write [.] for a dot)");
    // In Java these are a class inside a class and an intersection.
    if (character === "[") return refuse("[ inside a class");
    if (character === "&" && peek(1) === "&") return refuse("&& inside a class");
    if (character === "-" && peek(1) !== "]") return refuse("- inside a class, but as its end");
    position++;
    return character;
  };

  const whole = alternativesOf(0);
  if (position < characters.length) return refuse(") without (");
  return { source: whole.source, groups: whole.groups, mayBeEmpty: whole.mayBeEmpty };
};

const total = (parts: readonly Part[]): number =>
  parts.reduce((sum, { groups }) => sum + groups, 0);

const composed = (parts: readonly Part[], between: string, mayBeEmpty: boolean): Part => ({
  source: parts.map(({ source }) => source).join(between),
  mayBeEmpty,
  groups: total(parts),
  isAssertion: false,
  holdsGroup: total(parts) > 0,
});

const single = (source: string): Part => ({
  source,
  mayBeEmpty: false,
  groups: 0,
  isAssertion: false,
  holdsGroup: false,
});

const ASSERTION = { mayBeEmpty: true, isAssertion: true };

const escaped = (character: string): string =>
  /^[\\^$.*+?()[\]{}|/]$/.test(character) ? `\\${character}` : character;

const escapedInClass = (character: string): string =>
  character === "-" ? "\\-" : escaped(character);

const codeOf = (character: string): number => character.codePointAt(0) ?? 0;
