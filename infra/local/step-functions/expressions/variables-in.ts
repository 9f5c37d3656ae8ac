import type { SyntaxNode } from "./syntax-node.ts";

const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === "object" && value !== null && !(value instanceof RegExp);

/** Calls `visit` for every node of a syntax tree, the outer ones first. */
export const walk = (node: unknown, visit: (node: SyntaxNode) => void): void => {
  if (Array.isArray(node)) {
    for (const child of node) walk(child, visit);
    return;
  }
  if (!isNode(node)) return;
  if (typeof node.type === "string") visit(node);
  for (const child of Object.values(node)) walk(child, visit);
};

/** The first step after `$states` where the expression takes one by name, e.g. `input` of `$states.input.x`. */
export const memberOfStates = (path: SyntaxNode): string | undefined => {
  const [first, second] = Array.isArray(path.steps) ? (path.steps as readonly SyntaxNode[]) : [];
  const isStates = first?.type === "variable" && first.value === "states";
  return isStates && second?.type === "name" ? String(second.value) : undefined;
};

/** The names of all variables that an expression mentions, its own among them, and whether it may read the context object. */
export const variablesIn = (
  ast: SyntaxNode,
): { readonly variables: ReadonlySet<string>; readonly readsContext: boolean } => {
  const variables = new Set<string>();
  let mentions = 0;
  let harmless = 0;
  walk(ast, (node) => {
    if (node.type === "variable" && typeof node.value === "string") {
      if (node.value === "states") mentions += 1;
      if (node.value !== "" && node.value !== "$") variables.add(node.value);
    }
    // Only a path that starts with $states.input and the like is known not to reach the context.
    const member = memberOfStates(node);
    if (member !== undefined && member !== "context") harmless += 1;
  });
  return { variables, readsContext: mentions > harmless };
};
