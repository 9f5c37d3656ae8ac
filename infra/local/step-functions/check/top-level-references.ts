// An expression is evaluated with no document: $states and the variables are all it can see. What reads the document that
// is not there is refused when a machine is created. https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
import type { SyntaxNode } from "../expressions/syntax-node.ts";

/** The distinct names by which an expression reads a document: `phone`, `$`, `$$`, `*`, `**`. */
export const topLevelReferences = (ast: SyntaxNode): readonly string[] => {
  const names = new Set<string>();
  visit(ast, false, names);
  return [...names];
};

// Members of a node that are evaluated for each of its values, and so do have something to read from.
const WITHIN: ReadonlySet<string> = new Set(["predicate", "stages", "group", "terms", "stage"]);

const visit = (value: unknown, hasContext: boolean, names: Set<string>): void => {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, hasContext, names);
    return;
  }
  if (typeof value !== "object" || value === null || value instanceof RegExp) return;
  const node = value as SyntaxNode;
  note(node, hasContext, names);
  for (const [member, child] of Object.entries(node)) {
    if (node.type === "path" && member === "steps" && Array.isArray(child)) {
      // The first step is read from the context, the others from what the step before gave.
      for (const [index, step] of child.entries()) visit(step, hasContext || index > 0, names);
    } else if (node.type === "transform") {
      // |pattern|update| is applied to the object that it is given.
      visit(child, true, names);
    } else {
      visit(child, hasContext || WITHIN.has(member), names);
    }
  }
};

const note = (node: SyntaxNode, hasContext: boolean, names: Set<string>): void => {
  if (node.type === "variable" && node.value === "$") names.add("$$");
  if (hasContext) return;
  if (node.type === "name") names.add(String(node.value));
  if (node.type === "variable" && node.value === "") names.add("$");
  if (node.type === "wildcard" || node.type === "descendant") names.add(String(node.value));
};
