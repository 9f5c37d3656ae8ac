// https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-functions.html#iot-sql-function-parse-time
// https://www.joda.org/joda-time/apidocs/org/joda/time/format/DateTimeFormat.html
import { SQL_TIME_FIELDS, type SqlTimeField, type SqlTimePattern } from "./rule-sql.ts";
import { SqlFault } from "./rule-sql-tokens.ts";
import { type SqlValue, toSqlDecimal } from "./sql-conversions.ts";

// Joda takes what is no letter and no quote as it stands.
const PART = /([A-Za-z])\1*|[^A-Za-z']+/y;

/**
 * Reads a pattern of Joda-Time.
 * @throws SqlFault for a field that is not taken
 */
export const parseSqlTimePattern = (pattern: string, offset: number): SqlTimePattern => {
  const parts: SqlTimePattern[number][] = [];
  PART.lastIndex = 0;
  while (PART.lastIndex < pattern.length) {
    const found = PART.exec(pattern);
    const field = SQL_TIME_FIELDS.find((one) => one === found?.[0]);
    if (found === null || (found[1] !== undefined && field === undefined)) {
      throw new SqlFault(
        `parse_time with '${found?.[0] ?? "'"}'; known: ${SQL_TIME_FIELDS.join(", ")}`,
        offset,
      );
    }
    parts.push(field === undefined ? { text: found[0] } : { field });
  }
  return parts;
};

/** A moment in epoch milliseconds as the pattern has it, in UTC; Undefined for what is no moment. */
export const formatSqlTime = (pattern: SqlTimePattern, value: SqlValue): SqlValue => {
  const ms = toSqlDecimal(value);
  if (ms === undefined || Number.isNaN(new Date(ms).getTime())) return undefined;
  const iso = new Date(ms).toISOString();
  return pattern.map((part) => ("field" in part ? FIELDS[part.field](iso) : part.text)).join("");
};

// From the end: a year may have a sign and six digits.
const FIELDS: Readonly<Record<SqlTimeField, (iso: string) => string>> = {
  yyyy: (iso) => iso.slice(0, -20),
  MM: (iso) => iso.slice(-19, -17),
  dd: (iso) => iso.slice(-16, -14),
  HH: (iso) => iso.slice(-13, -11),
  mm: (iso) => iso.slice(-10, -8),
  ss: (iso) => iso.slice(-7, -5),
  SSS: (iso) => iso.slice(-4, -1),
};
