// https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-data-types.html#iot-sql-conversions
import type { Json } from "#local/wire/json.ts";
import type { SqlCastType } from "./rule-sql.ts";

/** A value of the rules engine. AWS's Undefined is `undefined`. */
export type SqlValue = Json | undefined;

const DECIMAL = /^-?\d+(\.\d+)?(E-?\d+)?$/i;

/** "To String": Null and Undefined become Undefined, arrays and objects their JSON. */
export const toSqlString = (value: SqlValue): string | undefined => {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  if (typeof value === "number") return numberText(value);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
};

// A whole number keeps its digits; JavaScript writes it with an exponent from 1e21 on.
const numberText = (value: number): string =>
  Math.abs(value) >= 1e21 && Number.isFinite(value) ? String(BigInt(value)) : String(value);

/** "To Decimal": numbers, and strings that look like one. */
export const toSqlDecimal = (value: SqlValue): number | undefined => {
  if (typeof value === "number") return value;
  return typeof value === "string" && DECIMAL.test(value) ? Number(value) : undefined;
};

/** "To Int" as `get` uses it: decimals are rounded, strings are truncated. */
export const toSqlInt = (value: SqlValue): number | undefined => {
  const decimal = toSqlDecimal(value);
  if (decimal === undefined) return undefined;
  return typeof value === "string" ? Math.trunc(decimal) : Math.round(decimal);
};

/** "To Boolean": booleans, and the strings "true" and "false" in any case. */
export const toSqlBoolean = (value: SqlValue): boolean | undefined => {
  if (typeof value === "boolean") return value;
  if (typeof value !== "string") return undefined;
  const lower = value.toLowerCase();
  return lower === "true" ? true : lower === "false" ? false : undefined;
};

/** `cast(value AS type)`: the conversions, and numbers to and from booleans. */
export const castSqlValue = (value: SqlValue, type: SqlCastType): SqlValue => {
  switch (type) {
    case "String":
      return toSqlString(value);
    case "Boolean":
      return typeof value === "number" ? value !== 0 : toSqlBoolean(value);
    case "Decimal":
      return typeof value === "boolean" ? Number(value) : toSqlDecimal(value);
    case "Int": {
      const decimal = typeof value === "boolean" ? Number(value) : toSqlDecimal(value);
      return decimal === undefined ? undefined : Math.floor(decimal);
    }
  }
};
