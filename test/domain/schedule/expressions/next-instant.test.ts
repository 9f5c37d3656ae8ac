import { describe, expect, test } from "vitest";
import { nextInstant } from "#domain/schedule/expressions/next-instant.ts";
import { parseScheduleExpression } from "#domain/schedule/expressions/parse-schedule-expression.ts";
import { Zone } from "#domain/schedule/expressions/zone.ts";
import { codeOf } from "../../code-of.ts";

const next = (expression: string, zone: string, after: string, start?: string, end?: string) => {
  const instant = nextInstant(parseScheduleExpression(expression), {
    zone,
    after: Date.parse(after),
    start: start === undefined ? undefined : Date.parse(start),
    end: end === undefined ? undefined : Date.parse(end),
  });
  return instant === undefined ? undefined : new Date(instant).toISOString();
};

describe("the next instant", () => {
  test("lies strictly after the one that is given", () => {
    expect(next("cron(0 12 * * ? *)", "UTC", "2026-05-01T12:00:00Z")).toBe(
      "2026-05-02T12:00:00.000Z",
    );
    expect(next("at(2026-05-01T12:00:00)", "UTC", "2026-05-01T12:00:00Z")).toBeUndefined();
    expect(next("at(2026-05-01T12:00:00)", "UTC", "2026-05-01T11:59:59Z")).toBe(
      "2026-05-01T12:00:00.000Z",
    );
  });

  test("of a rate is its start, then an interval from it, then nothing after its end", () => {
    const [start, end] = ["2026-05-01T00:10:30Z", "2026-05-01T02:10:30Z"];

    expect(next("rate(1 hour)", "UTC", "2026-04-01T00:00:00Z", start, end)).toBe(
      "2026-05-01T00:10:30.000Z",
    );
    expect(next("rate(1 hour)", "UTC", "2026-05-01T00:10:30Z", start, end)).toBe(
      "2026-05-01T01:10:30.000Z",
    );
    expect(next("rate(1 hour)", "UTC", "2026-05-01T02:10:29Z", start, end)).toBe(
      "2026-05-01T02:10:30.000Z",
    );
    expect(next("rate(1 hour)", "UTC", "2026-05-01T02:10:30Z", start, end)).toBeUndefined();
  });

  test("of a rate without a start is an interval away", () => {
    expect(next("rate(5 minutes)", "UTC", "2026-05-01T00:01:00Z")).toBe("2026-05-01T00:06:00.000Z");
  });

  test("on the start and on the end counts", () => {
    const [start, end] = ["2026-05-02T12:00:00Z", "2026-05-03T12:00:00Z"];

    expect(next("cron(0 12 * * ? *)", "UTC", "2026-04-01T00:00:00Z", start, end)).toBe(
      "2026-05-02T12:00:00.000Z",
    );
    expect(next("cron(0 12 * * ? *)", "UTC", "2026-05-02T12:00:00Z", start, end)).toBe(
      "2026-05-03T12:00:00.000Z",
    );
    expect(next("cron(0 12 * * ? *)", "UTC", "2026-05-03T12:00:00Z", start, end)).toBeUndefined();
  });

  test("of an at does not mind start and end", () => {
    expect(
      next(
        "at(2026-05-05T12:00:00)",
        "UTC",
        "2026-05-01T00:00:00Z",
        "2026-05-06T00:00:00Z",
        "2026-05-07T00:00:00Z",
      ),
    ).toBe("2026-05-05T12:00:00.000Z");
  });

  test.each([
    ["cron(0 12 30 2 ? *)", "30 February"],
    ["cron(0 12 31 4,6,9,11 ? *)", "the 31st of short months"],
    ["cron(0 12 31W 2 ? *)", "the working day nearest to 31 February"],
    ["cron(0 12 ? 2 MON#5 2026-2027)", "a fifth Monday of February, but for leap years"],
    ["cron(30 2 ? 3 1L 1997-2199)", "half past two of each spring night"],
    ["cron(0 0 1 1 ? 2020)", "a year that is over"],
    ["at(2026-03-29T02:30:00)", "a moment in the gap"],
  ])("of %s, %s, is none", (expression) => {
    expect(next(expression, "Europe/Berlin", "2026-01-01T00:00:00Z")).toBeUndefined();
  });

  test("after the last year is none, however late", () => {
    expect(next("cron(* * * * ? *)", "Europe/Berlin", "2199-12-31T22:59:00Z")).toBeUndefined();
    expect(next("cron(* * * * ? *)", "UTC", "9999-12-31T22:59:00Z")).toBeUndefined();
    expect(next("rate(1 minute)", "UTC", "9999-12-31T22:59:00Z")).toBeUndefined();
  });

  test("before the first year is its first minute", () => {
    expect(next("cron(* * * * ? *)", "UTC", "1900-01-01T00:00:00Z")).toBe(
      "1970-01-01T00:00:00.000Z",
    );
  });
});

describe("a zone", () => {
  test.each(["Mars/Base", "", "+01:00", "UTC+1", "Europe/Berlin ", "../etc", "E".repeat(51)])(
    "that does not exist is refused: %j",
    (name) => {
      expect(codeOf(() => Zone.named(name))).toBe("ZoneUnknown");
    },
  );

  test.each(["UTC", "Etc/GMT+5", "Asia/Calcutta", "America/Argentina/Buenos_Aires", "EST5EDT"])(
    "of the list is known: %s",
    (name) => {
      expect(Zone.named(name).name).toBe(name);
    },
  );
});
