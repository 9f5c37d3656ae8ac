// https://docs.aws.amazon.com/iot/latest/developerguide/iot-substitution-templates.html
import { compileSql, type SqlContext, type SqlEvaluation } from "./compile-sql.ts";
import { parseSqlExpression } from "./parse-sql-expression.ts";
import { sqlReader } from "./rule-sql-reader.ts";
import { SqlFault } from "./rule-sql-tokens.ts";
import { toSqlString } from "./sql-conversions.ts";

/** A text with `${expression}` in it. */
export type Substitution = readonly (string | SqlEvaluation)[];

/**
 * Parses the `${…}` of an action's field. An expression there sees the message, not the SELECT's aliases.
 * @throws SqlFault for what is not in the subset.
 */
export const parseSubstitution = (text: string): Substitution => {
  const parts: (string | SqlEvaluation)[] = [];
  let position = 0;
  for (;;) {
    const start = text.indexOf("${", position);
    if (start < 0) break;
    const end = text.indexOf("}", start);
    if (end < 0) throw new SqlFault("${ that does not end", start);
    parts.push(text.slice(position, start));
    const reader = sqlReader(text.slice(start + 2, end));
    const expression = parseSqlExpression(reader);
    reader.end();
    parts.push(compileSql(expression));
    position = end + 1;
  }
  return [...parts, text.slice(position)];
};

/** The text for a message; Undefined by itself is an empty string. Most have no expression and need no context. */
export const substitute = (substitution: Substitution, context: () => SqlContext): string =>
  substitution
    .map((part) => (typeof part === "string" ? part : (toSqlString(part(context())) ?? "")))
    .join("");
