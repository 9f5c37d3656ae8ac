import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseWhen } from "#domain/schedule/times/parse-when.ts";
import { planned } from "#domain/schedule/times/planned.ts";

interface Case {
  readonly id: string;
  readonly zone: string;
  readonly expression: string;
  readonly from: string;
  readonly until: string;
  readonly start?: string;
  readonly end?: string;
  readonly position?: { readonly lat: number; readonly lon: number };
  readonly expected: readonly string[];
  readonly toleranceSeconds: number;
}

const msOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Date.parse(text);

const calculated = ({ zone, expression, from, until, start, end, position }: Case): string[] => {
  const span = {
    zone,
    after: Date.parse(from) - 1,
    until: Date.parse(until) - 1,
    start: msOf(start),
    end: msOf(end),
    position:
      position === undefined ? undefined : { latitude: position.lat, longitude: position.lon },
  };
  const times = [...planned(parseWhen(expression), span)].filter(({ isInGap }) => !isInGap);
  return times.map(({ at }) => new Date(at).toISOString().replace(".000Z", "Z"));
};

/** The instants that were expected where the calculated ones are near enough, else the calculated ones. */
const within = (one: Case, instants: readonly string[]): readonly string[] => {
  const isNear =
    instants.length === one.expected.length &&
    instants.every(
      (instant, index) =>
        Math.abs(Date.parse(instant) - Date.parse(one.expected[index] ?? "")) <=
        one.toleranceSeconds * 1000,
    );
  return isNear ? one.expected : instants;
};

// Calculated by another program, with another reading of the zone data (Python's zoneinfo, which has each local day looked
// at, and NOAA's formulas for the sun, iterated).
const OWN = join(import.meta.dirname, "own-cases.json");
const SHARED = join(
  import.meta.dirname,
  "../../../../../shared/reference/scheduler/cases-shared.json",
);

const casesOf = (file: string): readonly Case[] =>
  existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as readonly Case[]) : [];

describe("the cases that are kept here", () => {
  test.each(casesOf(OWN))("$id: $expression in $zone", (one) => {
    const instants = calculated(one);

    expect(within(one, instants)).toEqual(one.expected);
  });

  test("are eighty", () => {
    expect(casesOf(OWN)).toHaveLength(80);
  });
});

describe.skipIf(!existsSync(SHARED))(
  "the reference's cases, which lie beside the repository,",
  () => {
    test.each(casesOf(SHARED))("$id: $expression in $zone", (one) => {
      const instants = calculated(one);

      expect(within(one, instants)).toEqual(one.expected);
    });

    test("are a hundred and thirteen", () => {
      expect(casesOf(SHARED)).toHaveLength(113);
    });
  },
);
