import { describe, expect, test } from "vitest";
import { describeWhen } from "#domain/schedule/times/describe-when.ts";
import { monthsLeftOut } from "#domain/schedule/times/months-left-out.ts";
import { parseWhen } from "#domain/schedule/times/parse-when.ts";
import { codeOf, messageOf } from "../../code-of.ts";

/** The words of EventBridge Scheduler for a time of day. */
const onAws = (text: string): string => {
  const when = parseWhen(text);
  return when.form === "sun" ? "" : when.awsExpression;
};

describe("the home's words", () => {
  test.each([
    ["at 22:45 daily", "cron(45 22 * * ? *)", "every day at 22:45"],
    ["at 22:45 on mon..fri", "cron(45 22 ? * MON,TUE,WED,THU,FRI *)", "Monday to Friday at 22:45"],
    [
      "at 06:15 on mon,wed..fri",
      "cron(15 6 ? * MON,WED,THU,FRI *)",
      "Monday and Wednesday to Friday at 06:15",
    ],
    ["at 18:00 on fri..mon", "cron(0 18 ? * MON,FRI,SAT,SUN *)", "Friday to Monday at 18:00"],
    ["at 7:05 on sat,sun", "cron(5 7 ? * SAT,SUN *)", "Saturday and Sunday at 07:05"],
    ["at 00:00 on mon..sun", "cron(0 0 * * ? *)", "every day at 00:00"],
    ["at 07:00 on day 31", "cron(0 7 31 * ? *)", "on day 31 of each month at 07:00"],
    ["at 07:00 on last day", "cron(0 7 L * ? *)", "on the last day of each month at 07:00"],
    ["  At 22:45   ON Mon ", "cron(45 22 ? * MON *)", "Monday at 22:45"],
    ["at(2026-12-24T18:00:00)", "at(2026-12-24T18:00:00)", "once, on 2026-12-24 at 18:00:00"],
    ["rate(90 minutes)", "rate(90 minutes)", "every 90 minutes"],
    ["rate(1 days)", "rate(1 days)", "every 1 day"],
    ["cron(0 9 3W * ? *)", "cron(0 9 3W * ? *)", "as cron(0 9 3W * ? *) says"],
  ])("%s is %s on AWS, and reads: %s", (text, aws, words) => {
    expect(onAws(text)).toBe(aws);
    expect(describeWhen(parseWhen(text))).toBe(words);
  });

  test.each([
    ["sunset", { event: "sunset", offsetMinutes: 0 }, "at sunset, every day"],
    ["sunset +30m", { event: "sunset", offsetMinutes: 30 }, "30 minutes after sunset, every day"],
    ["sunrise -1h", { event: "sunrise", offsetMinutes: -60 }, "1 hour before sunrise, every day"],
    ["sunset+90m daily", { offsetMinutes: 90 }, "90 minutes after sunset, every day"],
    [
      "sunrise - 45 m on sat,sun",
      { offsetMinutes: -45, weekdays: [7, 1] },
      "45 minutes before sunrise, on Saturday and Sunday",
    ],
    ["Sunset -0m", { offsetMinutes: 0 }, "at sunset, every day"],
    ["sunset +12h", { offsetMinutes: 720 }, "12 hours after sunset, every day"],
  ])("%s is %j, and reads: %s", (text, members, words) => {
    const when = parseWhen(text);

    expect(when).toMatchObject({ form: "sun", ...members });
    expect(describeWhen(when)).toBe(words);
  });

  test.each([
    ["at 24:00 daily", "24:00"],
    ["at 22:60 daily", "22:60"],
    ["at 22.45 daily", "22.45"],
    ["at 22:45", "days are missing"],
    ["at 22:45 on", "days are missing"],
    ["at 22:45 on monday", "monday"],
    ["at 22:45 on mon..", '"mon.."'],
    ["at 22:45 on mon..tue..wed", "mon..tue..wed"],
    ["at 22:45 on mon,,tue", "mon,,tue"],
    ["at 07:00 on day 32", '"32"'],
    ["at 07:00 on day 0", '"0"'],
    ["at 07:00 on day first", "first"],
    ["sunset +13h", "12 hours"],
    ["sunset +721m", "12 hours"],
    ["sunset 30m", '"30m"'],
    ["sunset +5x", "+5x"],
    ["sunset +1h30m", "+1h30m"],
    ["sunset on holidays", "holidays"],
    ["sunsets", "none of"],
    ["noon", "none of"],
    ["", "none of"],
  ])("%s is refused, naming %s", (text, culprit) => {
    const call = () => parseWhen(text);

    expect(codeOf(call)).toBe("ScheduleInvalid");
    expect(messageOf(call)).toContain(culprit);
  });
});

describe("an expression of AWS's that is refused", () => {
  test.each([
    ["cron(0 24 * * ? *)", 'The hours, "24", is not of 0-23.'],
    ["cron(0 8 ? * MON-FRY *)", 'The day of the week, "MON-FRY", is not of 1-7.'],
    ["cron(0 8 32 * ? *)", 'The day of the month, "32", is not of 1-31.'],
    ["cron(0 8 * * ? 1969)", 'The year, "1969", is not of 1970-2199.'],
    ["cron(0 8 * * ?)", "It has 5 fields."],
    ["cron(0 8 * * * *)", "one of the two days a ?"],
    ["at(2026-02-30T08:00:00)", "a day and a time that exist"],
    ["rate(5 weeks)", "minutes, hours or days"],
    ["every(5 minutes)", "rate(15 minutes)"],
  ])("says what AWS says, and which part it is: %s", (text, hint) => {
    const call = () => parseWhen(text);

    expect(codeOf(call)).toBe("ScheduleExpressionInvalid");
    expect(messageOf(call)).toContain(`Invalid Schedule Expression ${text}. `);
    expect(messageOf(call)).toContain(hint);
  });
});

describe("a day that not every month has", () => {
  // REQ: schedule-months
  test.each([
    [
      "at 07:00 on day 31",
      [
        'February, April, June, September and November have no 31st: it does not run in those months. "on last day", or L in cron, means the end of every month.',
      ],
    ],
    [
      "at 07:00 on day 30",
      [
        'February has no 30th: it does not run in that month. "on last day", or L in cron, means the end of every month.',
      ],
    ],
    [
      "at 07:00 on day 29",
      ["February has a 29th in leap years only: in other years it does not run in February."],
    ],
    [
      "cron(0 7 31W 1-4 ? *)",
      [
        'February and April have no 31st: it does not run in those months. "on last day", or L in cron, means the end of every month.',
      ],
    ],
    ["cron(0 7 31 1,3 ? *)", []],
    ["cron(0 7 25-31 * ? *)", []],
    ["at 07:00 on day 28", []],
    ["at 07:00 on last day", []],
    ["at 07:00 daily", []],
    ["rate(31 days)", []],
    ["sunset", []],
  ])("is told when the schedule is made: %s", (text, told) => {
    expect(monthsLeftOut(parseWhen(text))).toEqual(told);
  });
});
