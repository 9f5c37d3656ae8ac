// The limits of an evaluation, by the hooks with which JSONata's own exerciser stops a runaway. AWS was measured to accept
// [1..873782] and to refuse [1..873783], to take a text of 2^22 characters and not of 2^23, and to go 100 steps deep, whatever
// they are made of: 100 terms of an addition, 99 brackets around a number, a function that calls itself 31 times.
import { type Depth, MAX_DEPTH, type SideBySide, sideBySideIn } from "./evaluation-depth.ts";
import { LimitExceeded, OUT_OF_MEMORY_MESSAGE } from "./evaluation-error.ts";
import { TooHeavy } from "./guarded-reg-exp.ts";
import type { SyntaxNode } from "./syntax-node.ts";
import { weigh } from "./value-weight.ts";
import { walk } from "./variables-in.ts";

/** Under this key JSONata calls back before each step. assign() takes any property key, whatever its type says. */
export const ENTRY = Symbol.for("jsonata.__evaluate_entry") as unknown as string;
/** Under this key JSONata calls back after each step. */
export const EXIT = Symbol.for("jsonata.__evaluate_exit") as unknown as string;
/** The name under which an evaluation's budget is bound: no expression can spell a variable with a blank. */
export const BUDGET = " budget";

/** What an evaluation has left. */
export interface Budget {
  /** Steps, that is nodes of the syntax tree. Infinite in a worker, which is stopped by the clock. */
  left: number;
  readonly depth: Depth;
  readonly numbers: Numbers;
}

/** How an evaluation treats numbers that JavaScript's own cannot carry. */
export interface Numbers {
  /** True: as the nearest of JavaScript's own, to calculate with. */
  readonly asDoubles: boolean;
  /** Becomes true with the first of them. */
  met: boolean;
}

const MAX_ARRAY_LENGTH = 873_782;
const MAX_TEXT_LENGTH = 6_990_256;
// What one step may hand on in the main thread; more is work for a worker, whose memory is bounded.
const HEAVY_ARRAY_LENGTH = 100_000;
const HEAVY_TEXT_LENGTH = 1_048_576;
const HEAVY_WEIGHT = 200_000;
// So many lists and objects in one text can multiply each other to any size.
const MANY_CONSTRUCTORS = 12;
// $f ~> $g is a function of the engine's own, whose text adds to the depth.
const STEPS_OF_A_COMPOSITION = 4;
// Looking the budget up costs more than a step does: one step in 32 pays for all.
const STEPS_PER_LOOK = 32;

/** Where an evaluation keeps its variables. */
export interface Environment {
  lookup(name: string): unknown;
}

interface Hooks {
  /** A promise holds the step up. */
  onEntry(node: SyntaxNode, input: unknown, environment: Environment): Promise<void> | undefined;
  onExit(node: SyntaxNode, input: unknown, environment: Environment, result: unknown): void;
}

const budgetOf = (environment: Environment): Budget | undefined =>
  environment.lookup(BUDGET) as Budget | undefined;

/** Claims that an evaluation runs in a thread that can be ended at any time. */
export const isInWorker = (environment: Environment): boolean =>
  budgetOf(environment)?.left === Number.POSITIVE_INFINITY;

/** How the evaluation that a function is called in treats numbers. */
export const numbersOf = (environment: Environment): Numbers | undefined =>
  budgetOf(environment)?.numbers;

let steps = 0;

const checkSize = (environment: Environment, result: unknown): void => {
  const size =
    typeof result === "string" ? result.length : Array.isArray(result) ? result.length : 0;
  const isText = typeof result === "string";
  if (size <= (isText ? HEAVY_TEXT_LENGTH : HEAVY_ARRAY_LENGTH)) return;
  if (!isInWorker(environment)) throw new TooHeavy("The expression handles much data.");
  if (size > (isText ? MAX_TEXT_LENGTH : MAX_ARRAY_LENGTH))
    throw new LimitExceeded(OUT_OF_MEMORY_MESSAGE);
};

const pay = (budget: Budget | undefined, cost: number): void => {
  if (budget === undefined) return;
  budget.left -= cost;
  if (budget.left < 0) throw new TooHeavy("The expression takes many steps.");
};

// Without a function of its own an expression is as deep as its text: where that is not deep nothing is counted on the way.
const SHALLOW: Hooks = {
  onEntry: (_node, _input, environment) => {
    steps += 1;
    if (steps % STEPS_PER_LOOK === 0) pay(budgetOf(environment), STEPS_PER_LOOK);
    return undefined;
  },
  onExit: (_node, _input, environment, result) => checkSize(environment, result),
};

const recursive = (sideBySide: SideBySide): Hooks => ({
  onEntry: (node, _input, environment) => {
    const budget = budgetOf(environment);
    pay(budget, 1);
    return budget?.depth.enter(sideBySide.get(node));
  },
  onExit: (node, _input, environment, result) => {
    checkSize(environment, result);
    const budget = budgetOf(environment);
    const isValue = typeof result === "object" && result !== null;
    if (isValue && budget?.left !== Number.POSITIVE_INFINITY && weigh(result) > HEAVY_WEIGHT) {
      throw new TooHeavy("The expression multiplies its data.");
    }
    budget?.depth.leave(sideBySide.has(node));
  },
});

/** The hooks that keep an expression within its limits. */
export const limitHooks = (ast: SyntaxNode): Hooks => {
  let hasFunction = false;
  let constructors = 0;
  let compositions = 0;
  walk(ast, (node) => {
    if (node.type === "lambda" || node.type === "transform") hasFunction = true;
    if (node.type === "unary") constructors += 1;
    if (node.type === "apply") compositions += 1;
  });
  const deepest = depthOf(ast) + compositions * STEPS_OF_A_COMPOSITION;
  return hasFunction || constructors >= MANY_CONSTRUCTORS || deepest > MAX_DEPTH
    ? recursive(sideBySideIn(ast))
    : SHALLOW;
};

/** How deep the nodes of a syntax tree are in each other. */
export const depthOf = (value: unknown): number => {
  if (typeof value !== "object" || value === null || value instanceof RegExp) return 0;
  let deepest = 0;
  for (const child of Object.values(value)) deepest = Math.max(deepest, depthOf(child));
  return deepest + ("type" in value && !Array.isArray(value) ? 1 : 0);
};
