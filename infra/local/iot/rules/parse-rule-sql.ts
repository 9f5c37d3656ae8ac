// https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-reference.html

import { filterFault } from "../messages/topic.ts";
import { parseSqlExpression } from "./parse-sql-expression.ts";
import type { RuleSql, SelectItem, SqlExpression } from "./rule-sql.ts";
import { type SqlReader, sqlReader } from "./rule-sql-reader.ts";
import { SqlFault } from "./rule-sql-tokens.ts";

/**
 * Parses `SELECT … FROM '…' [WHERE …]` in the subset that README.md lists.
 * @throws SqlFault for everything else, with its place.
 */
export const parseRuleSql = (sql: string): RuleSql => {
  const reader = sqlReader(sql);
  reader.keyword("SELECT");
  const items = selectItems(reader);
  reader.keyword("FROM");
  const from = fromFilter(reader);
  const where = reader.tryKeyword("WHERE") ? parseSqlExpression(reader) : undefined;
  reader.end();
  return { items, from, ...(where === undefined ? {} : { where }) };
};

const selectItems = (reader: SqlReader): readonly SelectItem[] => {
  const items: SelectItem[] = [selectItem(reader)];
  while (reader.trySymbol(",")) items.push(selectItem(reader));
  return items;
};

const selectItem = (reader: SqlReader): SelectItem => {
  if (reader.trySymbol("*")) return { kind: "all" };
  const { offset } = reader.peek();
  const expression = parseSqlExpression(reader);
  return { kind: "as", expression, alias: aliasOf(reader, expression, offset) };
};

const aliasOf = (
  reader: SqlReader,
  expression: SqlExpression,
  offset: number,
): readonly string[] => {
  if (reader.tryKeyword("AS")) {
    const alias = [reader.word()];
    while (reader.trySymbol(".")) alias.push(reader.word());
    return alias;
  }
  // `SELECT color.red` comes out as `{"red": …}`. What a function without AS comes out as is not documented.
  const last = expression.kind === "path" ? expression.members.at(-1) : undefined;
  if (last === undefined) throw new SqlFault("an expression that is not a path needs AS", offset);
  return [last];
};

const fromFilter = (reader: SqlReader): string => {
  const token = reader.string();
  const fault = filterFault(token.text);
  if (fault !== undefined) throw new SqlFault(`FROM '${token.text}': ${fault}`, token.offset);
  return token.text;
};
