// npm run bench -- memory [--quick]: what a house holds after its first goodnight, all its processes and its devices' with it,
// and whether it holds more the more scenes it has run: a curve over 1,000 runs of ten lights, while they run, and at rest after
// the first and the last, which is what it holds most of two minutes: once in each the sealer has a process for some seconds; --quick
// runs 60, and does not wait for rest.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { connectToHome } from "../../scripts/command/home-client.ts";
import { openCheckout } from "./compare/checkout.ts";
import { startChild } from "./compare/child.ts";
import { liftLimits } from "./compare/lifted-limits.ts";
import { endpointsOf, type MeasuredHouse, startMeasuredHouse } from "./compare/measured-house.ts";
import { costOfHouse, type HouseCost } from "./compare/process-cost.ts";

const AIM_MB = 350;
const AIM_GROWTH = 1.1;
const LIGHTS = 10;
// Idle processes collect once a minute at the most.
const REST_MS = 65_000;
const WATCHED_MS = 120_000;
const LOOK_EACH_MS = 2000;

const { values } = parseArgs({ options: { quick: { type: "boolean", default: false } } });
const marks = values.quick ? [1, 10, 20, 40, 60] : [1, 10, 50, 100, 200, 400, 600, 800, 1000];

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const growthOf = (megabytes: readonly number[]): string =>
  ((megabytes.at(-1) ?? Number.NaN) / (megabytes[0] ?? Number.NaN)).toFixed(2);
const shown = ({ pssMb, housePssMb, processes }: HouseCost): string =>
  `${pssMb.toFixed(0).padStart(4)} MB in ${processes} processes, of them ${housePssMb.toFixed(0)} in the house's own`;

const checkout = openCheckout(join(import.meta.dirname, "..", ".."));

/** The demo home, after its first goodnight. */
const measureGoodnight = async (assembly: string, data: string): Promise<void> => {
  const main = join(import.meta.dirname, "compare", "demo-house-main.ts");
  const house = await startChild(main, [assembly, data], checkout.root);
  try {
    const started = costOfHouse(house.pid);
    const client = await connectToHome(endpointsOf(house.ready));
    const { result } = await client.callTool("run_scene", { scene: "goodnight" });
    if (result !== "done") throw new Error(`goodnight is ${String(result)}`);
    await client.close();
    say(`the demo home, its devices' process with it, aim ${AIM_MB} MB after the first goodnight`);
    say(`  before it            ${shown(started)}`);
    say(`  after it             ${shown(costOfHouse(house.pid))}`);
  } finally {
    await house.close();
  }
};

const watched = async (
  house: Pick<MeasuredHouse, "cost">,
): Promise<{ readonly median: HouseCost; readonly most: HouseCost }> => {
  const looks: HouseCost[] = [];
  for (let lookedMs = 0; lookedMs < WATCHED_MS; lookedMs += LOOK_EACH_MS) {
    looks.push(house.cost());
    await pause(LOOK_EACH_MS);
  }
  looks.sort((one, other) => one.pssMb - other.pssMb);
  const at = (place: number): HouseCost => looks[place] ?? house.cost();
  return { median: at(looks.length >> 1), most: at(looks.length - 1) };
};

/** So many scenes of ten lights, one after the other; the lights are in a process of their own, which does not count. */
const measureRuns = async (assembly: string, scratch: string): Promise<void> => {
  const size = { devices: LIGHTS, scenes: 1 };
  const house = await startMeasuredHouse(checkout, { assembly, scratch, size });
  try {
    const curve: number[] = [];
    const atRest: number[] = [];
    say(`\na scene of ${LIGHTS} lights again and again, without the lights' process`);
    for (let run = 1; run <= Math.max(...marks); run += 1) {
      await house.run(0);
      if (!marks.includes(run)) continue;
      const cost = house.cost();
      curve.push(cost.pssMb);
      say(`  after ${String(run).padStart(4)} runs      ${shown(cost)}`);
      if (values.quick || (run !== marks[0] && run !== marks.at(-1))) continue;
      await pause(REST_MS);
      const { median, most } = await watched(house);
      atRest.push(median.pssMb);
      say(`    then at rest       ${shown(median)}, at most ${most.pssMb.toFixed(0)} MB`);
    }
    say(
      `  the last to the first: ${growthOf(curve)}${values.quick ? "" : `, at rest ${growthOf(atRest)}`}, aim ${AIM_GROWTH} after 1,000 runs`,
    );
  } finally {
    await house.close();
  }
};

const scratch = mkdtempSync(join(tmpdir(), "memory-"));
try {
  const assembly = liftLimits(await checkout.buildTemplate(join(scratch, "cdk")));
  await measureGoodnight(assembly, join(scratch, "demo"));
  await measureRuns(assembly, scratch);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
