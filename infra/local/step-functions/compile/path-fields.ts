// The five fields by which a state of JSONPath moves its data:
// https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html
import type { Json } from "#local/wire/json.ts";
import { jsonText } from "../values/json.ts";
import { StateFailure } from "../values/state-failure.ts";
import { type Path, readPath, writePath } from "./path.ts";
import type { Evaluation, Template } from "./template.ts";

/** What a state of JSONPath does with its data. `null` for a path discards what it would have read. */
export interface PathFields {
  readonly inputPath?: Path | null;
  readonly resultSelector?: Template;
  readonly resultPath?: Path | null;
  readonly outputPath?: Path | null;
}

/** What InputPath or OutputPath leaves of a document. */
export const filtered = (
  path: Path | null | undefined,
  field: "InputPath" | "OutputPath",
  document: Json,
  at: Evaluation,
): Json => {
  if (path === undefined) return document;
  if (path === null) return {};
  const value = readPath(path, { ...at, input: document });
  if (value === undefined) {
    throw new StateFailure(
      "States.Runtime",
      `An error occurred while executing the state '${at.stateName}' (entered at the event id #${at.enteredEventId}). Invalid path '${path.text}' specified for the field '${field}': the input is '${jsonText(document)}'`,
    );
  }
  return value;
};

/** A state's input with its result where ResultPath says. */
export const combined = (path: Path | null | undefined, input: Json, result: Json): Json => {
  if (path === undefined) return result;
  return path === null ? input : writePath(input, path.steps, result);
};
