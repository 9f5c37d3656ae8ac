// https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-reference.html
import type { Json } from "#local/wire/json.ts";
/** A rule's statement, parsed. */
export interface RuleSql {
  readonly items: readonly SelectItem[];
  /** The topic filter of FROM. */
  readonly from: string;
  readonly where?: SqlExpression;
}

/** `*`, or an expression and where its value goes in the output. */
export type SelectItem =
  | { readonly kind: "all" }
  | {
      readonly kind: "as";
      readonly expression: SqlExpression;
      readonly alias: readonly string[];
    };

export type SqlComparison = "=" | "<>" | "<" | "<=" | ">" | ">=";

/** The functions of the subset, by AWS's names. `cast` and `encode` have a syntax of their own. */
export const SQL_FUNCTIONS = {
  clientid: { least: 0, most: 0 },
  concat: { least: 0, most: Number.POSITIVE_INFINITY },
  get: { least: 2, most: 2 },
  isNull: { least: 1, most: 1 },
  isUndefined: { least: 1, most: 1 },
  nanvl: { least: 2, most: 2 },
  newuuid: { least: 0, most: 0 },
  timestamp: { least: 0, most: 0 },
  topic: { least: 0, most: 1 },
} as const;
export type SqlFunction = keyof typeof SQL_FUNCTIONS;

/** The types of `cast`, by each of their names in lower case. */
export const SQL_CAST_TYPES = {
  string: "String",
  nvarchar: "String",
  text: "String",
  ntext: "String",
  varchar: "String",
  int: "Int",
  integer: "Int",
  double: "Decimal",
  decimal: "Decimal",
  bool: "Boolean",
  boolean: "Boolean",
} as const;
export type SqlCastType = (typeof SQL_CAST_TYPES)[keyof typeof SQL_CAST_TYPES];

/** How many texts follow the first argument of a function of regular expressions: a pattern, or it and a replacement. */
export const SQL_PATTERN_FUNCTIONS = {
  regexp_matches: 1,
  regexp_replace: 2,
  regexp_substr: 1,
} as const;
export type SqlPatternFunction = keyof typeof SQL_PATTERN_FUNCTIONS;

/** What stands in for a match: texts, and groups of the pattern by number, 0 for the whole match. */
export type SqlReplacement = readonly (string | number)[];

/** The fields of `parse_time` that are taken, by Joda-Time's letters. */
export const SQL_TIME_FIELDS = ["yyyy", "MM", "dd", "HH", "mm", "ss", "SSS"] as const;
export type SqlTimeField = (typeof SQL_TIME_FIELDS)[number];

/** A pattern of `parse_time`: its fields, and the characters between them. */
export type SqlTimePattern = readonly (
  | { readonly field: SqlTimeField }
  | { readonly text: string }
)[];

export type SqlExpression =
  | { readonly kind: "literal"; readonly value: Json }
  | { readonly kind: "path"; readonly members: readonly string[] }
  | {
      readonly kind: "call";
      readonly name: SqlFunction;
      readonly arguments: readonly SqlExpression[];
    }
  /** `value` is absent for `encode(*, 'base64')`, the payload as it came. */
  | { readonly kind: "encode"; readonly value?: SqlExpression }
  | { readonly kind: "cast"; readonly value: SqlExpression; readonly type: SqlCastType }
  | {
      readonly kind: "regexp";
      readonly name: SqlPatternFunction;
      readonly value: SqlExpression;
      readonly pattern: RegExp;
      readonly replacement: SqlReplacement;
    }
  | {
      readonly kind: "time";
      readonly pattern: SqlTimePattern;
      readonly value: SqlExpression;
    }
  | { readonly kind: "not"; readonly operand: SqlExpression }
  | { readonly kind: "plus"; readonly left: SqlExpression; readonly right: SqlExpression }
  | {
      readonly kind: "and" | "or";
      readonly left: SqlExpression;
      readonly right: SqlExpression;
    }
  | {
      readonly kind: "compare";
      readonly operator: SqlComparison;
      readonly left: SqlExpression;
      readonly right: SqlExpression;
    };
