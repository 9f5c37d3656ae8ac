import { describe, expect, test } from "vitest";
import { metaRecord, parseMeta } from "#domain/home/home-meta.ts";
import { AT_HOME } from "../../support/at-home.ts";
import { codeOf, messageOf } from "../code-of.ts";
import { UNKNOWN_FORMATS } from "../unknown-formats.ts";

const META = {
  home: AT_HOME.home,
  name: "Maple Street",
  timeZone: "Europe/Berlin",
  state: "active",
  createdAt: "2026-11-27T20:00:00.000Z",
} as const;

test("a home's record is read as it was written", () => {
  expect(parseMeta({ PK: "HOME#home", SK: "META", ...metaRecord(META) })).toEqual(META);
});

test("where a home is, and when it has holidays, is read as it was written", () => {
  const meta = {
    ...META,
    position: { latitude: 52.52, longitude: 13.405 },
    holidays: { "2026": ["2026-12-25", "2026-12-26"], "2028": ["2028-02-29"] },
  };

  expect(parseMeta(metaRecord(meta))).toEqual(meta);
});

test.each(UNKNOWN_FORMATS)("a home's record of the format %j is refused by name", (v, shown) => {
  const parse = () => parseMeta({ ...metaRecord(META), v });

  expect(codeOf(parse)).toBe("FormatUnknown");
  expect(messageOf(parse)).toBe(
    `The record of home "home" has the format ${shown}; this version reads format 1. Use the version that wrote it. Nothing was changed.`,
  );
});

describe("a home's record is refused with", () => {
  test.each([
    ["a home that is none", { home: "a#RUN" }],
    ["no name", { name: "" }],
    ["a name that turns the writing", { name: "a\u202eb" }],
    ["a time zone that nobody knows", { timeZone: "Mars/Olympus" }],
    ["a time zone that is a number", { timeZone: 1 }],
    ["a state that nobody knows", { state: "sold" }],
    ["no time", { createdAt: undefined }],
    ["a place beyond the pole", { position: { latitude: 90.1, longitude: 0 } }],
    ["a place beyond the date line", { position: { latitude: 0, longitude: -180.1 } }],
    ["half a place", { position: { latitude: 0 } }],
    ["a place in words", { position: { latitude: "52", longitude: "13" } }],
    ["a day that no month has", { holidays: { "2026": ["2026-02-29"] } }],
    ["a day under another year", { holidays: { "2026": ["2027-01-01"] } }],
    ["a day twice", { holidays: { "2026": ["2026-12-25", "2026-12-25"] } }],
    ["a year that is none", { holidays: { soon: [] } }],
    ["days that are no list", { holidays: { "2026": "2026-12-25" } }],
  ])("%s", (_, more) => {
    expect(codeOf(() => parseMeta({ ...metaRecord(META), ...more }))).toBe("RecordInvalid");
  });

  test("nothing in it", () => {
    expect(codeOf(() => parseMeta(undefined))).toBe("RecordInvalid");
  });
});
