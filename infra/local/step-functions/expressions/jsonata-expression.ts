// JSONata 2.0.6 exactly, without $eval: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
import jsonata from "jsonata";
import { addedFunctions } from "./added-functions.ts";
import {
  BUDGET,
  type Budget,
  depthOf,
  ENTRY,
  EXIT,
  limitHooks,
  MAX_DEPTH,
  StackExceeded,
} from "./evaluation-limits.ts";
import { GuardedRegExp } from "./guarded-reg-exp.ts";
import type { Evaluated } from "./plain-json.ts";
import type { SyntaxNode } from "./syntax-node.ts";

/** An expression that JSONata 2.0.6 has parsed. */
export interface ParsedExpression {
  readonly source: string;
  readonly ast: SyntaxNode;
  /** Gives JSONata's own value. `maxSteps` bounds the work: beyond it TooHeavy is thrown. */
  run(bindings: Readonly<Record<string, unknown>>, maxSteps: number): Promise<unknown>;
}

/** An expression that JSONata 2.0.6 does not accept. */
export class ExpressionSyntaxError extends Error {
  override readonly name = "ExpressionSyntaxError";
}

/**
 * Parses an expression. By default its regular expressions give up with TooHeavy before they stop the process.
 * @throws ExpressionSyntaxError with JSONata's message.
 */
export const parseExpression = (
  source: string,
  RegexEngine: RegExpConstructor = GuardedRegExp as unknown as RegExpConstructor,
): ParsedExpression => {
  let expression: jsonata.Expression;
  try {
    expression = jsonata(source, { RegexEngine: RegexEngine as unknown as RegExp });
  } catch (error) {
    const { message } = failureOf(error);
    throw new ExpressionSyntaxError(message, { cause: error });
  }
  for (const added of addedFunctions) {
    expression.registerFunction(added.name, added.apply as () => unknown, added.signature);
  }
  expression.assign("eval", undefined);
  const ast = expression.ast() as unknown as SyntaxNode;
  const hooks = limitHooks(ast);
  expression.assign(ENTRY, hooks.onEntry);
  expression.assign(EXIT, hooks.onExit);
  const isTooDeep = depthOf(ast) >= MAX_DEPTH;
  return {
    source,
    ast,
    run: (bindings, maxSteps) => {
      if (isTooDeep) return Promise.reject(new StackExceeded());
      const budget: Budget = { left: maxSteps, openCalls: 0 };
      return expression.evaluate(undefined, { ...bindings, [BUDGET]: budget });
    },
  };
};

/** What an evaluation that threw came to. JSONata throws plain objects with a code and a message. */
export const failureOf = (error: unknown): Extract<Evaluated, { outcome: "error" }> => {
  if (typeof error !== "object" || error === null) {
    return { outcome: "error", message: String(error) };
  }
  // The engine's own stack is at its end: the same mistake as too deep a recursion.
  if (error instanceof RangeError) return failureOf(new StackExceeded());
  const { code, message } = error as { code?: unknown; message?: unknown };
  const text = typeof message === "string" ? message : String(error);
  return typeof code === "string"
    ? { outcome: "error", code, message: text }
    : { outcome: "error", message: text };
};
