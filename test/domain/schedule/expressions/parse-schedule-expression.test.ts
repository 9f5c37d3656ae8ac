import { describe, expect, test } from "vitest";
import { parseScheduleExpression } from "#domain/schedule/expressions/parse-schedule-expression.ts";
import { codeOf, messageOf } from "../../code-of.ts";

// REQ: schedule-expressions
describe("an expression that AWS takes", () => {
  test.each([
    // Recorded from the API. (localstack/localstack, tests/aws/services/scheduler/test_scheduler.snapshot.json)
    "at(2022-12-31T23:59:59)",
    "cron(0-15/1 8-8 ? * 2,3,4,5,6,7 *)",
    "cron(30-30 13-13 ? * 2,4,6 *)",
    "cron(1-31/30 1-1 ? * 1,7 *)",
    "cron(0 18 ? * MON-FRI *)",
    "cron(*/15 * * * ? *)",
    "cron(0-59/10 0-23/2 ? * * *)",
    "cron(0 0 * * ? *)",
    "rate(1 minutes)",
    // The guide's own examples.
    "cron(0 10 * * ? *)",
    "cron(15 12 * * ? *)",
    "cron(0 8 1 * ? *)",
    "cron(0/5 8-17 ? * MON-FRI *)",
    "cron(0 9 ? * 2#1 *)",
    "cron(15 10 ? * 6L 2022-2023)",
    "cron(0 9 3W * ? *)",
    "cron(0 0 L * ? *)",
    "cron(0 0 ? * L *)",
    "rate(5 minutes)",
    "rate(1 hour)",
    "rate(1 days)",
    // The console takes these. (grumBit/aws_cron_expression_validator#18, beemhq/aws-cron-parser#7)
    "cron(0 9 LW * ? *)",
    "cron(0 9 ? * Wed-Fri *)",
    "cron(0 9 ? jan,jUl mOn#2 *)",
    "cron(00 05 ? * FRIL 1970,2199)",
  ])("is taken: %s", (text) => {
    expect(codeOf(() => parseScheduleExpression(text))).toBeUndefined();
  });
});

describe("an expression that AWS refuses, or was never seen to take,", () => {
  test.each([
    // Recorded from the API.
    "cron(0 1 * * * *)",
    "cron(7 20 * * NOT *)",
    "cron(INVALID)",
    "cron(0 dummy ? * MON-FRI *)",
    "cron(71 8 1 * ? *)",
    "cron()",
    "rate(10 seconds)",
    "rate(10 years)",
    "rate()",
    "rate(10)",
    "rate(10 minutess)",
    "rate(foo minutes)",
    "rate(-10 minutes)",
    "rate( 10 minutes )",
    " rate(10 minutes)",
    "at(2021-12-31T23:59:59Z)",
    "at(2021-12-31)",
    "rate(30 seconds)",
    "cron(*/30 * * * * ? *)",
    "at(2026-09-08T03:54:26.439)",
    // Days and hours that no calendar has.
    "at(2026-02-30T08:00:00)",
    "at(2027-02-29T08:00:00)",
    "at(2026-13-01T08:00:00)",
    "at(2026-01-01T24:00:00)",
    "at(2026-01-01T08:00:60)",
    // Out of range, or no field at all.
    "cron(60 8 * * ? *)",
    "cron(0 24 * * ? *)",
    "cron(0 8 0 * ? *)",
    "cron(0 8 32 * ? *)",
    "cron(0 8 32W * ? *)",
    "cron(0 8 0W * ? *)",
    "cron(0 8 * 0 ? *)",
    "cron(0 8 * 13 ? *)",
    "cron(0 8 ? * 0 *)",
    "cron(0 8 ? * 8 *)",
    "cron(0 8 ? * 2#0 *)",
    "cron(0 8 ? * 2#6 *)",
    "cron(0 8 ? * 0L *)",
    "cron(0 8 * * ? 1969)",
    "cron(0 8 * * ? 2200)",
    "cron(0 8 * * ? 2027-2026)",
    "cron(0/0 8 * * ? *)",
    "cron(0/60 8 * * ? *)",
    "cron(-5 8 * * ? *)",
    "cron(5- 8 * * ? *)",
    "cron(, 8 * * ? *)",
    "cron(1,,2 8 * * ? *)",
    "cron(*,5 8 * * ? *)",
    "cron(1-2-3 8 * * ? *)",
    "cron(1/2/3 8 * * ? *)",
    "cron(1.5 8 * * ? *)",
    "cron(٣ 8 * * ? *)",
    // A day needs one field, and the other a ?.
    "cron(0 8 ? * ? *)",
    "cron(0 8 1 * MON *)",
    "cron(0 8 * * MON *)",
    "cron(? 8 * * ? *)",
    // L, W and # stand alone; the day of the week has no step.
    "cron(0 8 L,15 * ? *)",
    "cron(0 8 1W,15W * ? *)",
    "cron(0 8 1-5W * ? *)",
    "cron(0 8 L-3 * ? *)",
    "cron(0 8 ? * 2#1,6#3 *)",
    "cron(0 8 ? * 2L,6L *)",
    "cron(0 8 ? * 2/2 *)",
    "cron(0 8 ? * */2 *)",
    // Six fields, one blank between them.
    "cron(0 8 * * ?)",
    "cron(0  8 * * ? *)",
    "cron( 0 8 * * ? *)",
    "CRON(0 8 * * ? *)",
    "cron(0 8 * * ? *",
    "rate(0 minutes)",
    "rate(1.5 hours)",
    "rate(1 week)",
    "rate(1  hour)",
    "rate(99999999999999999999 days)",
    "",
    "at 22:45 daily",
    "cron(0 8 * * ? *)\n",
  ])("is refused with AWS's text: %s", (text) => {
    const call = () => parseScheduleExpression(text);

    expect(codeOf(call)).toBe("ScheduleExpressionInvalid");
    expect(messageOf(call)).toBe(`Invalid Schedule Expression ${text}.`);
  });

  test("is refused when it is longer than the API takes, in no time", () => {
    const text = `cron(${"0,".repeat(100_000)}0 8 * * ? *)`;

    expect(codeOf(() => parseScheduleExpression(text))).toBe("ScheduleExpressionInvalid");
  });
});
