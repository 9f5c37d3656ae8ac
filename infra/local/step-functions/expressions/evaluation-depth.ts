// How deep an evaluation is, counted as AWS does: a step within a step is one deeper.
import { StackExceeded } from "./evaluation-error.ts";
import type { SyntaxNode } from "./syntax-node.ts";
import { walk } from "./variables-in.ts";

/** The most steps that may be in each other: measured on AWS. */
export const MAX_DEPTH = 100;

/** The nodes that JSONata begins to evaluate side by side, each with the list or object whose member it is. */
export type SideBySide = ReadonlyMap<SyntaxNode, SyntaxNode>;

/** Finds the members of lists, objects and groupings in a syntax tree. */
export const sideBySideIn = (ast: SyntaxNode): SideBySide => {
  const found = new Map<SyntaxNode, SyntaxNode>();
  walk(ast, (node) => {
    if (node.type !== "unary") return;
    for (const member of listOf(node.expressions)) found.set(member, node);
    for (const value of valuesOf(node)) found.set(value, node);
  });
  walk(ast, (node) => {
    const { group } = node as { readonly group?: SyntaxNode };
    if (group === undefined) return;
    for (const value of valuesOf(group)) found.set(value, group);
  });
  return found;
};

const listOf = (value: unknown): readonly SyntaxNode[] =>
  Array.isArray(value) ? (value as readonly SyntaxNode[]) : [];

// Of an object or a grouping: [[key, value], ...].
const valuesOf = (node: SyntaxNode): readonly SyntaxNode[] =>
  listOf(node.lhs).flatMap((pair) => listOf(pair).slice(1));

/** The depth of one evaluation. Steps that JSONata begins side by side are made to follow each other, or they would add up. */
export class Depth {
  #depth = 0;
  /** The list or object whose members are just being begun: JSONata begins them all at once, before any goes on. */
  #opening: SyntaxNode | undefined;
  /** Of each list or object that is open, who waits for a member before. */
  readonly #waiting: (() => void)[][] = [];

  /** @throws StackExceeded */
  enter(owner: SyntaxNode | undefined): Promise<void> | undefined {
    if (owner !== undefined && owner === this.#opening) {
      return new Promise<void>((resolve) => this.#waiting.at(-1)?.push(resolve)).then(() =>
        this.#deeper(),
      );
    }
    this.#opening = owner;
    if (owner !== undefined) this.#waiting.push([]);
    this.#deeper();
    return undefined;
  }

  leave(isMember: boolean): void {
    this.#opening = undefined;
    this.#depth -= 1;
    if (!isMember) return;
    const next = this.#waiting.at(-1)?.shift();
    if (next === undefined) this.#waiting.pop();
    else next();
  }

  #deeper(): void {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new StackExceeded();
  }
}
