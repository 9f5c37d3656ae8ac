// What AWS does when it calculates with an integer beyond 2^53 was not seen; here it is done with JavaScript's own numbers.
import { holdsInexactInteger } from "../values/exact-number.ts";
import { TooHeavy } from "./guarded-reg-exp.ts";
import { failureOf, type ParsedExpression } from "./jsonata-expression.ts";
import { type Evaluated, toPlainJson } from "./plain-json.ts";

const NOT_EMULATED: Evaluated = {
  outcome: "error",
  code: "D3000",
  message:
    "NotEmulated: an expression that calculates with an integer beyond 2^53 and gives one. What AWS answers is not known; hand the integer on as it is, or as text.",
};

/**
 * Evaluates an expression with JavaScript's own numbers only. Where digits may have been lost on the way, the result is
 * refused by name.
 * @throws TooHeavy
 */
export const calculate = async (
  parsed: ParsedExpression,
  bindings: Readonly<Record<string, unknown>>,
  maxSteps: number,
  metExactNumber: boolean,
): Promise<Evaluated> => {
  const numbers = { asDoubles: true, met: metExactNumber };
  try {
    const evaluated = toPlainJson(await parsed.run(bindings, maxSteps, numbers));
    return numbers.met && evaluated.outcome === "value" && holdsInexactInteger(evaluated.value)
      ? NOT_EMULATED
      : evaluated;
  } catch (error) {
    if (error instanceof TooHeavy) throw error;
    return failureOf(error);
  }
};
