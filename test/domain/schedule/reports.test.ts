import { describe, expect, test } from "vitest";
import { nextInstant } from "#domain/schedule/expressions/next-instant.ts";
import { parseScheduleExpression } from "#domain/schedule/expressions/parse-schedule-expression.ts";
import { Zone } from "#domain/schedule/expressions/zone.ts";
import { nextFirings } from "#domain/schedule/times/next-firings.ts";
import { parseWhen } from "#domain/schedule/times/parse-when.ts";
import { planned } from "#domain/schedule/times/planned.ts";

// Public reports of schedulers going wrong, by their threads. What becomes of each here, as far as it is calculation:
//
//  1  home-assistant/core#114612           test 1; told as "02:30 did not exist that night"
//  2  home-assistant/core#58808            test 2
//  3  home-assistant/core#166783           test 3
//  4  home-assistant/core#68726, #90293    test 4 and 5
//  5  home-assistant/core#103639           test 4 and 5
//  7  OpenCCU/OpenCCU#1811                 one function for the sun, sunEvents; times/cases.test.ts holds it to 90 s
//  9  tbnobody/OpenDTU#2377                test 9; the sun is calculated in UTC and knows no zone
// 10  home-assistant/core#6834             test 10; a year at each offset: test/long/schedule-times.test.ts
// 11  kizniche/Mycodo#672                  test 11
// 12  wled/WLED#3601                       test 12; no event is no element, so it can't be taken for midnight
// 17  azure-webjobs-sdk-extensions#164     test 17
// 18  MichaelXavier/cron#30                can't happen: time is POSIX time, in which a leap second has no number of its
//                                          own, and a planned time is a whole minute; test 17 holds the repeated second
// 20  node-cron#492, croner#284, #343 …    test 20; every minute in 20 zones: test/long/schedule-times.test.ts
// 21  actualbudget/actual#6814             times/parse-when.test.ts, "a day that not every month has"; "on last day" is a form
// 22  scheduler-component#187, #196        test 22
// 23  vacanza/holidays#369                 times/next-firings.test.ts, "warn of a year that has no list": a list is days by year
// 24  localstack#9284, #12191, #13572      expressions/recorded.test.ts, both ways
// 25  faiscadev/fakecloud#928              test 25
//  -  tzdata 2026b, America/Vancouver      the last test; a process keeps its zone data for life, and nothing that is
//                                          stored is an instant, so new data count from the next start on
//
// The others (6, 8, 13-16, 19, 26) are about devices, restarts and clocks that jump: not of this room.

const at = (text: string): number => Date.parse(text);
const iso = (instant: number | undefined): string | undefined =>
  instant === undefined ? undefined : new Date(instant).toISOString().replace(".000Z", "Z");

const times = (when: string, zone: string, from: string, until: string): (string | undefined)[] =>
  [...planned(parseWhen(when), { zone, after: at(from) - 1, until: at(until) - 1 })]
    .filter(({ isInGap }) => !isInGap)
    .map((time) => iso(time.at));

const BERLIN = { latitude: 52.52, longitude: 13.405 };

test("1: a time in the spring gap does not run, and the answer says why", () => {
  const { firings, skipped } = nextFirings(parseWhen("at 02:30 daily"), {
    zone: "Europe/Berlin",
    after: at("2026-03-28T12:00:00Z"),
    until: at("2026-03-29T12:00:00Z"),
    count: 5,
  });

  expect(firings).toEqual([]);
  expect(skipped.map(({ text }) => text)).toEqual(["02:30 did not exist that night"]);
});

test("2: 02:00 of the autumn night is met once, asked every second of both passes", () => {
  const expression = parseScheduleExpression("cron(0 2 * * ? *)");
  const met = new Set<string | undefined>();

  for (let now = at("2026-10-24T23:30:00Z"); now < at("2026-10-25T02:00:00Z"); now += 1000) {
    met.add(iso(nextInstant(expression, { zone: "Europe/Berlin", after: now })));
  }

  expect([...met]).toEqual(["2026-10-25T00:00:00Z", "2026-10-26T01:00:00Z"]);
});

test("3: noon comes once a day over both changes", () => {
  expect(times("at 12:00 daily", "Europe/Berlin", "2026-03-28", "2026-03-31")).toEqual([
    "2026-03-28T11:00:00Z",
    "2026-03-29T10:00:00Z",
    "2026-03-30T10:00:00Z",
  ]);
  expect(times("at 12:00 daily", "Europe/Berlin", "2026-10-24", "2026-10-27")).toEqual([
    "2026-10-24T10:00:00Z",
    "2026-10-25T11:00:00Z",
    "2026-10-26T11:00:00Z",
  ]);
});

test("4 and 5: whoever asked the day before the change, and whoever asks the day after, get the same instants", () => {
  const expression = parseScheduleExpression("cron(0 7 * * ? *)");
  const next = (after: number): number =>
    nextInstant(expression, { zone: "America/New_York", after }) ?? Number.NaN;

  const beforeTheChange = next(next(next(at("2026-03-07T00:00:00Z"))));
  const afterTheChange = next(at("2026-03-08T12:00:00Z"));

  expect(iso(beforeTheChange)).toBe("2026-03-09T11:00:00Z");
  expect(iso(afterTheChange)).toBe("2026-03-09T11:00:00Z");
});

test("9: sunrise moves by two minutes over the night of the change, not by an hour", () => {
  const { firings } = nextFirings(parseWhen("sunrise"), {
    zone: "Europe/Berlin",
    position: BERLIN,
    after: at("2026-03-28T00:00:00Z"),
    count: 3,
  });

  expect(firings.map((firing) => firing.local.slice(-19, -14))).toEqual([
    "05:50",
    "06:48",
    "06:45",
  ]);
  expect(firings.map((firing) => iso(firing.at)?.slice(11, 16))).toEqual([
    "04:50",
    "04:48",
    "04:45",
  ]);
});

describe("10 and 11: a sunset", () => {
  const next = (after: number): number | undefined =>
    nextFirings(parseWhen("sunset"), { zone: "Europe/Berlin", position: BERLIN, after, count: 1 })
      .firings[0]?.at;

  test("asked for one second after a sunset is tomorrow's", () => {
    const today = next(at("2026-03-20T12:00:00Z")) ?? 0;

    expect(iso(today)?.slice(0, 10)).toBe("2026-03-20");
    expect(iso(next(today))?.slice(0, 10)).toBe("2026-03-21");
    expect(iso(next(today + 1000))?.slice(0, 10)).toBe("2026-03-21");
    expect(next(today - 1000)).toBe(today);
  });

  test("is the same second, whoever asks and when", () => {
    const asked = Array.from({ length: 20 }, (_, index) =>
      next(at("2026-03-20T00:00:00Z") + index * 3_133_000),
    );

    expect(new Set(asked).size).toBe(1);
  });
});

test("12: each longitude from -180 to 180 has one sunset a day, and in the polar night none", () => {
  const sunsets = (latitude: number, from: string, longitude: number): number =>
    [
      ...planned(parseWhen("sunset"), {
        zone: "UTC",
        position: { latitude, longitude },
        after: at(from),
        until: at(from) + 3 * 86_400_000,
      }),
    ].length;
  const longitudes = Array.from({ length: 25 }, (_, index) => index * 15 - 180);

  const atTheEquator = longitudes.map((longitude) => sunsets(0, "2026-03-01", longitude));
  const inPolarNight = longitudes.map((longitude) => sunsets(75, "2026-12-15", longitude));

  expect(new Set(atTheEquator)).toEqual(new Set([3]));
  expect(new Set(inPolarNight)).toEqual(new Set([0]));
});

test("17: a timer that wakes 5 ms early gets the same occurrence, and after it the next one", () => {
  const expression = parseScheduleExpression("cron(0/5 * * * ? *)");
  const next = (after: number): string | undefined =>
    iso(nextInstant(expression, { zone: "UTC", after }));

  const occurrence = at("2026-11-27T12:05:00Z");

  expect(next(occurrence - 5)).toBe("2026-11-27T12:05:00Z");
  expect(next(occurrence)).toBe("2026-11-27T12:10:00Z");
  expect(next(occurrence + 5)).toBe("2026-11-27T12:10:00Z");
});

test("20: every minute of a change day leads forward, in zones whose changes are unlike", () => {
  const expression = parseScheduleExpression("cron(0/7 * * * ? *)");
  const wrong: string[] = [];

  for (const [zone, day] of [
    ["Europe/Berlin", "2026-10-25"],
    ["Australia/Lord_Howe", "2026-04-04"],
    ["America/Havana", "2026-11-01"],
    ["Antarctica/Troll", "2026-03-29"],
  ] as const) {
    for (let now = at(day); now < at(day) + 86_400_000; now += 60_000) {
      const next = nextInstant(expression, { zone, after: now }) ?? Number.NaN;
      // The longest silence is that of a repeated hour, of two in Troll.
      if (!(next > now && next <= now + 130 * 60_000)) wrong.push(`${zone} ${iso(now)}`);
    }
  }

  expect(wrong).toEqual([]);
});

test("22: a workday schedule is silent on a Monday that is a holiday, and the next run shown is Tuesday", () => {
  const { firings, skipped } = nextFirings(parseWhen("at 06:30 on mon..fri"), {
    zone: "Europe/Berlin",
    after: at("2026-04-04T00:00:00Z"),
    count: 1,
    skipHolidays: true,
    holidays: { "2026": ["2026-04-06"] },
  });

  expect(firings.map((firing) => firing.local)).toEqual(["Tuesday 2026-04-07 06:30 Europe/Berlin"]);
  expect(skipped.map(({ text }) => text)).toEqual(["2026-04-06 is a holiday"]);
});

test("22: a weekend schedule does not run on a holiday, which is no weekend", () => {
  const { firings } = nextFirings(parseWhen("at 09:00 on sat,sun"), {
    zone: "Europe/Berlin",
    after: at("2026-04-05T12:00:00Z"),
    count: 1,
    holidays: { "2026": ["2026-04-06"] },
  });

  expect(firings.map((firing) => firing.local)).toEqual([
    "Saturday 2026-04-11 09:00 Europe/Berlin",
  ]);
});

test("25: a schedule of a named zone keeps its local time over both changes, and not UTC's", () => {
  const evenings = [
    ...times("at 22:45 daily", "America/New_York", "2026-03-07T12:00Z", "2026-03-10T12:00Z"),
    ...times("at 22:45 daily", "America/New_York", "2026-10-31T12:00Z", "2026-11-03T12:00Z"),
  ];

  expect(evenings).toEqual([
    "2026-03-08T03:45:00Z",
    "2026-03-09T02:45:00Z",
    "2026-03-10T02:45:00Z",
    "2026-11-01T02:45:00Z",
    "2026-11-02T03:45:00Z",
    "2026-11-03T03:45:00Z",
  ]);
});

// The runtime's own; an older Node.js (as a Lambda may have) is an hour off there until it is renewed.
test.skipIf((process.versions.tz ?? "") < "2026b")(
  "the zone data: Vancouver stays at seven hours behind from the autumn of 2026 on",
  () => {
    const winter = at("2026-12-01T20:00:00Z");

    expect(Zone.named("America/Vancouver").wallAt(winter) - winter).toBe(-7 * 3_600_000);
  },
);
