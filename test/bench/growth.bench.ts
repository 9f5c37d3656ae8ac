// npm run bench -- growth [--quick]: does a question, or a scene, take longer the more runs stand in the tables? Houses with 10,
// 10,000 and 100,000 of them over 390 days are asked in turn, in one run; --quick has 10 and 2,000. Of a week there
// is a fifty-sixth of them, on a page 50 at most. Then what a scene leaves in the data folder, and what bounds that.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildTemplate } from "../../scripts/start/build-template.ts";
import { liftLimits } from "./compare/lifted-limits.ts";
import {
  type FilledHouse,
  openFilledHouse,
  type Question,
  sizeOf,
  startOn,
  writeHomeFile,
} from "./growth/filled-house.ts";

const { values } = parseArgs({ options: { quick: { type: "boolean", default: false } } });
const SIZES = values.quick ? [10, 2_000] : [10, 10_000, 100_000];
const [WARM_UP, ROUNDS] = values.quick ? [10, 15] : [60, 60];
const QUESTIONS: readonly Question[] = [
  "list: the newest 50 of a week",
  "list: page after page of a week",
  "one run",
  "a scene of 10 lights",
];

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const p50 = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;

/** Asks the houses in turn, so that whatever else the machine does falls on all; the median of each, in milliseconds. */
const askInTurn = async (
  houses: readonly FilledHouse[],
  question: Question,
): Promise<readonly number[]> => {
  const arms = houses.map((house) => ({ house, times: [] as number[] }));
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    for (const { house, times } of arms) {
      const began = performance.now();
      await house.ask[question](round);
      if (round >= WARM_UP) times.push(performance.now() - began);
    }
  }
  return arms.map(({ times }) => p50(times));
};

const kib = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KiB`;

const measure = async (scratch: string): Promise<void> => {
  const homeFile = join(scratch, "lights.json");
  writeHomeFile(homeFile);
  const assembly = liftLimits(await buildTemplate(join(scratch, "cdk.out")));
  const started = { assembly, homeFile };
  const empty = join(scratch, "empty");
  const first = await startOn(started, empty);
  await first.close();
  const auditTable = first.endpoints.aws.tables.audit;
  const dataOf = (runs: number): string => join(scratch, `home-${runs}`);
  const houses: FilledHouse[] = [];
  try {
    for (const runs of SIZES) {
      houses.push(await openFilledHouse(started, { empty, data: dataOf(runs), auditTable, runs }));
    }
    const headings = houses.map(({ runs }) => `${runs.toLocaleString("en-US")} runs`.padStart(13));
    say(`${"p50, ms".padEnd(32)} ${headings.join(" ")}   last / first`);
    for (const question of QUESTIONS) {
      const each = await askInTurn(houses, question);
      const ratio = (each.at(-1) ?? Number.NaN) / (each[0] ?? Number.NaN);
      say(
        `${question.padEnd(32)} ${each.map((ms) => ms.toFixed(1).padStart(13)).join(" ")}   ${ratio.toFixed(2)}`,
      );
    }
  } finally {
    for (const house of houses) await house.close();
  }
  const [before, after] = [sizeOf(empty), sizeOf(dataOf(SIZES[0] ?? 0))];
  const scenes = WARM_UP + ROUNDS + (SIZES[0] ?? 0);
  const a = (bytes: number): string => kib(bytes / scenes);
  say(`\na scene of 10 lights leaves`);
  say(
    `  ${a(after.databases - before.databases)} in the databases, whose room is used again when the records go, after 400 days`,
  );
  say(
    `  ${a(after.logs - before.logs)} in logs/, of which each log keeps the newest 16 MiB, and 24 at the most`,
  );
};

const scratch = mkdtempSync(join(tmpdir(), "growth-"));
try {
  await measure(scratch);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
