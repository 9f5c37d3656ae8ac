// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html

/** `unknown` is what this evaluator does not understand; it never allows, and it always denies. */
export type Truth = "yes" | "no" | "unknown";

/** True only when all are; unknown as soon as one is, unless another says no. */
export const all = (truths: readonly Truth[]): Truth =>
  truths.includes("no") ? "no" : truths.includes("unknown") ? "unknown" : "yes";

/** True as soon as one is. */
export const any = (truths: readonly Truth[]): Truth =>
  truths.includes("yes") ? "yes" : truths.includes("unknown") ? "unknown" : "no";

/** The opposite; the opposite of unknown is unknown. */
export const not = (truth: Truth): Truth =>
  truth === "yes" ? "no" : truth === "no" ? "yes" : "unknown";

/** A claim as a truth. */
export const truth = (claim: boolean): Truth => (claim ? "yes" : "no");

const compiled = new Map<string, RegExp>();
// A device's policy is compiled with its own name in it; a home has hundreds, a fuzzer of client ids any number.
const MAX_COMPILED = 20_000;

// `${*}`, `${?}` and `${$}` are these characters themselves.
const LITERAL = /\$\{([*?$])\}/;
const VARIABLE = /\$\{(?![*?$]\})/;

/** Does a text hold a policy variable such as `${iot:ClientId}`, not counting the three that stand for a character? */
export const hasVariable = (text: string): boolean => VARIABLE.test(text);

/** The text that is meant where nothing is a wildcard: the three stand for their characters. */
export const spelledOut = (text: string): string => text.replaceAll(/\$\{([*?$])\}/g, "$1");

/** A text in which nothing is a wildcard or a variable. */
export const literally = (text: string): string => text.replace(/[*?$]/g, "${$&}");

const escaped = (text: string): string => text.replace(/[\\^$.+()|[\]{}*?]/g, "\\$&");

/** IAM's wildcards: `*` is any text, `?` any one character; `${*}` and its like are the character; nothing else is special. */
export const matchesWildcard = (pattern: string, text: string, ignoreCase = false): boolean => {
  if (pattern === "*") return true;
  const id = `${ignoreCase ? "i" : "-"}${pattern}`;
  let expression = compiled.get(id);
  if (expression === undefined) {
    const source = pattern
      .split(LITERAL)
      // Every second part is a character that a LITERAL stands for.
      .map((part, index) =>
        index % 2 === 1
          ? escaped(part)
          : escaped(part).replaceAll("\\*", ".*").replaceAll("\\?", "."),
      )
      .join("");
    expression = new RegExp(`^${source}$`, ignoreCase ? "is" : "s");
    if (compiled.size >= MAX_COMPILED) compiled.clear();
    compiled.set(id, expression);
  }
  return expression.test(text);
};

const ARN_SEGMENTS = 6;

const arnSegments = (arn: string): readonly string[] => {
  const parts = arn.split(":");
  return [...parts.slice(0, ARN_SEGMENTS - 1), parts.slice(ARN_SEGMENTS - 1).join(":")];
};

/**
 * Whether an ARN pattern covers an ARN. A wildcard stays within its own of the six segments, and within the last one
 * it crosses `/` and `:`. IAM completes an ARN that ends early with wildcards.
 * A pattern that is neither an ARN nor `*` is unknown: mostly an unresolved reference.
 */
export const matchesArn = (pattern: string, arn: string): Truth => {
  if (pattern === "*") return "yes";
  // A policy variable without a value, read as text, would match the wrong things.
  if (!pattern.startsWith("arn:") || hasVariable(pattern)) return "unknown";
  if (!arn.startsWith("arn:")) return "no";
  const wanted =
    pattern.split(":").length < ARN_SEGMENTS ? pattern.split(":") : arnSegments(pattern);
  const given = arnSegments(arn);
  return truth(given.every((segment, i) => matchesWildcard(wanted[i] ?? "*", segment)));
};
