import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface Recorded {
  readonly refused: readonly string[];
  readonly refusedMeasuredElsewhere: readonly { readonly expression: string }[];
  readonly accepted: readonly string[];
  readonly acceptedMeasuredElsewhere: readonly { readonly expression: string }[];
}

const FILE = join(
  import.meta.dirname,
  "../../../shared/reference/scheduler/expressions-recorded.json",
);

const expressions = (list: readonly { readonly expression: string }[]): readonly string[] =>
  list.map(({ expression }) => expression);

const read = () => {
  const recorded = JSON.parse(readFileSync(FILE, "utf8")) as Recorded;
  return {
    accepted: [...recorded.accepted, ...expressions(recorded.acceptedMeasuredElsewhere)],
    refused: [...recorded.refused, ...expressions(recorded.refusedMeasuredElsewhere)],
  };
};

/** What AWS was seen to take and to refuse; undefined where the file beside the repository is missing. */
export const RECORDED_EXPRESSIONS = existsSync(FILE) ? read() : undefined;
