import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { print } from "../command/print.ts";
import { Problem, runCommand } from "../command/problem.ts";
import { withScratchAssembly } from "../start/with-scratch-assembly.ts";
import { CELL_PAGE, readCellPage, withTables } from "./cell-page.ts";
import { Cells, type Settings } from "./cell-sizes.ts";
import { measure } from "./measure.ts";
import { MEASURED_FILE, readMeasured } from "./measured.ts";
import { cellsTable, report } from "./report.ts";
import { WAYS } from "./ways.ts";

const USAGE = `npm run cell-size [-- options]    how many homes one account bears, what breaks first, what it costs

  --homes N         only one evening of so many homes …
  --spread S        … whose schedules begin within so many seconds (default 300) …
  --run-seconds L   … and run so long (default: as the slow run that was measured)
  --seed N          another evening of the same kind (default 1)
  --json            numbers instead of tables
  --measure         runs goodnight in a house of its own, twice, and takes what it measures (about a minute)
  --write           writes the tables into infra/aws/cells.md and, with --measure, the measurement beside this program`;

const parseNumber = (name: string, text: string, least: number): number => {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value >= least) return value;
  throw new Problem(`--${name} must be a number from ${least} on, not "${text}".`);
};

const parseWhole = (name: string, text: string, least: number): number => {
  const value = parseNumber(name, text, least);
  if (Number.isSafeInteger(value)) return value;
  throw new Problem(`--${name} must be a whole number, not "${text}".`);
};

await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      homes: { type: "string" },
      spread: { type: "string" },
      "run-seconds": { type: "string" },
      seed: { type: "string", default: "1" },
      json: { type: "boolean", default: false },
      measure: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    print(USAGE);
    return 0;
  }
  if (values.homes === undefined && values.spread !== undefined) {
    throw new Problem("--spread is that of one evening; name its --homes too.");
  }
  if (values.write && (values.homes ?? values["run-seconds"]) !== undefined) {
    throw new Problem("--write writes the whole page, with the runs that were measured.");
  }
  const seed = parseWhole("seed", values.seed, 0);
  const runSecondsAsked = values["run-seconds"];
  const runSeconds =
    runSecondsAsked === undefined ? undefined : parseNumber("run-seconds", runSecondsAsked, 1);
  const homes = values.homes === undefined ? undefined : parseWhole("homes", values.homes, 1);
  const spreadSeconds = parseNumber("spread", values.spread ?? "300", 0);

  const measured = values.measure ? await withScratchAssembly(measure) : readMeasured();
  const settings: Settings = { measured, runSeconds: runSeconds ?? measured.slow.seconds, seed };
  if (homes !== undefined) {
    const cells = new Cells(settings);
    const shown = WAYS.map((way) => cells.simulate({ homes, spreadSeconds }, way));
    print(values.json ? JSON.stringify(shown) : cellsTable(shown));
    return 0;
  }
  if (values.json && !values.write) {
    print(JSON.stringify(measured, undefined, 2));
    return 0;
  }
  const sections = report(settings);
  if (values.write) {
    if (values.measure) writeFileSync(MEASURED_FILE, `${JSON.stringify(measured, undefined, 2)}\n`);
    writeFileSync(CELL_PAGE, withTables(readCellPage(), sections));
  }
  for (const { heading, table } of sections) print(`## ${heading}\n\n${table}\n`);
  return 0;
});
