import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nextInstant } from "#domain/schedule/expressions/next-instant.ts";
import { parseScheduleExpression } from "#domain/schedule/expressions/parse-schedule-expression.ts";
import { sunEvents } from "#domain/schedule/times/sun.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

// Half hours, quarters, midnights, two hours, Ramadan, the date line; each with the first of two years in which it sets its
// clocks.
const ZONES = [
  ["Europe/Berlin", 2026],
  ["Europe/Dublin", 2026],
  ["America/New_York", 2026],
  ["America/St_Johns", 2026],
  ["America/Havana", 2026],
  ["America/Santiago", 2026],
  ["America/Asuncion", 2023],
  ["America/Sao_Paulo", 2018],
  ["America/Nuuk", 2026],
  ["Australia/Lord_Howe", 2026],
  ["Australia/Sydney", 2026],
  ["Pacific/Auckland", 2026],
  ["Pacific/Chatham", 2026],
  ["Pacific/Apia", 2011],
  ["Africa/Casablanca", 2025],
  ["Africa/Cairo", 2026],
  ["Asia/Beirut", 2026],
  ["Asia/Gaza", 2026],
  ["Asia/Kathmandu", 1985],
  ["Antarctica/Troll", 2026],
  ["Atlantic/Azores", 2026],
] as const;

/** The wall time at an instant, asked of Intl itself and not of the code under test. */
const wallClock = (zone: string): ((instant: number) => number) => {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    hourCycle: "h23",
    dateStyle: "short",
    timeStyle: "medium",
  });
  return (instant) => Date.parse(`${format.format(instant).replace(", ", "T")}Z`);
};

/** The UTC days of two years on which a zone sets its clocks. */
const changeDays = (zone: string, year: number): readonly number[] => {
  const wallAt = wallClock(zone);
  const offsetAt = (instant: number): number => wallAt(instant) - instant;
  const days = Array.from({ length: 730 }, (_, day) => Date.UTC(year, 0) + day * DAY_MS);
  return days.filter((day) => offsetAt(day) !== offsetAt(day + DAY_MS));
};

let hostZone: string | undefined;

beforeAll(() => {
  hostZone = process.env.TZ;
});

afterAll(() => {
  if (hostZone === undefined) delete process.env.TZ;
  else process.env.TZ = hostZone;
});

describe.each([
  ["Pacific/Apia", -780],
  ["America/St_Johns", 210],
])("on a host in %s", (zoneOfHost, minutesBehindUtc) => {
  beforeAll(() => {
    process.env.TZ = zoneOfHost;
  });

  test("the host is there", () => {
    expect(new Date(2026, 0, 1).getTimezoneOffset()).toBe(minutesBehindUtc);
  });

  test.each(ZONES)(
    "each minute of each change day of %s from %d on leads forward, in bounded time",
    (zone, year) => {
      const expressions = [
        "cron(* * * * ? *)",
        "cron(30 2 * * ? *)",
        "cron(0/15 0-3 * * ? *)",
        "cron(0 0 ? * SUN *)",
        "cron(45 23 L * ? *)",
      ].map(parseScheduleExpression);
      const wrong: string[] = [];
      let slowestMs = 0;

      const days = changeDays(zone, year);
      for (const day of days) {
        for (let after = day; after < day + DAY_MS; after += MINUTE_MS) {
          const began = performance.now();
          const nexts = expressions.map((expression) => nextInstant(expression, { zone, after }));
          slowestMs = Math.max(slowestMs, performance.now() - began);
          const isForward = nexts.every(
            (next) => next !== undefined && next > after && next < after + 63 * DAY_MS,
          );
          if (!isForward) wrong.push(`${new Date(after).toISOString()} → ${nexts.join(", ")}`);
        }
      }

      expect(wrong).toEqual([]);
      // A stalled machine included; a loop that scans minutes, or does not end, takes longer.
      expect(slowestMs).toBeLessThan(500);
    },
  );
});

describe("the next instants, compared with every minute looked at", () => {
  /** A field of a cron expression, and whether it holds a number: written by the test, read by the code. */
  interface Field {
    readonly text: string;
    readonly holds: (number: number) => boolean;
  }

  const field = (first: number, last: number): fc.Arbitrary<Field> => {
    const number = fc.integer({ min: first, max: last });
    const size = last - first + 1;
    return fc.oneof(
      fc.constant({ text: "*", holds: () => true }),
      number.map((one) => ({ text: `${one}`, holds: (each: number) => each === one })),
      fc.tuple(number, number).map(([from, to]) => ({
        text: `${from}-${to}`,
        holds: (each: number) => (each - from + size) % size <= (to - from + size) % size,
      })),
      fc.tuple(number, fc.integer({ min: 1, max: Math.min(last, 20) })).map(([from, step]) => ({
        text: `${from}/${step}`,
        holds: (each: number) => each >= from && (each - from) % step === 0,
      })),
      fc.uniqueArray(number, { minLength: 2, maxLength: 4 }).map((list) => ({
        text: list.join(","),
        holds: (each: number) => list.includes(each),
      })),
    );
  };

  interface Days {
    readonly dayOfMonth: string;
    readonly dayOfWeek: string;
    readonly holds: (wall: Date) => boolean;
  }

  const lastOfMonth = (wall: Date): number =>
    new Date(Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth() + 1, 0)).getUTCDate();

  const weekday = fc.integer({ min: 1, max: 7 });

  const days: fc.Arbitrary<Days> = fc.oneof(
    field(1, 31).map(({ text, holds }) => ({
      dayOfMonth: text,
      dayOfWeek: "?",
      holds: (wall: Date) => holds(wall.getUTCDate()),
    })),
    fc.constant({
      dayOfMonth: "L",
      dayOfWeek: "?",
      holds: (wall: Date) => wall.getUTCDate() === lastOfMonth(wall),
    }),
    weekday.map((one) => ({
      dayOfMonth: "?",
      dayOfWeek: `${one}L`,
      holds: (wall: Date) =>
        wall.getUTCDay() + 1 === one && wall.getUTCDate() + 7 > lastOfMonth(wall),
    })),
    fc.tuple(weekday, fc.integer({ min: 1, max: 5 })).map(([one, nth]) => ({
      dayOfMonth: "?",
      dayOfWeek: `${one}#${nth}`,
      holds: (wall: Date) =>
        wall.getUTCDay() + 1 === one && Math.ceil(wall.getUTCDate() / 7) === nth,
    })),
    fc.uniqueArray(weekday, { minLength: 1, maxLength: 7 }).map((list) => ({
      dayOfMonth: "?",
      dayOfWeek: list.join(","),
      holds: (wall: Date) => list.includes(wall.getUTCDay() + 1),
    })),
  );

  /** The minutes of a window in which a wall time is met for the first time. */
  const firstPasses = (zone: string, from: number, until: number): readonly [number, Date][] => {
    const wallAt = wallClock(zone);
    const met = new Set<number>();
    const found: [number, Date][] = [];
    // From a day and a half earlier on, so that a repeated hour at the beginning is known for one.
    for (let instant = from - 36 * HOUR_MS; instant < until; instant += MINUTE_MS) {
      const wallMs = wallAt(instant);
      if (met.has(wallMs)) continue;
      met.add(wallMs);
      if (instant >= from) found.push([instant, new Date(wallMs)]);
    }
    return found;
  };

  test.each(ZONES)("are the same in %s from %d on, for any cron expression", (zone, year) => {
    const [day = Number.NaN] = changeDays(zone, year);
    const [from, until] = [day - DAY_MS, day + 3 * DAY_MS];
    const minutes = firstPasses(zone, from, until);
    let compared = 0;

    fc.assert(
      fc.property(field(0, 59), field(0, 23), days, field(1, 12), (minute, hour, on, month) => {
        const text = `cron(${minute.text} ${hour.text} ${on.dayOfMonth} ${month.text} ${on.dayOfWeek} *)`;
        const expected = minutes
          .filter(
            ([, wall]) =>
              minute.holds(wall.getUTCMinutes()) &&
              hour.holds(wall.getUTCHours()) &&
              on.holds(wall) &&
              month.holds(wall.getUTCMonth() + 1),
          )
          .map(([instant]) => instant);

        const expression = parseScheduleExpression(text);
        const found: number[] = [];
        let next = nextInstant(expression, { zone, after: from - 1 });
        while (next !== undefined && next < until) {
          found.push(next);
          next = nextInstant(expression, { zone, after: next });
        }

        expect(found, text).toEqual(expected);
        compared += found.length;
      }),
      { numRuns: 300 },
    );

    expect(compared).toBeGreaterThan(300);
  });
});

describe("the sun", () => {
  const year = (
    event: "sunrise" | "sunset",
    latitude: number,
    longitude: number,
  ): readonly number[] => [
    ...sunEvents(event, { latitude, longitude }, Date.UTC(2026, 0), Date.UTC(2027, 0)),
  ];
  const PLACES = [-65, -54.8, -33.9, 0, 27.7, 52.5, 60, 65].flatMap((latitude) =>
    [-180, -90, 0, 13.4, 120, 180].map((longitude) => [latitude, longitude] as const),
  );

  test.each(PLACES)(
    "comes and goes once a day, strictly later each time, at %d, %d",
    (latitude, longitude) => {
      for (const event of ["sunrise", "sunset"] as const) {
        const instants = year(event, latitude, longitude);
        const hours = instants
          .slice(1)
          .map((instant, index) => (instant - (instants[index] ?? 0)) / HOUR_MS);

        // A whole day may lose or win one event to the year's borders.
        expect(Math.abs(instants.length - 365)).toBeLessThanOrEqual(1);
        expect(Math.min(...hours)).toBeGreaterThan(23.8);
        expect(Math.max(...hours)).toBeLessThan(24.2);
      }
    },
  );

  test.each([67, 69.65, 78.2, 85, -67, -77.8])(
    "is strictly later each time where it may stay up or down, at %d",
    (latitude) => {
      for (const event of ["sunrise", "sunset"] as const) {
        const instants = year(event, latitude, 18.96);
        const hours = instants
          .slice(1)
          .map((instant, index) => (instant - (instants[index] ?? 0)) / HOUR_MS);

        expect(instants.length).toBeGreaterThan(50);
        expect(Math.min(...hours)).toBeGreaterThan(22);
      }
    },
  );

  test("is the same second from whatever instant it is asked for", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("sunrise", "sunset"),
        fc.double({ min: -89, max: 89, noNaN: true }),
        fc.double({ min: -180, max: 180, noNaN: true }),
        fc.integer({ min: 0, max: 300 * DAY_MS }),
        (event, latitude, longitude, past) => {
          const from = Date.UTC(2026, 0) + past;
          const until = from + 30 * DAY_MS;
          const [first, second, third] = sunEvents(event, { latitude, longitude }, from, until);
          if (first === undefined || second === undefined) return;

          const [again] = sunEvents(event, { latitude, longitude }, first, until);
          const [later] = sunEvents(event, { latitude, longitude }, first + 1, until);
          const [last] = sunEvents(event, { latitude, longitude }, second + 1, until);

          expect([again, later, last]).toEqual([first, second, third]);
        },
      ),
      { numRuns: 300 },
    );
  });
});
