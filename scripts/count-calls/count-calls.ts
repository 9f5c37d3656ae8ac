import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { withTables } from "../cell-size/cell-page.ts";
import { measureRun } from "../cell-size/measure.ts";
import { readMeasured } from "../cell-size/measured.ts";
import { runCommand } from "../command/problem.ts";
import { buildTemplate } from "../start/build-template.ts";
import { readBefore } from "./before.ts";
import { bundlesTable } from "./bundles-table.ts";
import { CALLS_PAGE } from "./calls-page.ts";
import { sceneReport } from "./scene-report.ts";

const USAGE = `npm run count-calls [-- options]    what one goodnight of fourteen devices asks of AWS, and what that costs

  --written         of the measurement that is committed (npm run cell-size -- --measure --write), without a house
  --write           the same, and writes the tables into infra/aws/calls.md`;

const runNow = async () => {
  const scratch = mkdtempSync(join(tmpdir(), "count-calls-"));
  try {
    return (await measureRun(await buildTemplate(join(scratch, "cdk.out")))).run;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
};

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      written: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    say(USAGE);
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
  for (const { heading, table } of sections) say(`## ${heading}\n\n${table}\n`);
  say(`## Bundles\n\n${bundlesTable(Object.keys(now.quick.functions))}\n`);
  return 0;
});
