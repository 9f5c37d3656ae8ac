import { describe, expect, test } from "vitest";
import { parseFor, parseUntil, shownMoment } from "../../../scripts/homes/moments.ts";

const NOW = Date.UTC(2026, 10, 27, 12);

const until = (text: string, timeZone = "UTC"): string =>
  new Date(parseUntil(text, NOW, timeZone) * 1000).toISOString();

describe("until when somebody belongs to a home", () => {
  test.each([
    [
      "a day, to its end in the home's time zone",
      "2026-12-31",
      "Europe/Berlin",
      "2026-12-31T23:00",
    ],
    ["a day west of Greenwich", "2026-12-31", "America/Los_Angeles", "2027-01-01T08:00"],
    ["a day half an hour off", "2026-12-31", "Asia/Kolkata", "2026-12-31T18:30"],
    // The clock goes forward in the night that ends it, and back in the night that begins the other.
    ["the day before summer time", "2027-03-27", "Europe/Berlin", "2027-03-27T23:00"],
    ["the day on which it begins", "2027-03-28", "Europe/Berlin", "2027-03-28T22:00"],
    ["the day on which it ends", "2027-10-31", "Europe/Berlin", "2027-10-31T23:00"],
    ["the 29th of a February", "2028-02-29", "UTC", "2028-03-01T00:00"],
    ["a moment", "2026-12-31T18:00+01:00", "Asia/Kolkata", "2026-12-31T17:00"],
    ["hours from now", "12h", "UTC", "2026-11-28T00:00"],
    ["days from now", "3d", "Europe/Berlin", "2026-11-30T12:00"],
    ["weeks from now", "2w", "UTC", "2026-12-11T12:00"],
  ])("is %s", (_, text, timeZone, expected) => {
    expect(until(text, timeZone)).toBe(`${expected}:00.000Z`);
  });

  test.each([
    "",
    "soon",
    "2027-02-29",
    "2026-13-01",
    "2026-12-31T18:00",
    "2026-12-31T25:00Z",
    "3",
    "-3d",
    "3y",
    "1e3d",
    "999999w",
    "Friday",
    "3toString",
  ])("is not %j", (text) => {
    expect(() => until(text)).toThrow(/^--until must be .*Nothing was changed\.$/);
  });

  test.each(["2026-11-26", "2026-11-27T11:59Z", "0d", "2020-01-01T00:00:00+00:00"])(
    "is not %s, which has passed",
    (text) => {
      expect(() => until(text)).toThrow(`--until ${text} has passed. Nothing was changed.`);
    },
  );

  test("is today until its end", () => {
    expect(until("2026-11-27")).toBe("2026-11-28T00:00:00.000Z");
  });

  test("is shown as the home's clocks show it", () => {
    expect(shownMoment(Date.UTC(2026, 11, 31, 23) / 1000, "Europe/Berlin")).toBe(
      "2027-01-01 00:00",
    );
  });
});

describe("how long a grant lasts", () => {
  test.each([
    ["1m", 60],
    ["1h", 3600],
    ["90m", 5400],
    ["24h", 86_400],
    ["1d", 86_400],
  ])("is %s", (text, seconds) => {
    expect(parseFor(text)).toBe(seconds);
  });

  test.each(["0", "0h", "25h", "1441m", "2d", "1w", "-1h", "1", "h", "1.5h", ""])(
    "is not %j",
    (text) => {
      expect(() => parseFor(text)).toThrow(/^--for must be a time from 1m to 24h/);
    },
  );
});
