import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { withTables } from "../../../scripts/cell-size/cell-page.ts";
import { readMeasured } from "../../../scripts/cell-size/measured.ts";
import { costOfAMillion } from "../../../scripts/cell-size/monthly-cost.ts";
import { readBefore } from "../../../scripts/count-calls/before.ts";
import { CALLS_PAGE } from "../../../scripts/count-calls/calls-page.ts";
import { sceneReport } from "../../../scripts/count-calls/scene-report.ts";

test("the page's tables are what the program prints: npm run count-calls -- --write", () => {
  const page = readFileSync(CALLS_PAGE, "utf8");

  expect(withTables(page, sceneReport(readBefore(), readMeasured()))).toBe(page);
});

test("a scene asks for no more functions than before, and one of them is both interceptors", () => {
  const calls = readMeasured().quick.functions;

  expect(calls["intercept-tool-call"]?.invocations).toBe(2);
  expect(Object.keys(calls)).not.toContain("shape-tool-response");
  expect(readMeasured().quick.invocations.length).toBeLessThanOrEqual(
    readBefore().quick.invocations.length,
  );
});

test("a million scenes cost an eighth less than before, at least", () => {
  const total = (lines: Readonly<Record<string, number>>) =>
    Object.values(lines).reduce((sum, dollars) => sum + dollars, 0);

  const before = total(costOfAMillion(readBefore().quick, "standard"));
  const now = total(costOfAMillion(readMeasured().quick, "infrequentAccess"));

  expect(now).toBeLessThan(0.875 * before);
});
