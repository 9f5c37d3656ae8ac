// npm run bench [-- NAME...]: every benchmark one after the other, each in its own process, so that none slows another. What
// names no benchmark is handed to those that are named: npm run bench -- compare ../other.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const all = readdirSync(import.meta.dirname).filter((file) => file.endsWith(".bench.ts"));
const namedBy = (word: string): readonly string[] => all.filter((file) => file.startsWith(word));
const wanted = process.argv.slice(2);
const isGate = wanted.length === 0;
const files = isGate ? all : wanted.flatMap(namedBy);
// A benchmark that has a long form takes it only when it is named.
const rest = isGate ? ["--quick"] : wanted.filter((word) => namedBy(word).length === 0);

// Of a benchmark that was cut off the processes end when they see that it is gone, and write until then: ten seconds.
const TURNS_AFTER_A_CUT = 20;
const PAUSE_MS = 500;

const remove = async (folder: string, turns: number): Promise<void> => {
  for (let turn = 1; turn <= turns; turn += 1) {
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    if (turn < turns) await pause(PAUSE_MS);
  }
};

let failed = 0;
for (const file of files) {
  process.stdout.write(`\n== ${file} ==\n`);
  // Whatever it keeps for the while is below: a benchmark that is cut off removes nothing itself.
  const scratch = mkdtempSync(join(tmpdir(), "bench-"));
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, file), ...rest], {
    stdio: "inherit",
    env: { ...process.env, TMPDIR: scratch },
    // A benchmark that hangs must not hold up the gate. Who names one may have asked for a long one.
    ...(isGate ? { timeout: 480_000 } : {}),
  });
  await remove(scratch, status === null ? TURNS_AFTER_A_CUT : 1);
  if (status !== 0) {
    failed += 1;
    process.stdout.write(`${file} did not end well (${status ?? "timed out"})\n`);
  }
}
process.exitCode = failed > 0 || files.length === 0 ? 1 : 0;
