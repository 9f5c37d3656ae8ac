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

/** The value of an expression for a message. */
export const evaluateSql = (expression: SqlExpression, context: SqlContext): SqlValue => {
  const value = (each: SqlExpression): SqlValue => evaluateSql(each, context);
  switch (expression.kind) {
    case "literal":
      return expression.value;
    case "path":
      return expression.members.reduce<SqlValue>(
        (found, name) => (isObject(found) ? member(found, name) : undefined),
        context.json,
      );
    case "call":
      return call(expression.name, expression.arguments.map(value), context);
    case "encode":
      return encode(expression.value, context);
    case "cast":
      return castSqlValue(value(expression.value), expression.type);
    case "regexp":
      return evaluatePattern(
        expression.name,
        value(expression.value),
        expression.pattern,
        expression.replacement,
        context.doubt,
      );
    case "time":
      return formatSqlTime(expression.pattern, value(expression.value));
    case "plus":
      return plus(value(expression.left), value(expression.right));
    case "not": {
      const operand = toSqlBoolean(value(expression.operand));
      return operand === undefined ? undefined : !operand;
    }
    case "and":
    case "or":
      return combine(expression.kind, value(expression.left), value(expression.right), context);
    case "compare":
      return compare(expression.operator, value(expression.left), value(expression.right));
  }
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

const call = (name: SqlFunction, values: readonly SqlValue[], context: SqlContext): SqlValue => {
  const [first, second] = values;
  switch (name) {
    case "clientid":
      return context.clientId ?? "n/a";
    case "concat":
      return concat(values);
    case "get":
      return get(first, second);
    case "isNull":
      return first === null;
    case "isUndefined":
      return first === undefined;
    case "nanvl":
      return first === undefined || first === null ? second : first;
    case "newuuid":
      return context.newUuid();
    case "timestamp":
      return context.nowMs;
    case "topic": {
      if (values.length === 0) return context.topic;
      const level = toSqlInt(first);
      return level === undefined || level < 1 ? undefined : context.topic.split("/")[level - 1];
    }
  }
};

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

const encode = (expression: SqlExpression | undefined, context: SqlContext): SqlValue => {
  if (expression === undefined) return context.payload().toString("base64");
  const text = toSqlString(evaluateSql(expression, context));
  return text === undefined ? undefined : Buffer.from(text).toString("base64");
};
