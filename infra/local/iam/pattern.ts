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

/** IAM's wildcards: `*` is any text, `?` any one character; nothing else is special. */
export const matchesWildcard = (pattern: string, text: string, ignoreCase = false): boolean => {
  if (pattern === "*") return true;
  const id = `${ignoreCase ? "i" : "-"}${pattern}`;
  let expression = compiled.get(id);
  if (expression === undefined) {
    const source = pattern
      .replace(/[\\^$.+()|[\]{}]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".");
    expression = new RegExp(`^${source}$`, ignoreCase ? "is" : "s");
    // Patterns come from the template: as many as it has statements.
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
  // Policy variables are not imitated; read as text they would match the wrong things.
  if (!pattern.startsWith("arn:") || pattern.includes("${")) return "unknown";
  if (!arn.startsWith("arn:")) return "no";
  const wanted =
    pattern.split(":").length < ARN_SEGMENTS ? pattern.split(":") : arnSegments(pattern);
  const given = arnSegments(arn);
  return truth(given.every((segment, i) => matchesWildcard(wanted[i] ?? "*", segment)));
};
