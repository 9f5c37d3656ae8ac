// https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-select.html

import { isObject, type Json } from "#local/wire/json.ts";
import { type JsonBuilder, member, setMember } from "../messages/json.ts";
import type { RuleOutput } from "../rule-actions/rule-output.ts";
import { evaluateSql, type SqlContext } from "./evaluate-sql.ts";
import type { RuleSql } from "./rule-sql.ts";

/**
 * The output of a statement for a message on a topic of its FROM; absent when WHERE does not say true. `SELECT *` lets a
 * payload that is no JSON object go on as it is.
 */
export const selectMessage = (sql: RuleSql, context: SqlContext): RuleOutput | undefined => {
  if (sql.where !== undefined && evaluateSql(sql.where, context) !== true) return undefined;
  const isEverything = sql.items.every(({ kind }) => kind === "all");
  if (isEverything && !isObject(context.json)) return context.payload();
  const output: JsonBuilder = {};
  for (const item of sql.items) {
    if (item.kind === "all") {
      if (isObject(context.json)) {
        for (const key of Object.keys(context.json)) {
          const value = member(context.json, key);
          if (value !== undefined) setMember(output, key, value);
        }
      }
      continue;
    }
    // Undefined cannot be written in JSON: the member is left out.
    const value = evaluateSql(item.expression, context);
    if (value !== undefined) place(output, item.alias, value);
  }
  return output;
};

/** `AS a.b` makes `{"a": {"b": …}}`, within what earlier items put there. */
const place = (output: JsonBuilder, [name, ...rest]: readonly string[], value: Json): void => {
  if (name === undefined) return;
  if (rest.length === 0) {
    setMember(output, name, value);
    return;
  }
  const present = member(output, name);
  const inner: JsonBuilder = isObject(present) ? { ...present } : {};
  place(inner, rest, value);
  setMember(output, name, inner);
};
