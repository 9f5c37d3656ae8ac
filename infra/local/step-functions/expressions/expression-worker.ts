// Runs in a worker thread: evaluates what was too heavy for the main thread, and may be ended at any time.
import { parentPort } from "node:worker_threads";
import { withDoubles } from "../values/exact-number.ts";
import { calculate } from "./calculate.ts";
import { type ParsedExpression, parseExpression } from "./jsonata-expression.ts";
import type { Evaluated } from "./plain-json.ts";

/** One evaluation, as it is posted to the worker. */
export interface HeavyEvaluation {
  readonly source: string;
  /** Without exact numbers: what a thread is sent is cloned, and they are not. */
  readonly bindings: Readonly<Record<string, unknown>>;
  /** Whether there were any. */
  readonly metExactNumber: boolean;
}

const parsed = new Map<string, ParsedExpression>();

// This thread is ended when it takes too long: a slow regular expression needs no guard of its own.
const expressionOf = (source: string): ParsedExpression => {
  const known = parsed.get(source);
  if (known !== undefined) return known;
  const expression = parseExpression(source, RegExp);
  if (parsed.size > 1000) parsed.clear();
  parsed.set(source, expression);
  return expression;
};

// Nor can an exact number be sent back.
const cloneable = (evaluated: Evaluated): Evaluated =>
  evaluated.outcome === "value"
    ? { outcome: "value", value: withDoubles(evaluated.value) }
    : evaluated;

const evaluate = async (work: HeavyEvaluation): Promise<Evaluated> =>
  cloneable(
    await calculate(
      expressionOf(work.source),
      work.bindings,
      Number.POSITIVE_INFINITY,
      work.metExactNumber,
    ),
  );

parentPort?.on("message", (work: HeavyEvaluation) => {
  void evaluate(work).then((evaluated) => parentPort?.postMessage(evaluated));
});
