import type { Json, JsonObject } from "#local/wire/json.ts";
import { holdsExactNumber, withDoubles } from "../values/exact-number.ts";
import { calculate } from "./calculate.ts";
import { LimitExceeded } from "./evaluation-error.ts";
import type { ExpressionWorkers } from "./expression-workers.ts";
import { TooHeavy } from "./guarded-reg-exp.ts";
import { failureOf, type ParsedExpression } from "./jsonata-expression.ts";
import { type Evaluated, toPlainJson } from "./plain-json.ts";
import type { SyntaxNode } from "./syntax-node.ts";
import { variablesIn, walk } from "./variables-in.ts";

/** What a state shows to its expressions. */
export interface Surroundings {
  readonly input: Json;
  readonly result?: Json;
  readonly errorOutput?: Json;
  /** Built when an expression asks for it. */
  readonly context: () => Json;
  readonly variable: (name: string) => Json | undefined;
}

/** A parsed expression that knows which variables it reads, so that only those are bound. */
export interface Expression {
  readonly source: string;
  readonly variables: readonly string[];
  readonly readsContext: boolean;
  readonly parsed: ParsedExpression;
  /** True where a number that can only be handed on would be taken for something else, without an error. */
  readonly calculates: boolean;
}

type Bindings = Readonly<Record<string, unknown>>;

// About 30 ms of work on the main thread, then a worker takes over. A step is one node of the syntax tree.
const MAX_STEPS = 20_000;

/** Prepares a parsed expression for evaluation. */
export const expressionOf = (parsed: ParsedExpression): Expression => {
  const { variables, readsContext } = variablesIn(parsed.ast);
  const calculates = asksWhatANumberIs(parsed.ast);
  return { source: parsed.source, variables: [...variables], readsContext, parsed, calculates };
};

const asksWhatANumberIs = (ast: SyntaxNode): boolean => {
  let asks = false;
  walk(ast, (node) => {
    if (node.type === "variable" && node.value === "type") asks = true;
    if (node.type === "binary" && node.value === "in") asks = true;
    if (node.type === "descendant") asks = true;
    if (node.type === "number" && !Number.isSafeInteger(Math.trunc(Number(node.value))))
      asks = true;
  });
  return asks;
};

/** Evaluates an expression to plain JSON within a second, without ever holding up the process for long. */
export const evaluate = async (
  expression: Expression,
  surroundings: Surroundings,
  workers: ExpressionWorkers,
): Promise<Evaluated> => {
  const bindings = bindingsFor(expression, surroundings);
  if (expression.calculates && holdsExactNumber(bindings)) {
    return calculateAnywhere(expression, bindings, workers);
  }
  const numbers = { asDoubles: false, met: false };
  try {
    const value = await expression.parsed.run(bindings, MAX_STEPS, numbers);
    // What a state was given it may hand on without a copy: nobody changes it.
    if (value === surroundings.input || isBound(value, bindings)) {
      return { outcome: "value", value: value as Json };
    }
    return toPlainJson(value);
  } catch (error) {
    if (error instanceof TooHeavy) return evaluateInWorker(expression, bindings, workers);
    // To JSONata an exact number is no number: it can only be handed on.
    if (!(error instanceof LimitExceeded) && (numbers.met || holdsExactNumber(bindings))) {
      return calculateAnywhere(expression, bindings, workers);
    }
    return failureOf(error);
  }
};

const calculateAnywhere = async (
  expression: Expression,
  bindings: Bindings,
  workers: ExpressionWorkers,
): Promise<Evaluated> => {
  try {
    return await calculate(expression.parsed, inDoubles(bindings), MAX_STEPS, true);
  } catch (error) {
    if (!(error instanceof TooHeavy)) throw error;
    return evaluateInWorker(expression, bindings, workers);
  }
};

const evaluateInWorker = async (
  expression: Expression,
  bindings: Bindings,
  workers: ExpressionWorkers,
): Promise<Evaluated> => {
  const metExactNumber = holdsExactNumber(bindings);
  const evaluated = await workers.evaluate({
    source: expression.source,
    bindings: metExactNumber ? inDoubles(bindings) : bindings,
    metExactNumber,
  });
  return evaluated.outcome === "value" ? toPlainJson(evaluated.value) : evaluated;
};

// What is bound is JSON: the input, results, variables.
const inDoubles = (bindings: Bindings): Bindings => withDoubles(bindings as JsonObject) as Bindings;

const isBound = (value: unknown, bindings: Bindings): boolean => {
  if (typeof value !== "object" || value === null) return false;
  for (const name in bindings) if (name !== "states" && bindings[name] === value) return true;
  const states = bindings.states as { readonly result?: unknown } | undefined;
  return states?.result === value;
};

const bindingsFor = (expression: Expression, surroundings: Surroundings): Bindings => {
  const bindings: Record<string, unknown> = {};
  for (const name of expression.variables) {
    if (name === "states") {
      bindings.states = {
        input: surroundings.input,
        ...(surroundings.result === undefined ? {} : { result: surroundings.result }),
        ...(surroundings.errorOutput === undefined
          ? {}
          : { errorOutput: surroundings.errorOutput }),
        ...(expression.readsContext ? { context: surroundings.context() } : {}),
      };
    } else {
      const value = surroundings.variable(name);
      if (value !== undefined) bindings[name] = value;
    }
  }
  return bindings;
};
