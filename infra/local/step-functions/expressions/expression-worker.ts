// Runs in a worker thread: evaluates what was too heavy for the main thread, and may be ended at any time.
import { parentPort } from "node:worker_threads";
import { failureOf, type ParsedExpression, parseExpression } from "./jsonata-expression.ts";
import { type Evaluated, toPlainJson } from "./plain-json.ts";

/** One evaluation, as it is posted to the worker. */
export interface HeavyEvaluation {
  readonly source: string;
  readonly bindings: Readonly<Record<string, unknown>>;
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

const evaluate = async ({ source, bindings }: HeavyEvaluation): Promise<Evaluated> => {
  try {
    return toPlainJson(await expressionOf(source).run(bindings, Number.POSITIVE_INFINITY));
  } catch (error) {
    return failureOf(error);
  }
};

parentPort?.on("message", (work: HeavyEvaluation) => {
  void evaluate(work).then((evaluated) => parentPort?.postMessage(evaluated));
});
