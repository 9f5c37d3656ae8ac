// https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-functions.html#iot-func-regex-matches
import type { SqlPatternFunction, SqlReplacement } from "./rule-sql.ts";
import { type SqlValue, toSqlString } from "./sql-conversions.ts";

/** All that fits into a shadow. A pattern may need the square of it in steps, and one process does everything here. */
const MAX_CHARACTERS = 8_192;

/** A function of regular expressions for the value of its first argument, which is converted to a text. */
export const evaluatePattern = (
  name: SqlPatternFunction,
  value: SqlValue,
  pattern: RegExp,
  replacement: SqlReplacement,
  doubt: (what: string) => void,
): SqlValue => {
  const text = toSqlString(value);
  if (text === undefined) return undefined;
  if (text.length > MAX_CHARACTERS) {
    doubt(`${name} of a text of more than ${MAX_CHARACTERS} characters is Undefined here`);
    return undefined;
  }
  switch (name) {
    case "regexp_matches":
      return text.search(pattern) >= 0;
    case "regexp_substr": {
      const [match] = text.matchAll(pattern);
      if (match === undefined) {
        doubt("AWS does not document what regexp_substr is where nothing matches; here Undefined");
      }
      return match?.[0];
    }
    case "regexp_replace":
      // The texts are written as they are: JavaScript's own `$&` has no meaning here.
      return text.replace(pattern, (...found: readonly unknown[]) =>
        replacement
          .map((part) => (typeof part === "string" ? part : groupText(found[part])))
          .join(""),
      );
  }
};

/** A group that took no part is empty, in Java too. */
const groupText = (group: unknown): string => (typeof group === "string" ? group : "");
