// npm run bench [-- NAME...]: every benchmark one after the other, each in its own process, so that none slows another. What
// names no benchmark is handed to those that are named: npm run bench -- compare ../other.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";

const all = readdirSync(import.meta.dirname).filter((file) => file.endsWith(".bench.ts"));
const namedBy = (word: string): readonly string[] => all.filter((file) => file.startsWith(word));
const wanted = process.argv.slice(2);
const isGate = wanted.length === 0;
const files = isGate ? all : wanted.flatMap(namedBy);
// A benchmark that has a long form takes it only when it is named.
const rest = isGate ? ["--quick"] : wanted.filter((word) => namedBy(word).length === 0);
let failed = 0;
for (const file of files) {
  process.stdout.write(`\n== ${file} ==\n`);
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, file), ...rest], {
    stdio: "inherit",
    // A benchmark that hangs must not hold up the gate. Who names one may have asked for a long one.
    ...(isGate ? { timeout: 480_000 } : {}),
  });
  if (status !== 0) {
    failed += 1;
    process.stdout.write(`${file} did not end well (${status ?? "timed out"})\n`);
  }
}
process.exitCode = failed > 0 || files.length === 0 ? 1 : 0;
