import { describe, expect, test } from "vitest";
import { nextFirings } from "#domain/schedule/times/next-firings.ts";
import { parseWhen } from "#domain/schedule/times/parse-when.ts";
import { codeOf } from "../../code-of.ts";

const at = (text: string): number => Date.parse(text);

const BERLIN = { zone: "Europe/Berlin", position: { latitude: 52.52, longitude: 13.405 } };
const TROMSO = { zone: "Europe/Oslo", position: { latitude: 69.6492, longitude: 18.9553 } };

describe("the next firings", () => {
  test("are told as instants and as people in the zone read them", () => {
    const query = { ...BERLIN, after: at("2026-11-27T21:45:00Z"), count: 3 };

    const { firings, skipped, warnings } = nextFirings(parseWhen("at 22:45 on mon..fri"), query);

    expect(firings).toEqual([
      { at: at("2026-11-30T21:45:00Z"), local: "Monday 2026-11-30 22:45 Europe/Berlin" },
      { at: at("2026-12-01T21:45:00Z"), local: "Tuesday 2026-12-01 22:45 Europe/Berlin" },
      { at: at("2026-12-02T21:45:00Z"), local: "Wednesday 2026-12-02 22:45 Europe/Berlin" },
    ]);
    expect(skipped).toEqual([]);
    expect(warnings).toEqual([]);
  });

  test("end at `until`", () => {
    const query = {
      ...BERLIN,
      after: at("2026-11-27T00:00:00Z"),
      until: at("2026-11-28T21:45:00Z"),
      count: 9,
    };

    const { firings } = nextFirings(parseWhen("at 22:45 daily"), query);

    expect(firings.map((firing) => firing.at)).toEqual([
      at("2026-11-27T21:45:00Z"),
      at("2026-11-28T21:45:00Z"),
    ]);
  });

  test("of a rate go on from its start", () => {
    const query = {
      ...BERLIN,
      after: at("2026-11-27T12:00:00Z"),
      start: at("2026-11-01T00:30:00Z"),
      count: 2,
    };

    const { firings } = nextFirings(parseWhen("rate(6 hours)"), query);

    expect(firings.map((firing) => firing.at)).toEqual([
      at("2026-11-27T12:30:00Z"),
      at("2026-11-27T18:30:00Z"),
    ]);
  });

  test("of a time that never comes are none, and that is said", () => {
    const query = { ...BERLIN, after: at("2026-11-27T12:00:00Z"), count: 5 };

    const { firings, warnings } = nextFirings(parseWhen("cron(0 12 30 2 ? *)"), query);

    expect(firings).toEqual([]);
    expect(warnings).toEqual(["No time comes after Friday 2026-11-27 13:00 Europe/Berlin"]);
  });

  test("of a sun schedule that has ended are none, and that is said", () => {
    const query = {
      ...BERLIN,
      after: at("2026-11-27T12:00:00Z"),
      end: at("2026-11-01T00:00:00Z"),
      count: 5,
    };

    const { firings, skipped, warnings } = nextFirings(parseWhen("sunset"), query);

    expect(firings).toEqual([]);
    expect(skipped).toEqual([]);
    expect(warnings).toEqual(["No time comes after Friday 2026-11-27 13:00 Europe/Berlin"]);
  });

  test("by the sun need the home's position", () => {
    const query = { zone: "Europe/Berlin", after: 0, count: 1 };

    expect(codeOf(() => nextFirings(parseWhen("sunset"), query))).toBe("PositionMissing");
  });

  test("need a zone that exists", () => {
    const query = { zone: "Europe/Atlantis", after: 0, count: 1 };

    expect(codeOf(() => nextFirings(parseWhen("at 08:00 daily"), query))).toBe("ZoneUnknown");
  });
});

describe("in the night in which the clocks leap", () => {
  const query = { ...BERLIN, after: at("2026-03-28T12:00:00Z"), count: 1 };

  // REQ: schedule-clock-changes
  test("a time that does not exist is left out, and told", () => {
    const { firings, skipped } = nextFirings(parseWhen("at 02:30 daily"), query);

    expect(firings.map((firing) => firing.local)).toEqual([
      "Monday 2026-03-30 02:30 Europe/Berlin",
    ]);
    expect(skipped).toEqual([
      { day: "2026-03-29", why: "gap", text: "02:30 did not exist that night" },
    ]);
  });

  test("run_after runs at the first moment after the leap, and tells why", () => {
    const { firings, skipped } = nextFirings(parseWhen("at 02:30 daily"), {
      ...query,
      gap: "run_after",
    });

    expect(firings).toEqual([
      {
        at: at("2026-03-29T01:00:00Z"),
        local: "Sunday 2026-03-29 03:00 Europe/Berlin",
        instead: "02:30 did not exist that night",
      },
    ]);
    expect(skipped).toEqual([]);
  });

  test("run_after makes one run of all times in the gap and the one right after it", () => {
    const { firings } = nextFirings(parseWhen("cron(0/20 1-3 29 3 ? 2026)"), {
      ...query,
      gap: "run_after",
      count: 9,
    });

    expect(firings.map((firing) => firing.local.slice(18, 23))).toEqual([
      "01:00",
      "01:20",
      "01:40",
      "03:00",
      "03:20",
      "03:40",
    ]);
  });

  test("run_after keeps to the day where a day begins at 01:00", () => {
    const { firings } = nextFirings(parseWhen("at 00:15 on sun"), {
      zone: "America/Santiago",
      after: at("2026-09-05T12:00:00Z"),
      count: 1,
      gap: "run_after",
    });

    expect(firings).toEqual([
      {
        at: at("2026-09-06T04:00:00Z"),
        local: "Sunday 2026-09-06 01:00 America/Santiago",
        instead: "00:15 did not exist that night",
      },
    ]);
  });

  test("a day that a zone left out runs at the beginning of the next with run_after", () => {
    const { firings } = nextFirings(parseWhen("at 12:00 on fri"), {
      zone: "Pacific/Apia",
      after: at("2011-12-29T00:00:00Z"),
      count: 1,
      gap: "run_after",
    });

    expect(firings).toEqual([
      {
        at: at("2011-12-30T10:00:00Z"),
        local: "Saturday 2011-12-31 00:00 Pacific/Apia",
        instead: "12:00 did not exist that day",
      },
    ]);
  });

  test("a time that comes twice runs once, the first time", () => {
    const { firings } = nextFirings(parseWhen("at 02:30 daily"), {
      ...query,
      after: at("2026-10-24T12:00:00Z"),
      count: 2,
    });

    expect(firings.map((firing) => firing.at)).toEqual([
      at("2026-10-25T00:30:00Z"),
      at("2026-10-26T01:30:00Z"),
    ]);
  });
});

describe("holidays", () => {
  const query = {
    ...BERLIN,
    after: at("2026-12-24T00:00:00Z"),
    count: 2,
    skipHolidays: true,
    holidays: { "2026": ["2026-12-25", "2026-12-28"] },
  };

  // REQ: schedule-holidays
  test("are left out, and told", () => {
    const { firings, skipped, warnings } = nextFirings(parseWhen("at 06:30 on mon..fri"), query);

    expect(firings.map((firing) => firing.local)).toEqual([
      "Thursday 2026-12-24 06:30 Europe/Berlin",
      "Tuesday 2026-12-29 06:30 Europe/Berlin",
    ]);
    expect(skipped).toEqual([
      { day: "2026-12-25", why: "holiday", text: "2026-12-25 is a holiday" },
      { day: "2026-12-28", why: "holiday", text: "2026-12-28 is a holiday" },
    ]);
    expect(warnings).toEqual([]);
  });

  test("stay days as others for a schedule that does not leave them out", () => {
    const { firings } = nextFirings(parseWhen("at 06:30 on mon..fri"), {
      ...query,
      skipHolidays: false,
    });

    expect(firings.map((firing) => firing.local)).toEqual([
      "Thursday 2026-12-24 06:30 Europe/Berlin",
      "Friday 2026-12-25 06:30 Europe/Berlin",
    ]);
  });

  test("warn of a year that has no list, once, and run in it", () => {
    const { firings, warnings } = nextFirings(parseWhen("at 06:30 daily"), {
      ...query,
      after: at("2026-12-31T12:00:00Z"),
    });

    expect(firings.map((firing) => firing.local)).toEqual([
      "Friday 2027-01-01 06:30 Europe/Berlin",
      "Saturday 2027-01-02 06:30 Europe/Berlin",
    ]);
    expect(warnings).toEqual(["2027 has no list of holidays"]);
  });

  test("are days of the home's zone, not of UTC", () => {
    const { firings } = nextFirings(parseWhen("at 05:00 daily"), {
      zone: "Asia/Kathmandu",
      after: at("2026-12-23T00:00:00Z"),
      count: 2,
      skipHolidays: true,
      holidays: { "2026": ["2026-12-25"] },
    });

    expect(firings.map((firing) => firing.at)).toEqual([
      at("2026-12-23T23:15:00Z"),
      at("2026-12-25T23:15:00Z"),
    ]);
  });

  test("tell a day once, however often the schedule had run on it", () => {
    const { skipped } = nextFirings(parseWhen("cron(* * ? * FRI *)"), { ...query, count: 1 });

    expect(skipped).toEqual([
      { day: "2026-12-25", why: "holiday", text: "2026-12-25 is a holiday" },
    ]);
  });
});

describe("a pause", () => {
  const query = { ...BERLIN, after: at("2026-11-27T12:00:00Z"), count: 1 };

  test("is told, and over at its moment", () => {
    const { firings, skipped } = nextFirings(parseWhen("at 22:45 daily"), {
      ...query,
      pausedUntil: "2026-12-01T21:45:00Z",
    });

    expect(firings.map((firing) => firing.local)).toEqual([
      "Tuesday 2026-12-01 22:45 Europe/Berlin",
    ]);
    expect(skipped).toEqual([
      {
        day: "2026-11-27",
        why: "paused",
        text: "paused until Tuesday 2026-12-01 22:45 Europe/Berlin",
      },
    ]);
  });

  test("without an end has no firings until somebody resumes it", () => {
    const { firings, skipped } = nextFirings(parseWhen("at 22:45 daily"), {
      ...query,
      pausedUntil: "resumed",
    });

    expect(firings).toEqual([]);
    expect(skipped.map(({ text }) => text)).toEqual(["paused until somebody resumes it"]);
  });

  test("that is over is not told", () => {
    const { firings, skipped } = nextFirings(parseWhen("at 22:45 daily"), {
      ...query,
      pausedUntil: "2026-11-20T00:00:00Z",
    });

    expect(firings.map((firing) => firing.local)).toEqual([
      "Friday 2026-11-27 22:45 Europe/Berlin",
    ]);
    expect(skipped).toEqual([]);
  });
});

describe("in the polar night", () => {
  // REQ: schedule-sun
  test("no sunset comes for weeks, which is told with its days, and then comes again", () => {
    const query = { ...TROMSO, after: at("2026-11-26T00:00:00Z"), count: 3 };

    const { firings, skipped } = nextFirings(parseWhen("sunset +30m"), query);

    expect(firings.map((firing) => firing.local.slice(0, -18))).toEqual([
      "Thursday 2026-11-26",
      "Friday 2026-11-27",
      "Friday 2027-01-15",
    ]);
    expect(skipped).toEqual([
      { day: "2026-11-28", why: "no_sun", text: "no sunset from 2026-11-28 to 2027-01-14" },
    ]);
  });

  test("a window without any has no firing, and nothing is put in its place", () => {
    const query = {
      ...TROMSO,
      after: at("2026-12-05T00:00:00Z"),
      until: at("2026-12-31T00:00:00Z"),
      count: 5,
    };

    const { firings, skipped } = nextFirings(parseWhen("sunrise"), query);

    expect(firings).toEqual([]);
    expect(skipped).toEqual([
      { day: "2026-12-05", why: "no_sun", text: "no sunrise from 2026-12-05 to 2027-01-14" },
    ]);
  });
});
