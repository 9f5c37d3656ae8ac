import { describe, expect, test } from "vitest";
import { parseScheduleExpression } from "#domain/schedule/expressions/parse-schedule-expression.ts";
import { RECORDED_EXPRESSIONS } from "../../../support/recorded-expressions.ts";
import { codeOf, messageOf } from "../../code-of.ts";

const { accepted = [], refused = [] } = RECORDED_EXPRESSIONS ?? {};

describe.skipIf(RECORDED_EXPRESSIONS === undefined)(
  "AWS's recorded answers, beside the repository,",
  () => {
    test.each(accepted)("take %s", (text) => {
      expect(codeOf(() => parseScheduleExpression(text))).toBeUndefined();
    });

    test.each(refused)("refuse %s with one text for every mistake", (text) => {
      const message = messageOf(() => parseScheduleExpression(text));

      expect(message).toBe(`Invalid Schedule Expression ${text}.`);
    });
  },
);
