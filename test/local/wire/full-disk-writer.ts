// node full-disk-writer.ts PATH: writes a line, one for which there is no room, and another one.
import { openLog } from "#local/wire/logs/log-file.ts";

const [path = ""] = process.argv.slice(2);
const log = openLog(path);
log.write("first\n");
try {
  log.write(`${"x".repeat(5000)}\n`);
} catch (error) {
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  process.stdout.write(`${code}\n`);
}
log.write("last\n");
log.close();
