// npm run bench -- compare [PATH] [--quick] [--only CELL]: a house of this checkout and one of another, and what MQTT alone takes
// for the same commands and answers, interleaved in one run, so that whatever else the machine does falls on all. CPU and memory
// are of the house and its functions' processes. Without PATH the other is the commit that the aims are relative to; where that
// can't be had, it says why and measures nothing.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { checkOutBase } from "./compare/base-checkout.ts";
import { type Checkout, openCheckout } from "./compare/checkout.ts";
import { liftLimits } from "./compare/lifted-limits.ts";
import { type MeasuredHouse, type Size, startMeasuredHouse } from "./compare/measured-house.ts";
import { startRawLimit } from "./compare/raw-limit.ts";

interface Cell extends Size {
  readonly latencyMs: number;
  readonly inFlight: number;
  readonly warmUp: number;
  readonly blocks: number;
  readonly runsInBlock: number;
}

const ROOT = join(import.meta.dirname, "..", "..");
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: "boolean", default: false }, only: { type: "string" } },
});
const cell = (
  devices: number,
  latencyMs: number,
  inFlight: number,
  [warmUp, blocks, runsInBlock]: readonly [number, number, number],
): Cell => ({ devices, latencyMs, inFlight, scenes: inFlight, warmUp, blocks, runsInBlock });
const CELLS = [
  cell(1, 0, 1, [60, 6, 20]),
  cell(10, 0, 1, [100, 10, 20]),
  cell(10, 100, 1, [20, 4, 10]),
  cell(50, 0, 1, [60, 8, 10]),
  cell(50, 100, 1, [20, 4, 10]),
  cell(200, 0, 1, [30, 8, 6]),
  cell(200, 100, 1, [10, 4, 5]),
  cell(10, 0, 8, [160, 4, 80]),
  cell(10, 0, 32, [128, 2, 128]),
];
const QUICK = [cell(10, 0, 1, [20, 4, 10]), cell(10, 0, 8, [40, 2, 40])];
const cells = (values.quick ? QUICK : CELLS).filter(
  ({ devices, latencyMs, inFlight }) =>
    values.only === undefined ||
    values.only.split(",").includes(`${devices}/${latencyMs}/${inFlight}`),
);

const quantile = (times: readonly number[], q: number): number => {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
};

interface Measured {
  readonly startMs: number;
  readonly firstMs: number;
  readonly timesMs: number[];
  busyMs: number;
  house: number;
  functions: number;
  devices: number;
  pssMb: number;
  processes: number;
}

type Runs = Pick<MeasuredHouse, "run">;

const runBlock = async (house: Runs, runs: number, inFlight: number): Promise<number[]> => {
  const timesMs: number[] = [];
  const work = async (scene: number): Promise<void> => {
    for (let i = 0; i < runs / inFlight; i += 1) timesMs.push(await house.run(scene));
  };
  await Promise.all(Array.from({ length: inFlight }, (_, scene) => work(scene)));
  return timesMs;
};

/** What MQTT alone took. */
interface Limit {
  readonly timesMs: number[];
  busyMs: number;
}

const measure = async (
  houses: readonly MeasuredHouse[],
  raw: Runs,
  of: Cell,
): Promise<{ readonly results: readonly Measured[]; readonly limit: Limit }> => {
  const results: Measured[] = [];
  for (const house of houses) {
    results.push({
      startMs: house.startMs,
      firstMs: await house.run(0),
      timesMs: [],
      busyMs: 0,
      house: 0,
      functions: 0,
      devices: 0,
      pssMb: 0,
      processes: 0,
    });
  }
  const arms = houses.map((house, at) => ({ house, result: results[at] as Measured }));
  for (const { house } of arms) {
    if (of.latencyMs > 0) await house.setLatency(of.latencyMs);
    await runBlock(house, of.warmUp, of.inFlight);
  }
  await runBlock(raw, of.warmUp, of.inFlight);
  const limit: Limit = { timesMs: [], busyMs: 0 };
  for (let block = 0; block < of.blocks; block += 1) {
    for (const { house, result } of block % 2 === 0 ? arms : arms.toReversed()) {
      const before = house.cost();
      const beganMs = performance.now();
      result.timesMs.push(...(await runBlock(house, of.runsInBlock, of.inFlight)));
      result.busyMs += performance.now() - beganMs;
      const after = house.cost();
      result.house += after.houseCpuMs - before.houseCpuMs;
      result.functions += after.functionsCpuMs - before.functionsCpuMs;
      result.devices += after.devicesCpuMs - before.devicesCpuMs;
      result.pssMb = after.pssMb;
      result.processes = after.processes;
    }
    const beganMs = performance.now();
    limit.timesMs.push(...(await runBlock(raw, of.runsInBlock, of.inFlight)));
    limit.busyMs += performance.now() - beganMs;
  }
  return { results, limit };
};

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const show = (results: readonly Measured[], limit: Limit): void => {
  const row = (what: string, unit: string, value: (of: Measured) => number): void => {
    const [mine = Number.NaN, theirs = Number.NaN] = results.map(value);
    say(
      `  ${what.padEnd(26)} ${mine.toFixed(1).padStart(9)} ${theirs.toFixed(1).padStart(9)} ${unit.padEnd(4)} ratio ${(mine / theirs).toFixed(2)}`,
    );
  };
  const perRun = (value: (of: Measured) => number) => (of: Measured) =>
    value(of) / of.timesMs.length;
  const { timesMs: limitMs, busyMs } = limit;
  const p50 = quantile(limitMs, 0.5);
  say(
    `  MQTT alone: p50 ${p50.toFixed(1)} ms, p95 ${quantile(limitMs, 0.95).toFixed(1)} ms, ${((limitMs.length * 1000) / busyMs).toFixed(0)} a second`,
  );
  row("p50", "ms", ({ timesMs }) => quantile(timesMs, 0.5));
  row("p95", "ms", ({ timesMs }) => quantile(timesMs, 0.95));
  row("p50 over MQTT alone", "ms", ({ timesMs }) => quantile(timesMs, 0.5) - p50);
  row("scenes a second", "", ({ timesMs, busyMs }) => (timesMs.length * 1000) / busyMs);
  row(
    "CPU a run, all",
    "ms",
    perRun(({ house, functions }) => house + functions),
  );
  row(
    "CPU a run, house",
    "ms",
    perRun(({ house }) => house),
  );
  row(
    "CPU a run, functions",
    "ms",
    perRun(({ functions }) => functions),
  );
  row(
    "CPU a run, devices",
    "ms",
    perRun(({ devices }) => devices),
  );
  row("memory (PSS)", "MB", ({ pssMb }) => pssMb);
  row("processes", "", ({ processes }) => processes);
  row("start", "ms", ({ startMs }) => startMs);
  row("first run after it", "ms", ({ firstMs }) => firstMs);
};

const compare = async (other: string, scratch: string): Promise<void> => {
  const checkouts: readonly Checkout[] = [openCheckout(ROOT), openCheckout(other)];
  const assemblies = await Promise.all(
    checkouts.map(async (checkout, at) =>
      liftLimits(await checkout.buildTemplate(join(scratch, `cdk-${at}`))),
    ),
  );
  say(`this checkout, then ${other}`);
  for (const one of cells) {
    const houses: MeasuredHouse[] = [];
    const raw = await startRawLimit(scratch, one, one.latencyMs);
    try {
      for (const [at, checkout] of checkouts.entries()) {
        const assembly = assemblies[at] ?? "";
        houses.push(await startMeasuredHouse(checkout, { assembly, scratch, size: one }));
      }
      say(
        `\n${one.devices} devices, each answers after ${one.latencyMs} ms, ${one.inFlight} in flight (${one.blocks * one.runsInBlock} runs after ${one.warmUp})`,
      );
      const { results, limit } = await measure(houses, raw, one);
      show(results, limit);
    } finally {
      await raw.close();
      for (const house of houses) await house.close();
    }
  }
};

const scratch = mkdtempSync(join(tmpdir(), "compare-"));
try {
  const [path] = positionals;
  const other = path === undefined ? checkOutBase(ROOT, scratch) : { folder: path };
  if ("missing" in other) say(`SKIPPED: there is nothing to compare with (${other.missing})`);
  else await compare(other.folder, scratch);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
