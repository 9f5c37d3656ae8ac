// A JSON value in a definition, in which every string {% ... %} is an expression.
import { randomUUID } from "node:crypto";
import type { Json } from "#local/wire/json.ts";
import { type Expression, evaluate, type Surroundings } from "../expressions/expression.ts";
import type { ExpressionWorkers } from "../expressions/expression-workers.ts";
import { jsonText, jsonTypeName } from "../values/json.ts";
import { isTooLarge } from "../values/payload-size.ts";
import { dataLimitExceeded, EvaluationFailure, StateFailure } from "../values/state-failure.ts";
import { type Path, readPath } from "./path.ts";

/** A value of a definition, ready to be evaluated. */
export type Template =
  | { readonly kind: "constant"; readonly value: Json }
  | { readonly kind: "expression"; readonly expression: Expression; readonly field: string }
  /** In a state of JSONPath only. */
  | { readonly kind: "path"; readonly path: Path; readonly field: string }
  | { readonly kind: "object"; readonly members: readonly (readonly [string, Template])[] }
  | { readonly kind: "array"; readonly items: readonly Template[] };

/** Everything that the evaluation of a state's fields needs to know. */
export interface Evaluation extends Surroundings {
  readonly stateName: string;
  /** The id of the event by which the state was entered. */
  readonly enteredEventId: number;
  readonly workers: ExpressionWorkers;
  /** What `$` is in a state of JSONPath; the input where nothing is said. */
  readonly pathInput?: Json;
}

/**
 * Evaluates a template.
 * @throws EvaluationFailure with AWS's text, and StateFailure where the value is over the limit.
 */
export const evaluateTemplate = async (template: Template, at: Evaluation): Promise<Json> => {
  if (template.kind === "constant") return template.value;
  const value = await templateValue(template, at);
  if (isTooLarge(value)) throw dataLimitExceeded(at.stateName);
  return value;
};

const templateValue = async (template: Template, at: Evaluation): Promise<Json> => {
  switch (template.kind) {
    case "constant":
      return template.value;
    case "expression":
      return expressionValue(template.expression, template.field, at);
    case "path": {
      const input = at.pathInput ?? at.input;
      const value = readPath(template.path, { ...at, input });
      if (value === undefined) throw pathFailure(template.path, template.field, input, at);
      return value;
    }
    case "array": {
      const items: Json[] = [];
      for (const item of template.items) items.push(await templateValue(item, at));
      return items;
    }
    case "object": {
      const object: Record<string, Json> = {};
      for (const [name, member] of template.members) object[name] = await templateValue(member, at);
      return object;
    }
  }
};

const expressionValue = async (
  expression: Expression,
  field: string,
  at: Evaluation,
): Promise<Json> => {
  const evaluated = await evaluate(expression, at, at.workers);
  switch (evaluated.outcome) {
    case "value":
      return evaluated.value;
    case "nothing":
      throw expressionFailure(expression, field, at, "returned nothing (undefined).");
    case "unsupported":
      throw expressionFailure(expression, field, at, "returned an unsupported result type.");
    case "error":
      throw expressionFailure(
        expression,
        field,
        at,
        evaluated.code === undefined
          ? `threw an error during evaluation: ${evaluated.message}`
          : `threw an error during evaluation. ${evaluated.code}: ${evaluated.message}`,
      );
    case "internal error":
      throw expressionFailure(
        expression,
        field,
        at,
        `threw an internal error during evaluation. ${randomUUID()}`,
      );
    case "too large":
      throw dataLimitExceeded(at.stateName);
  }
};

const expressionFailure = (
  expression: Expression,
  field: string,
  at: Evaluation,
  what: string,
): EvaluationFailure =>
  evaluationFailure(
    at,
    field,
    `The JSONata expression '${expression.source}' specified for the field '${field}' ${what}`,
  );

/** The failure of a path that leads to nothing, in AWS's words. */
const pathFailure = (path: Path, field: string, input: Json, at: Evaluation): StateFailure =>
  new StateFailure(
    "States.Runtime",
    `An error occurred while executing the state '${at.stateName}' (entered at the event id #${at.enteredEventId}). The JSONPath '${path.text}' specified for the field '${field}' could not be found in the input '${jsonText(input)}'`,
  );

/** The failure of a field, in AWS's words. */
export const evaluationFailure = (
  at: Pick<Evaluation, "stateName" | "enteredEventId">,
  field: string | undefined,
  what: string,
): EvaluationFailure =>
  new EvaluationFailure(
    `An error occurred while executing the state '${at.stateName}' (entered at the event id #${at.enteredEventId}). ${what}`,
    field,
  );

/** The failure of an expression whose value has the wrong type, in AWS's words. */
export const unexpectedType = (
  template: Template,
  field: string,
  at: Evaluation,
  expected: string,
  value: Json,
): EvaluationFailure => {
  const what = `returned an unexpected result type. Expected '${expected}', but was '${jsonTypeName(value)}' for value: ${jsonText(value)}`;
  if (template.kind === "expression") {
    return expressionFailure(template.expression, field, at, what);
  }
  return evaluationFailure(at, field, `The value specified for the field '${field}' ${what}`);
};
