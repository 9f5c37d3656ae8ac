// https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-select.html

import { isObject, type Json } from "#local/wire/json.ts";
import { type JsonBuilder, member, setMember } from "../messages/json.ts";
import type { RuleOutput } from "../rule-actions/rule-output.ts";
import { compileSql, compileWhere, type SqlContext, type SqlEvaluation } from "./compile-sql.ts";
import type { RuleSql } from "./rule-sql.ts";

/** The output of a statement for a message on a topic of its FROM; absent when WHERE does not say true. */
export type SelectMessage = (context: SqlContext) => RuleOutput | undefined;

/** Makes a statement a function. `SELECT *` lets a payload that is no JSON object go on as it is. */
export const messageSelector = (sql: RuleSql): SelectMessage => {
  const isWanted = sql.where === undefined ? () => true : compileWhere(sql.where);
  const isEverything = sql.items.every(({ kind }) => kind === "all");
  const places = sql.items.map((item) =>
    item.kind === "all" ? placeAll : placeAs(item.alias, compileSql(item.expression)),
  );
  return (context) => {
    if (!isWanted(context)) return undefined;
    if (isEverything && !isObject(context.json)) return context.payload();
    const output: JsonBuilder = {};
    for (const each of places) each(output, context);
    return output;
  };
};

type Place = (output: JsonBuilder, context: SqlContext) => void;

const placeAll: Place = (output, { json }) => {
  if (!isObject(json)) return;
  for (const key of Object.keys(json)) {
    const value = member(json, key);
    if (value !== undefined) setMember(output, key, value);
  }
};

const placeAs =
  (alias: readonly string[], evaluate: SqlEvaluation): Place =>
  (output, context) => {
    // Undefined cannot be written in JSON: the member is left out.
    const value = evaluate(context);
    if (value !== undefined) place(output, alias, value);
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
