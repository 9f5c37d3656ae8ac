import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseScheduleExpression } from "#domain/schedule/expressions/parse-schedule-expression.ts";
import { codeOf, messageOf } from "../../code-of.ts";

interface Recorded {
  readonly refused: readonly string[];
  readonly refusedMeasuredElsewhere: readonly { readonly expression: string }[];
  readonly accepted: readonly string[];
  readonly acceptedMeasuredElsewhere: readonly { readonly expression: string }[];
}

const FILE = join(
  import.meta.dirname,
  "../../../../../shared/reference/scheduler/expressions-recorded.json",
);

const NOTHING: Recorded = {
  refused: [],
  refusedMeasuredElsewhere: [],
  accepted: [],
  acceptedMeasuredElsewhere: [],
};

const recorded = existsSync(FILE) ? (JSON.parse(readFileSync(FILE, "utf8")) as Recorded) : NOTHING;

const expressions = (list: readonly { readonly expression: string }[]): readonly string[] =>
  list.map(({ expression }) => expression);

describe.skipIf(!existsSync(FILE))("AWS's recorded answers, beside the repository,", () => {
  test.each([...recorded.accepted, ...expressions(recorded.acceptedMeasuredElsewhere)])(
    "take %s",
    (text) => {
      expect(codeOf(() => parseScheduleExpression(text))).toBeUndefined();
    },
  );

  test.each([...recorded.refused, ...expressions(recorded.refusedMeasuredElsewhere)])(
    "refuse %s with one text for every mistake",
    (text) => {
      const message = messageOf(() => parseScheduleExpression(text));

      expect(message).toBe(`Invalid Schedule Expression ${text}.`);
    },
  );
});
