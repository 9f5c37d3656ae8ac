import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { parseHomeId } from "#domain/home/home-id.ts";
import { exportLog } from "../../scripts/audit/export-log.ts";
import { verifyFolder } from "../../scripts/audit/verify-log.ts";
import { startSealingBench } from "../local/audit/sealing-bench.ts";
import { ROOT } from "../support/command.ts";

const SEALER = join(ROOT, "test", "support", "sealer-process.ts");
const HOME = parseHomeId("home");

// What a pass that seals something does, in order; a new log alone is told its terms.
const STEPS: readonly string[] = [
  "GetItem PROGRESS",
  "Query bySeal",
  "GetItem HEAD",
  "Query LOG",
  "PutItem LEASE",
  "GetItem HEAD",
  "GetPublicKey",
  "PutItem RETENTION",
  "BatchGetItem",
  "TransactWriteItems",
  "GetItem HEAD",
  "GetItem CHECKPOINT",
  "Sign",
  "PutItem CHECKPOINT",
  "PutItem LEASE",
  "Query bySeal",
  "PutItem PROGRESS",
];
const TERMS = STEPS.indexOf("PutItem RETENTION");

/** Where a sealer is killed: before a step is carried out, or when it was and nobody was told. */
interface Aim {
  readonly at: number;
  readonly isBefore: boolean;
}

const bothSidesOf = (at: number): readonly Aim[] => [
  { at, isBefore: true },
  { at, isBefore: false },
];

// The terms while the log is new, then early and late steps by turns: each late one seals what the early ones left.
const AIMS = [
  TERMS,
  ...STEPS.keys()
    .map((turn) => (turn % 2 === 0 ? turn / 2 : STEPS.length - (turn + 1) / 2))
    .filter((at) => at !== TERMS),
].flatMap(bothSidesOf);
const LOGS = [1, 2, 3, 4, 5, 6];

const counts: string[] = [];
afterAll(() => console.log(["kills of the sealer:", ...counts].join("\n  ")));

/** A bench whose sealer is killed where the test aims. */
const startShooting = async () => {
  let aim: Aim | undefined;
  let at = -1;
  let kill: () => void = () => {};
  const strike = (isBefore: boolean): boolean => {
    if (aim?.at !== at || aim.isBefore !== isBefore) return false;
    aim = undefined;
    kill();
    return true;
  };
  const bench = await startSealingBench({
    refuses: (step) => {
      // A query has pages, and sixteen go at once: they are one step.
      if (step !== STEPS[at]) at = Math.max(at, STEPS.indexOf(step, at + 1));
      return strike(true);
    },
    carriedOut: (step) => {
      if (step === STEPS[at]) strike(false);
    },
  });
  const folder = mkdtempSync(join(tmpdir(), "seal-kill-"));
  onTestFinished(async () => {
    rmSync(folder, { recursive: true });
    await bench.close();
  });
  const pass = async (next?: Aim): Promise<boolean> => {
    at = -1;
    aim = next;
    const sealer = spawn(process.execPath, [SEALER], {
      cwd: ROOT,
      env: { ...process.env, ...bench.environment, NODE_COMPILE_CACHE: join(folder, "cache") },
      stdio: "ignore",
    });
    kill = () => sealer.kill("SIGKILL");
    await once(sealer, "exit");
    await bench.endLease(HOME);
    return sealer.signalCode === "SIGKILL";
  };
  return { bench, folder, pass };
};

// REQ: head-signed-after
// REQ: log-only-grows
// REQ: late-answer
test.each(LOGS)(
  `log %i: ${AIMS.length} sealers are killed, one on each side of each of their steps, while runs and late acknowledgements go on: every record is sealed once, and the log verifies`,
  async (log) => {
    const { bench, folder, pass } = await startShooting();
    const faults: string[] = [];
    const missed: Aim[] = [];
    const verified: string[] = [];

    for (const [index, aim] of AIMS.entries()) {
      const run = index + 1;
      await bench.write(HOME, run, "RUN");
      // Meanwhile the run goes on, and an older one's device answers late.
      const [isKilled] = await Promise.all([
        pass(aim),
        ...["ACK#home-a#0#3#1", "ACK#home-b#0#3#1", "OUTCOME"].map((sort) =>
          bench.write(HOME, run, sort),
        ),
        bench.write(HOME, run - 1, `ACK#home-late#0#9#${run}`),
      ]);
      if (!isKilled) missed.push(aim);
      if (run !== AIMS.length / 2 && run !== AIMS.length) continue;
      await pass();
      faults.push(...(await bench.faultsOf(HOME)));
      const into = join(folder, `after-${run}`);
      await exportLog(bench.tables, HOME, into, Date.now());
      // The second is held against the head of the first.
      const knownHeads = join(folder, "known-heads");
      const { lines } = await verifyFolder(into, { older: [], knownHeads });
      verified.push(...lines.filter((line) => line.includes("erified") || line.includes("✗")));
      verified.push(...lines.filter((line) => line.startsWith("  The log begins as")));
    }

    // The log's first entry is what it says of itself, and each run has five records.
    const entries = (runs: number): number => 1 + 5 * runs;
    expect(missed).toEqual([]);
    expect(faults).toEqual([]);
    expect(verified).toEqual([
      `verified: smarthome.home: a log of ${entries(AIMS.length / 2)} entries`,
      `verified: smarthome.home: a log of ${entries(AIMS.length)} entries`,
      "  The log begins as 1 head that was seen before says.",
    ]);
    counts.push(
      `log ${log}: ${AIMS.length} kills on both sides of ${STEPS.length} steps; ${entries(AIMS.length)} records sealed once, verified twice`,
    );
  },
);
