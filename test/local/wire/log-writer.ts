// node log-writer.ts PATH: writes numbered lines to a log, tells each that it wrote, and goes on until it is killed. Its pieces are
// ten lines long, so that most kills come while one begins.
import { writeSync } from "node:fs";
import { openLog } from "#local/wire/logs/log-file.ts";
import { readLog } from "#local/wire/logs/read-log.ts";

const [path = ""] = process.argv.slice(2);
const before = Number(readLog(path).at(-1)?.lines.at(-1) ?? 0);
const log = openLog(path, { pieceBytes: 100, keptBytes: 300 });
for (let number = before + 1; ; number += 1) {
  log.write(`${String(number).padStart(9, "0")}\n`);
  writeSync(1, `${number}\n`);
}
