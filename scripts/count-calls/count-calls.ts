import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { withTables } from "../cell-size/cell-page.ts";
import { measureRun } from "../cell-size/measure.ts";
import { readMeasured } from "../cell-size/measured.ts";
import { print } from "../command/print.ts";
import { runCommand } from "../command/problem.ts";
import { withScratchAssembly } from "../start/with-scratch-assembly.ts";
import { readBefore } from "./before.ts";
import { bundlesTable } from "./bundles-table.ts";
import { CALLS_PAGE } from "./calls-page.ts";
import { sceneReport } from "./scene-report.ts";

const USAGE = `npm run count-calls [-- options]    what one goodnight of fourteen devices asks of AWS, and what that costs

  --written         of the measurement that is committed (npm run cell-size -- --measure --write), without a house
  --write           the same, and writes the tables into infra/aws/calls.md`;

const runNow = async () => (await withScratchAssembly((assembly) => measureRun(assembly))).run;

await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      written: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    print(USAGE);
    return 0;
  }
  const committed = readMeasured();
  const now =
    values.written || values.write
      ? committed
      : { ...committed, commit: "work", quick: await runNow() };
  const sections = sceneReport(readBefore(), now);
  if (values.write) {
    writeFileSync(CALLS_PAGE, withTables(readFileSync(CALLS_PAGE, "utf8"), sections));
  }
  for (const { heading, table } of sections) print(`## ${heading}\n\n${table}\n`);
  print(`## Bundles\n\n${bundlesTable(Object.keys(now.quick.functions))}\n`);
  return 0;
});
