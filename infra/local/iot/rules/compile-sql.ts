// https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-functions.html
import { isArray, isObject, type Json } from "#local/wire/json.ts";
import { jsonEqual, member } from "../messages/json.ts";
import { evaluatePattern } from "./evaluate-pattern.ts";
import type { SqlComparison, SqlExpression, SqlFunction } from "./rule-sql.ts";
import {
  castSqlValue,
  type SqlValue,
  toSqlBoolean,
  toSqlDecimal,
  toSqlInt,
  toSqlString,
} from "./sql-conversions.ts";
import { formatSqlTime } from "./sql-time.ts";

/** The message that a statement is evaluated for, and what is not in the message. */
export interface SqlContext {
  readonly topic: string;
  readonly payload: () => Buffer;
  /** The payload's JSON; absent when it has none. */
  readonly json?: Json;
  readonly clientId?: string;
  readonly nowMs: number;
  readonly newUuid: () => string;
  /** Told when the result rests on a reading of AWS's documentation that another reading would change. */
  readonly doubt: (what: string) => void;
}

/** An expression as a function of the message. */
export type SqlEvaluation = (context: SqlContext) => SqlValue;

/** Makes an expression a function: a rule's are made once, and called for each message on its topics. */
export const compileSql = (expression: SqlExpression): SqlEvaluation => {
  switch (expression.kind) {
    case "literal": {
      const { value } = expression;
      return () => value;
    }
    case "path":
      return compilePath(expression.members);
    case "call":
      return compileCall(expression.name, expression.arguments.map(compileSql));
    case "encode":
      return compileEncode(expression.value);
    case "cast": {
      const { type } = expression;
      const value = compileSql(expression.value);
      return (context) => castSqlValue(value(context), type);
    }
    case "regexp": {
      const { name, pattern, replacement } = expression;
      const value = compileSql(expression.value);
      return (context) =>
        evaluatePattern(name, value(context), pattern, replacement, context.doubt);
    }
    case "time": {
      const { pattern } = expression;
      const value = compileSql(expression.value);
      return (context) => formatSqlTime(pattern, value(context));
    }
    case "plus": {
      const [left, right] = [compileSql(expression.left), compileSql(expression.right)];
      return (context) => plus(left(context), right(context));
    }
    case "not": {
      const operand = compileSql(expression.operand);
      return (context) => {
        const value = toSqlBoolean(operand(context));
        return value === undefined ? undefined : !value;
      };
    }
    case "and":
    case "or": {
      const { kind } = expression;
      const [left, right] = [compileSql(expression.left), compileSql(expression.right)];
      return (context) => combine(kind, left(context), right(context), context);
    }
    case "compare": {
      const { operator } = expression;
      const [left, right] = [compileSql(expression.left), compileSql(expression.right)];
      return (context) => compare(operator, left(context), right(context));
    }
  }
};

/**
 * Makes a WHERE a function: does it select the message? What stands behind an AND is looked at only where what stands
 * before it is true: else the whole is not true, whether AWS would say false or Undefined.
 */
export const compileWhere = (where: SqlExpression): ((context: SqlContext) => boolean) => {
  if (where.kind === "and") {
    const [left, right] = [compileConjunct(where.left), compileConjunct(where.right)];
    return (context) => left(context) && right(context);
  }
  const value = compileSql(where);
  return (context) => value(context) === true;
};

/** What AND joins may be a text too, which is converted. */
const compileConjunct = (conjunct: SqlExpression): ((context: SqlContext) => boolean) => {
  if (conjunct.kind === "and") return compileWhere(conjunct);
  const value = compileSql(conjunct);
  return (context) => toSqlBoolean(value(context)) === true;
};

const compilePath =
  (members: readonly string[]): SqlEvaluation =>
  ({ json }) => {
    let found: SqlValue = json;
    for (const name of members) {
      if (!isObject(found)) return undefined;
      found = member(found, name);
    }
    return found;
  };

/**
 * AWS's tables give Undefined as soon as one operand is neither true nor false, its prose could also mean that
 * `true OR Undefined` is true. The tables are followed, and the doubt is told: a rule should not depend on it.
 */
const combine = (
  kind: "and" | "or",
  leftValue: SqlValue,
  rightValue: SqlValue,
  context: SqlContext,
): SqlValue => {
  const left = toSqlBoolean(leftValue);
  const right = toSqlBoolean(rightValue);
  if (left !== undefined && right !== undefined) {
    return kind === "and" ? left && right : left || right;
  }
  if (kind === "or" && (left === true || right === true)) {
    context.doubt(
      "WHERE has true OR Undefined, which is Undefined by AWS's tables, so the message is not selected; write nanvl(x, '') <> y instead of isUndefined(x) OR x <> y",
    );
  }
  return undefined;
};

const compare = (operator: SqlComparison, left: SqlValue, right: SqlValue): SqlValue => {
  if (operator === "=" || operator === "<>") {
    if (left === undefined || right === undefined) return undefined;
    return jsonEqual(left, right) === (operator === "=");
  }
  const a = toSqlDecimal(left);
  const b = toSqlDecimal(right);
  if (a === undefined || b === undefined) return undefined;
  switch (operator) {
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
  }
};

const UNDEFINED: SqlEvaluation = () => undefined;

const compileCall = (name: SqlFunction, values: readonly SqlEvaluation[]): SqlEvaluation => {
  const [first = UNDEFINED, second = UNDEFINED] = values;
  switch (name) {
    case "clientid":
      return ({ clientId }) => clientId ?? "n/a";
    case "concat":
      return (context) => concat(values.map((value) => value(context)));
    case "get":
      return (context) => get(first(context), second(context));
    case "isNull":
      return (context) => first(context) === null;
    case "isUndefined":
      return (context) => first(context) === undefined;
    case "nanvl":
      return (context) => nanvl(first(context), second(context));
    case "newuuid":
      return ({ newUuid }) => newUuid();
    case "timestamp":
      return ({ nowMs }) => nowMs;
    case "topic":
      if (values.length === 0) return ({ topic }) => topic;
      return (context) => topicLevel(context.topic, toSqlInt(first(context)));
  }
};

const nanvl = (value: SqlValue, otherwise: SqlValue): SqlValue =>
  value === undefined || value === null ? otherwise : value;

const topicLevel = (topic: string, level: number | undefined): SqlValue =>
  level === undefined || level < 1 ? undefined : topic.split("/")[level - 1];

/** Texts are put together, numbers are added. https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-operators.html#iot-sql-operators-plus */
const plus = (left: SqlValue, right: SqlValue): SqlValue => {
  if (typeof left === "number" && typeof right === "number") return left + right;
  if (typeof left !== "string" && typeof right !== "string") return undefined;
  const [first, second] = [toSqlString(left), toSqlString(right)];
  return first === undefined || second === undefined ? undefined : first + second;
};

const concat = (values: readonly SqlValue[]): SqlValue => {
  if (values.length <= 1) return values[0];
  if (values.some(isArray)) {
    return values.flatMap((value) => (isArray(value) ? value : value === undefined ? [] : [value]));
  }
  if (!values.some((value) => typeof value === "string")) return undefined;
  const texts = values.map(toSqlString);
  return texts.some((text) => text === undefined) ? undefined : texts.join("");
};

const get = (from: SqlValue, key: SqlValue): SqlValue => {
  if (isObject(from)) return typeof key === "string" ? member(from, key) : undefined;
  if (!isArray(from) && typeof from !== "string") return undefined;
  const index = toSqlInt(key);
  return index === undefined || index < 0 ? undefined : from[index];
};

const compileEncode = (expression: SqlExpression | undefined): SqlEvaluation => {
  if (expression === undefined) return ({ payload }) => payload().toString("base64");
  const value = compileSql(expression);
  return (context) => {
    const text = toSqlString(value(context));
    return text === undefined ? undefined : Buffer.from(text).toString("base64");
  };
};
