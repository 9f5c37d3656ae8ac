import { expect, test } from "vitest";
import type { Writes } from "../../../scripts/cell-size/measured.ts";
import { readMeasured } from "../../../scripts/cell-size/measured.ts";
import { costOfAMillion, infrequentAccessOf } from "../../../scripts/cell-size/monthly-cost.ts";

const RECORD: Writes = {
  by: "RunScene",
  table: "audit",
  item: "RUN",
  count: 1,
  bytes: 900,
  units: 1,
  indexUnits: { bySeal: 1, byDevice: 1 },
  storedBytes: 1000,
  indexStoredBytes: { bySeal: 200, byDevice: 800 },
  unitsInOneDay: 0,
};
const CLAIM: Writes = {
  ...RECORD,
  by: "home",
  table: "home",
  item: "CLAIM",
  indexUnits: {},
  indexStoredBytes: {},
};
const run = { ...readMeasured().quick, writes: [RECORD, CLAIM], reads: [] };

test("what is kept is paid for in the table and as far as an index projects it, its recovery in the table alone", () => {
  const cost = costOfAMillion(run, "standard");

  // 400 days of 33,333 runs a day: 24.8 GiB at 25 cents a month, and half of them at 20 cents more.
  expect(cost["audit, 400 days kept"]).toBeCloseTo(8.69, 2);
});

test("a claim is a write to the table of the homes, which is of the class Standard, and is not kept", () => {
  const cost = costOfAMillion(run, "infrequentAccess");

  expect(cost["home, written"]).toBeCloseTo(0.625, 6);
  expect(cost["audit, written"]).toBeCloseTo(3 * 0.78, 6);
});

test("the audit's class pays from the day on when what it saves of storage is what it adds to each write", () => {
  const { written, savedADay, paysFromDays } = infrequentAccessOf(run);

  expect(written).toBeCloseTo(3 * 0.155e-6, 12);
  // Fifteen cents a month of each GiB.
  expect(savedADay).toBeCloseTo((2000 * 0.15) / 2 ** 30 / 30, 16);
  expect(Math.ceil(paysFromDays)).toBe(50);
});

test("of a goodnight the audit's class pays long before its 400 days are over", () => {
  const { paysFromDays } = infrequentAccessOf(readMeasured().quick);

  expect(paysFromDays).toBeGreaterThan(30);
  expect(paysFromDays).toBeLessThan(120);
});
