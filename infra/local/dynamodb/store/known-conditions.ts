import type { DynaliteRequest } from "./dynalite-types.ts";

type Json = Readonly<Record<string, unknown>>;
type Condition = Pick<DynaliteRequest, "ConditionExpression" | "_condition">;

// With these alone a condition is checked by itself: nothing is named, no value is given, and no older way of saying it is used.
const BESIDE = new Set([
  "TableName",
  "Item",
  "Key",
  "ConditionExpression",
  "ReturnValues",
  "ReturnConsumedCapacity",
  "ReturnItemCollectionMetrics",
  "ReturnValuesOnConditionCheckFailure",
]);
const MOST_KNOWN = 100;

/** Conditions such as `attribute_not_exists(PK)`, which every second write has and which mean the same each time. */
export interface KnownConditions {
  /** What dynalite made of the request's condition before, where it would make the same of it again. */
  find(raw: Json): Condition | undefined;
  /** Keeps what dynalite made of it. */
  keep(raw: Json, data: DynaliteRequest): void;
}

/** Remembers parsed conditions: the parser costs more than the write. */
export const knownConditions = (): KnownConditions => {
  const known = new Map<string, Condition>();
  const expressionOf = (raw: Json): string | undefined => {
    const { ConditionExpression: expression } = raw;
    if (typeof expression !== "string") return undefined;
    return Object.keys(raw).every((member) => BESIDE.has(member)) ? expression : undefined;
  };
  return {
    find: (raw) => known.get(expressionOf(raw) ?? ""),
    keep: (raw, { ConditionExpression, _condition }) => {
      const expression = expressionOf(raw);
      if (expression === undefined || ConditionExpression === undefined) return;
      if (_condition === undefined || known.size >= MOST_KNOWN) return;
      known.set(expression, { ConditionExpression, _condition });
    },
  };
};
