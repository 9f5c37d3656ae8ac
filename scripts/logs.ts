import { join } from "node:path";
import { parseArgs } from "node:util";
import { Problem, runCommand } from "./command/problem.ts";
import { executionLines, readExecutions } from "./records/execution-log.ts";

const USAGE = `npm run logs [-- NAME]    what the state machines logged, the newest last

  NAME         only the executions of the state machine, or with the execution's name, that is so called
  --last N     how many executions (default 10; 0 for all)
  --data DIR   the house's folder (default .home)
  --json       the lines as Step Functions writes them to CloudWatch Logs`;

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      data: { type: "string", default: ".home" },
      last: { type: "string", default: "10" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const [name] = positionals;
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const last = Number(values.last);
  if (!Number.isInteger(last) || last < 0) {
    throw new Problem(`--last must be a whole number, not "${values.last}".`);
  }
  const all = readExecutions(join(values.data, "logs"));
  const chosen = all.filter(
    (one) => name === undefined || one.machine === name || one.name === name,
  );
  if (name !== undefined && chosen.length === 0) {
    const machines = [...new Set(all.map((one) => one.machine))];
    throw new Problem(
      `Nothing called "${name}" is logged. State machines: ${machines.join(", ") || "none"}.`,
    );
  }
  // slice(-0) would be everything, which is what 0 asks for.
  for (const execution of chosen.slice(-last)) {
    const lines = values.json
      ? execution.events.map((event) => event.line)
      : executionLines(execution);
    process.stdout.write(`${lines.join("\n")}\n`);
  }
  return 0;
});
