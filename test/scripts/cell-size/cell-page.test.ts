import { expect, test } from "vitest";
import { readCellPage, withTables } from "../../../scripts/cell-size/cell-page.ts";
import { readMeasured } from "../../../scripts/cell-size/measured.ts";
import { report } from "../../../scripts/cell-size/report.ts";

test("the page's tables are what the program prints: npm run cell-size -- --write", {
  // Some 60 evenings, the largest of 50,000 homes.
  timeout: 180_000,
}, () => {
  const measured = readMeasured();

  const sections = report({ measured, runSeconds: measured.slow.seconds, seed: 1 });

  expect(withTables(readCellPage(), sections)).toBe(readCellPage());
});

test("a table is put under its own heading, whatever stood there", () => {
  const page = "# P\n\n## One\n\nText.\n\n| old |\n| --- |\n\n## Two\n\n| other |\n\nEnd.\n";

  const written = withTables(page, [{ heading: "One", table: "| new |\n| --- |\n| 1 |" }]);

  expect(written).toBe(
    "# P\n\n## One\n\nText.\n\n| new |\n| --- |\n| 1 |\n\n## Two\n\n| other |\n\nEnd.\n",
  );
});

test("a heading without a table, and one that is not there, are named", () => {
  const page = "## One\n\nText.\n\n## Two\n\n| other |\n";

  expect(() => withTables(page, [{ heading: "One", table: "| new |" }])).toThrow(
    'infra/aws/cells.md has no table under "## One".',
  );
  expect(() => withTables(page, [{ heading: "Three", table: "| new |" }])).toThrow(
    'infra/aws/cells.md has no table under "## Three".',
  );
});
