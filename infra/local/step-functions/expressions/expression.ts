import type { Json } from "#local/wire/json.ts";
import type { ExpressionWorkers } from "./expression-workers.ts";
import { TooHeavy } from "./guarded-reg-exp.ts";
import { failureOf, type ParsedExpression } from "./jsonata-expression.ts";
import { type Evaluated, toPlainJson } from "./plain-json.ts";
import { variablesIn } from "./variables-in.ts";

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
}

// About 30 ms of work on the main thread, then a worker takes over. A step is one node of the syntax tree.
const MAX_STEPS = 20_000;

/** Prepares a parsed expression for evaluation. */
export const expressionOf = (parsed: ParsedExpression): Expression => {
  const { variables, readsContext } = variablesIn(parsed.ast);
  return { source: parsed.source, variables: [...variables], readsContext, parsed };
};

/** Evaluates an expression to plain JSON within a second, without ever holding up the process for long. */
export const evaluate = async (
  expression: Expression,
  surroundings: Surroundings,
  workers: ExpressionWorkers,
): Promise<Evaluated> => {
  const bindings = bindingsFor(expression, surroundings);
  try {
    const value = await expression.parsed.run(bindings, MAX_STEPS);
    // What a state was given it may hand on without a copy: nobody changes it.
    if (value === surroundings.input || isBound(value, bindings)) {
      return { outcome: "value", value: value as Json };
    }
    return toPlainJson(value);
  } catch (error) {
    if (error instanceof TooHeavy) {
      return workers.evaluate({ source: expression.source, bindings });
    }
    return failureOf(error);
  }
};

const isBound = (value: unknown, bindings: Readonly<Record<string, unknown>>): boolean => {
  if (typeof value !== "object" || value === null) return false;
  for (const name in bindings) if (name !== "states" && bindings[name] === value) return true;
  const states = bindings.states as { readonly result?: unknown } | undefined;
  return states?.result === value;
};

const bindingsFor = (
  expression: Expression,
  surroundings: Surroundings,
): Readonly<Record<string, unknown>> => {
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
