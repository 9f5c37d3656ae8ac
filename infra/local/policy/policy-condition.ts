// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
import {
  all,
  any,
  hasVariable,
  matchesArn,
  matchesWildcard,
  not,
  spelledOut,
  type Truth,
  truth,
} from "./policy-pattern.ts";

/** The condition keys of one request with their values; names as AWS writes them. */
export type RequestContext = Readonly<Record<string, string | readonly string[]>>;

/** One line of a Condition block: this operator, this key, any of these values. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

// For these an absent value means that the request has none. Of any other key nobody here knows what AWS would have put in.
const SUPPLIED_WHEN_PRESENT = new Set(
  [
    "aws:CalledVia",
    "aws:CalledViaFirst",
    "aws:CalledViaLast",
    "dynamodb:EnclosingOperation",
    "dynamodb:LeadingKeys",
    "dynamodb:ReturnConsumedCapacity",
    "dynamodb:ReturnValues",
    "dynamodb:Select",
    // Of a request that does not sign there is no algorithm.
    "kms:MessageType",
    "kms:SigningAlgorithm",
  ].map((key) => key.toLowerCase()),
);

type Compare = (wanted: string, given: string) => Truth;

const numbers =
  (holds: (given: number, wanted: number) => boolean): Compare =>
  (wanted, given) =>
    wanted.trim() === "" || given.trim() === "" || Number.isNaN(Number(wanted) + Number(given))
      ? "unknown"
      : truth(holds(Number(given), Number(wanted)));

// Epoch seconds or ISO 8601.
const epochMs = (text: string): number =>
  /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text);

const dates =
  (holds: (given: number, wanted: number) => boolean): Compare =>
  (wanted, given) =>
    Number.isNaN(epochMs(wanted) + epochMs(given))
      ? "unknown"
      : truth(holds(epochMs(given), epochMs(wanted)));

// A policy variable that is still in a value has none itself.
const text =
  (holds: (wanted: string, given: string) => boolean): Compare =>
  (wanted, given) =>
    hasVariable(wanted) ? "unknown" : truth(holds(wanted, given));

const equal = text((wanted, given) => spelledOut(wanted) === given);
const equalIgnoringCase = text(
  (wanted, given) => spelledOut(wanted).toLowerCase() === given.toLowerCase(),
);
const like = text((wanted, given) => matchesWildcard(wanted, given));
const numericEqual = numbers((given, wanted) => given === wanted);
const dateEqual = dates((given, wanted) => given === wanted);

const OPERATORS: Readonly<Record<string, { readonly compare: Compare; readonly negated?: true }>> =
  {
    stringequals: { compare: equal },
    stringnotequals: { compare: equal, negated: true },
    stringequalsignorecase: { compare: equalIgnoringCase },
    stringnotequalsignorecase: { compare: equalIgnoringCase, negated: true },
    stringlike: { compare: like },
    stringnotlike: { compare: like, negated: true },
    arnequals: { compare: matchesArn },
    arnlike: { compare: matchesArn },
    arnnotequals: { compare: matchesArn, negated: true },
    arnnotlike: { compare: matchesArn, negated: true },
    bool: { compare: equalIgnoringCase },
    numericequals: { compare: numericEqual },
    numericnotequals: { compare: numericEqual, negated: true },
    numericlessthan: { compare: numbers((given, wanted) => given < wanted) },
    numericlessthanequals: { compare: numbers((given, wanted) => given <= wanted) },
    numericgreaterthan: { compare: numbers((given, wanted) => given > wanted) },
    numericgreaterthanequals: { compare: numbers((given, wanted) => given >= wanted) },
    dateequals: { compare: dateEqual },
    datenotequals: { compare: dateEqual, negated: true },
    datelessthan: { compare: dates((given, wanted) => given < wanted) },
    datelessthanequals: { compare: dates((given, wanted) => given <= wanted) },
    dategreaterthan: { compare: dates((given, wanted) => given > wanted) },
    dategreaterthanequals: { compare: dates((given, wanted) => given >= wanted) },
  };

const contextValues = (context: RequestContext, key: string): readonly string[] | undefined => {
  const exact = context[key];
  const value =
    exact ??
    Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
  if (value === undefined) return undefined;
  return typeof value === "string" ? [value] : value;
};

/** Decides one condition. An operator or a key that is not understood is unknown. */
export const decideCondition = (condition: Condition, context: RequestContext): Truth => {
  const [, quantifier, base, ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/i.exec(condition.operator) ?? [];
  if (base === undefined) return "unknown";
  const given = contextValues(context, condition.key);
  const absent = given === undefined || given.length === 0;
  const absenceIsKnown = SUPPLIED_WHEN_PRESENT.has(condition.key.toLowerCase());

  if (base.toLowerCase() === "null") {
    if (quantifier !== undefined || ifExists !== undefined) return "unknown";
    if (absent && !absenceIsKnown) return "unknown";
    return any(condition.values.map((value) => truth((value.toLowerCase() === "true") === absent)));
  }
  const operator = OPERATORS[base.toLowerCase()];
  if (operator === undefined) return "unknown";
  const decideOne = (value: string): Truth => {
    const matched = any(condition.values.map((wanted) => operator.compare(wanted, value)));
    return operator.negated === true ? not(matched) : matched;
  };

  if (absent) {
    if (!absenceIsKnown) return "unknown";
    if (ifExists !== undefined) return "yes";
    if (quantifier !== undefined) return truth(quantifier.toLowerCase() === "forallvalues");
    return truth(operator.negated === true);
  }
  const decided = given.map(decideOne);
  if (quantifier?.toLowerCase() === "forallvalues") return all(decided);
  if (quantifier?.toLowerCase() === "foranyvalue") return any(decided);
  // AWS asks for a set operator where a key has several values, and does not say what happens without one.
  return decided.length === 1 ? (decided[0] ?? "unknown") : "unknown";
};
