// https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-functions.html#iot-func-regex-replace
import type { SqlReplacement } from "./rule-sql.ts";
import { SqlFault } from "./rule-sql-tokens.ts";

/**
 * Reads the third argument of regexp_replace for a pattern with so many groups. `$` and a digit is a group, as in
 * Java and in JavaScript; `$1` before another digit, `${name}`, `$$`, `$&` and a backslash differ.
 * @throws SqlFault for those, and for a group that the pattern does not have.
 */
export const parseSqlReplacement = (
  text: string,
  groups: number,
  offset: number,
): SqlReplacement => {
  const refuse = (what: string): never => {
    throw new SqlFault(`${what} in the replacement '${text}'`, offset);
  };
  return text.split(/(\$\d*|\\)/).map((part, index) => {
    // Every second part is what the expression captured.
    if (index % 2 === 0) return part;
    if (!/^\$\d$/.test(part))
      return refuse(part === "\\" ? "a backslash" : `the reference ${part}`);
    const group = Number(part.slice(1));
    return group <= groups ? group : refuse(`${part}, where the pattern has ${groups} groups,`);
  });
};
