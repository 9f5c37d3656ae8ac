// npm run bench [-- NAME...]: every benchmark one after the other, each in its own process, so that none slows another.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";

const wanted = process.argv.slice(2);
const files = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(".bench.ts"))
  .filter((file) => wanted.length === 0 || wanted.some((name) => file.startsWith(name)));
let failed = 0;
for (const file of files) {
  process.stdout.write(`\n== ${file} ==\n`);
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, file)], {
    stdio: "inherit",
    // A benchmark that hangs must not hold up the gate.
    timeout: 240_000,
  });
  if (status !== 0) {
    failed += 1;
    process.stdout.write(`${file} did not end well (${status ?? "timed out"})\n`);
  }
}
process.exitCode = failed > 0 || files.length === 0 ? 1 : 0;
