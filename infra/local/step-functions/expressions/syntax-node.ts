/** A node of JSONata's syntax tree, as far as it is looked at here. */
export interface SyntaxNode {
  readonly type?: string;
  readonly value?: unknown;
  readonly [member: string]: unknown;
}
