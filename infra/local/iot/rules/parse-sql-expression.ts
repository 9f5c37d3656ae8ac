// https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-operators.html
import {
  SQL_CAST_TYPES,
  SQL_FUNCTIONS,
  SQL_PATTERN_FUNCTIONS,
  type SqlCastType,
  type SqlComparison,
  type SqlExpression,
  type SqlFunction,
  type SqlPatternFunction,
} from "./rule-sql.ts";
import type { SqlReader } from "./rule-sql-reader.ts";
import { SqlFault } from "./rule-sql-tokens.ts";
import { parseSqlPattern } from "./sql-pattern.ts";
import { parseSqlReplacement } from "./sql-replacement.ts";
import { parseSqlTimePattern } from "./sql-time.ts";

const MAX_NESTING = 50;
const LITERALS: ReadonlyMap<string, boolean | null> = new Map([
  ["TRUE", true],
  ["FALSE", false],
  ["NULL", null],
]);
const RESERVED = new Set(["SELECT", "FROM", "WHERE", "AS", "AND", "OR", "NOT", "CASE", "IN"]);
const KNOWN = [
  "cast",
  "encode",
  "parse_time",
  ...Object.keys(SQL_FUNCTIONS),
  ...Object.keys(SQL_PATTERN_FUNCTIONS),
].sort();
const COMPARISONS: readonly SqlComparison[] = ["=", "<>", "<=", ">=", "<", ">"];

/** OR binds least, then AND, then NOT, then the comparisons, which do not chain, then +. */
export const parseSqlExpression = (reader: SqlReader): SqlExpression => orOf(reader, 0);

const orOf = (reader: SqlReader, depth: number): SqlExpression => {
  let left = andOf(reader, depth);
  while (reader.tryKeyword("OR")) left = { kind: "or", left, right: andOf(reader, depth) };
  return left;
};

const andOf = (reader: SqlReader, depth: number): SqlExpression => {
  let left = notOf(reader, depth);
  while (reader.tryKeyword("AND")) left = { kind: "and", left, right: notOf(reader, depth) };
  return left;
};

const notOf = (reader: SqlReader, depth: number): SqlExpression => {
  if (depth > MAX_NESTING) return reader.fail(`at most ${MAX_NESTING} levels of nesting`);
  return reader.tryKeyword("NOT")
    ? { kind: "not", operand: notOf(reader, depth + 1) }
    : comparisonOf(reader, depth);
};

const comparisonOf = (reader: SqlReader, depth: number): SqlExpression => {
  const left = sumOf(reader, depth);
  const operator = COMPARISONS.find((each) => reader.trySymbol(each));
  if (operator === undefined) return left;
  const right = sumOf(reader, depth);
  if (COMPARISONS.some((each) => reader.peek().kind === "symbol" && reader.peek().text === each)) {
    return reader.fail("no second comparison; use AND");
  }
  return { kind: "compare", operator, left, right };
};

const sumOf = (reader: SqlReader, depth: number): SqlExpression => {
  let left = operandOf(reader, depth);
  while (reader.trySymbol("+")) left = { kind: "plus", left, right: operandOf(reader, depth) };
  return left;
};

const operandOf = (reader: SqlReader, depth: number): SqlExpression => {
  const token = reader.peek();
  if (reader.trySymbol("(")) {
    const inner = orOf(reader, depth + 1);
    reader.symbol(")");
    return inner;
  }
  if (reader.trySymbol("-")) {
    if (reader.peek().kind !== "number") return reader.fail("a number after -");
    return { kind: "literal", value: -Number(reader.next().text) };
  }
  if (token.kind === "string") return { kind: "literal", value: reader.next().text };
  if (token.kind === "number") return { kind: "literal", value: Number(reader.next().text) };
  if (token.kind !== "word") return reader.fail("a value");
  const literal = LITERALS.get(token.text.toUpperCase());
  if (literal !== undefined) {
    reader.next();
    return { kind: "literal", value: literal };
  }
  if (RESERVED.has(token.text.toUpperCase())) return reader.fail("a value");
  const follower = reader.peek(1);
  return follower.kind === "symbol" && follower.text === "("
    ? callOf(reader, depth)
    : pathOf(reader);
};

const pathOf = (reader: SqlReader): SqlExpression => {
  const members = [reader.word()];
  while (reader.trySymbol(".")) members.push(reader.word());
  return { kind: "path", members };
};

const callOf = (reader: SqlReader, depth: number): SqlExpression => {
  const { text, offset } = reader.next();
  reader.symbol("(");
  const call = callBody(reader, text, offset, depth);
  reader.symbol(")");
  const follower = reader.peek();
  if (follower.kind === "symbol" && follower.text === ".") {
    return reader.fail(`nothing after ${text}(…); use get()`);
  }
  return call;
};

const callBody = (
  reader: SqlReader,
  name: string,
  offset: number,
  depth: number,
): SqlExpression => {
  const known = KNOWN.find((each) => each.toLowerCase() === name.toLowerCase());
  if (known === "encode") return encodeOf(reader, depth);
  if (known === "cast") return castOf(reader, depth);
  if (known === "parse_time") return timeOf(reader, depth);
  if (known !== undefined && isPatternFunction(known)) return regexpOf(reader, known, depth);
  if (known === undefined || !isSqlFunction(known)) {
    throw new SqlFault(`the function ${name}; known: ${KNOWN.join(", ")}`, offset);
  }
  const list = argumentsOf(reader, depth);
  const { least, most } = SQL_FUNCTIONS[known];
  if (list.length < least || list.length > most) {
    throw new SqlFault(`${name} with ${list.length} arguments`, offset);
  }
  return { kind: "call", name: known, arguments: list };
};

const argumentsOf = (reader: SqlReader, depth: number): readonly SqlExpression[] => {
  const follower = reader.peek();
  if (follower.kind === "symbol" && follower.text === ")") return [];
  const list = [orOf(reader, depth + 1)];
  while (reader.trySymbol(",")) list.push(orOf(reader, depth + 1));
  return list;
};

const encodeOf = (reader: SqlReader, depth: number): SqlExpression => {
  const value = reader.trySymbol("*") ? undefined : orOf(reader, depth + 1);
  reader.symbol(",");
  const scheme = reader.string();
  if (scheme.text !== "base64") {
    throw new SqlFault(`the encoding '${scheme.text}'; known: 'base64'`, scheme.offset);
  }
  return { kind: "encode", ...(value === undefined ? {} : { value }) };
};

const castOf = (reader: SqlReader, depth: number): SqlExpression => {
  const value = orOf(reader, depth + 1);
  reader.keyword("AS");
  const { offset } = reader.peek();
  const name = reader.word();
  const type = castType(name.toLowerCase());
  if (type === undefined) {
    throw new SqlFault(
      `the type ${name}; known: ${Object.keys(SQL_CAST_TYPES).join(", ")}`,
      offset,
    );
  }
  return { kind: "cast", value, type };
};

/** The pattern is a text of the statement, and the time zone UTC, which is also the default. */
const timeOf = (reader: SqlReader, depth: number): SqlExpression => {
  const { text, offset } = reader.string();
  const pattern = parseSqlTimePattern(text, offset);
  reader.symbol(",");
  const value = orOf(reader, depth + 1);
  if (reader.trySymbol(",")) {
    const zone = reader.string();
    if (zone.text !== "UTC") {
      throw new SqlFault(`the time zone '${zone.text}'; known: 'UTC'`, zone.offset);
    }
  }
  return { kind: "time", pattern, value };
};

/** A pattern or replacement that comes from the message is refused: what it means in Java could not be checked. */
const regexpOf = (reader: SqlReader, name: SqlPatternFunction, depth: number): SqlExpression => {
  const value = orOf(reader, depth + 1);
  reader.symbol(",");
  const { text, offset } = reader.string();
  const { source, groups, mayBeEmpty } = parseSqlPattern(text, offset);
  const pattern = new RegExp(source, "gu");
  if (SQL_PATTERN_FUNCTIONS[name] === 1) {
    return { kind: "regexp", name, value, pattern, replacement: [] };
  }
  // Java finds a place in the middle of a character of two UTF-16 units too.
  if (mayBeEmpty) throw new SqlFault("the replacement of a pattern that may be empty", offset);
  reader.symbol(",");
  const third = reader.string();
  const replacement = parseSqlReplacement(third.text, groups, third.offset);
  return { kind: "regexp", name, value, pattern, replacement };
};

const isPatternFunction = (name: string): name is SqlPatternFunction =>
  Object.hasOwn(SQL_PATTERN_FUNCTIONS, name);

const isSqlFunction = (name: string): name is SqlFunction => Object.hasOwn(SQL_FUNCTIONS, name);

const castType = (name: string): SqlCastType | undefined => {
  const found = Object.entries(SQL_CAST_TYPES).find(([each]) => each === name);
  return found?.[1];
};
