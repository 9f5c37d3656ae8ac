// JSONata 2.0.6 exactly, without $eval: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
import jsonata from "jsonata";
import { addedFunctions } from "./added-functions.ts";
import { Depth } from "./evaluation-depth.ts";
import { LimitExceeded, OUT_OF_MEMORY_MESSAGE, StackExceeded } from "./evaluation-error.ts";
import { BUDGET, type Budget, ENTRY, EXIT, limitHooks, type Numbers } from "./evaluation-limits.ts";
import { GuardedRegExp } from "./guarded-reg-exp.ts";
import type { Evaluated } from "./plain-json.ts";
import { replaceConcatenations } from "./string-function.ts";
import type { SyntaxNode } from "./syntax-node.ts";

/** An expression that JSONata 2.0.6 has parsed. */
export interface ParsedExpression {
  readonly source: string;
  readonly ast: SyntaxNode;
  /** Gives JSONata's own value. `maxSteps` bounds the work: beyond it TooHeavy is thrown. */
  run(
    bindings: Readonly<Record<string, unknown>>,
    maxSteps: number,
    numbers?: Numbers,
  ): Promise<unknown>;
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
    throw new ExpressionSyntaxError(syntaxMessage(error), { cause: error });
  }
  for (const added of addedFunctions) {
    expression.registerFunction(added.name, added.apply as () => unknown, added.signature);
  }
  expression.assign("eval", undefined);
  const ast = expression.ast() as unknown as SyntaxNode;
  replaceConcatenations(ast);
  const hooks = limitHooks(ast);
  expression.assign(ENTRY, hooks.onEntry);
  expression.assign(EXIT, hooks.onExit);
  return {
    source,
    ast,
    run: (bindings, maxSteps, numbers = { asDoubles: false, met: false }) => {
      const budget: Budget = { left: maxSteps, depth: new Depth(), numbers };
      return expression.evaluate(undefined, { ...bindings, [BUDGET]: budget });
    },
  };
};

// A regular expression is read by the engine itself, and its word is all there is.
const syntaxMessage = (error: unknown): string => {
  if (error instanceof SyntaxError) return error.message;
  const failure = failureOf(error);
  return failure.outcome === "error" ? failure.message : "The expression cannot be parsed";
};

const JSONATA_CODE = /^[A-Z]\d{4}$/;
const OUT_OF_STACK = /call stack/;
// Texts and lists beyond what the engine can hold.
const OUT_OF_MEMORY = /^Invalid (?:string|array|typed array) length|allocation failed/;

/**
 * What an evaluation that threw came to. JSONata throws objects with a code and a message. What its engine throws in its
 * own name, a TypeError for one, is told no caller: AWS's engine is another, and answers with an internal error.
 */
export const failureOf = (
  error: unknown,
): Extract<Evaluated, { outcome: "error" | "internal error" }> => {
  if (error instanceof LimitExceeded) return { outcome: "error", message: error.message };
  if (error instanceof RangeError && OUT_OF_STACK.test(error.message)) {
    return failureOf(new StackExceeded());
  }
  if (error instanceof RangeError && OUT_OF_MEMORY.test(error.message)) {
    return failureOf(new LimitExceeded(OUT_OF_MEMORY_MESSAGE));
  }
  if (typeof error !== "object" || error === null) return { outcome: "internal error" };
  const { code, message } = error as { code?: unknown; message?: unknown };
  return typeof code === "string" && JSONATA_CODE.test(code)
    ? { outcome: "error", code, message: String(message) }
    : { outcome: "internal error" };
};
