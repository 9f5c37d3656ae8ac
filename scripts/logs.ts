import { join } from "node:path";
import { parseArgs } from "node:util";
import { Problem, runCommand } from "./command/problem.ts";
import {
  REGISTRY_OPTIONS,
  REGISTRY_USAGE,
  refuseWithoutAws,
  type StackOptions,
} from "./command/registry-options.ts";
import { registryOf } from "./devices/registry.ts";
import { executionLines, executionsIn, linesInFolder } from "./records/execution-log.ts";
import { linesOfStack } from "./records/stack-log.ts";

const USAGE = `npm run logs [-- NAME]    what the state machines logged, the newest last

  NAME         only the executions of the state machine, or with the execution's name, that is so called
  --last N     how many executions (default 10; 0 for all)
  --hours N    with --aws: of the last N hours (default 24); CloudWatch bills what is read
  --json       the lines as Step Functions writes them to CloudWatch Logs
${REGISTRY_USAGE}`;

const linesOf = async (options: StackOptions & { readonly hours: string }) => {
  if (!options.aws) {
    refuseWithoutAws(options);
    return linesInFolder(join(options.data, "logs"));
  }
  const hours = Number(options.hours);
  if (!(hours > 0)) throw new Problem(`--hours must be a number above 0, not "${options.hours}".`);
  const registry = await registryOf(options);
  return linesOfStack(registry, Date.now() - hours * 3_600_000).finally(() => registry.close());
};

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...REGISTRY_OPTIONS,
      hours: { type: "string", default: "24" },
      last: { type: "string", default: "10" },
      json: { type: "boolean", default: false },
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
  const all = executionsIn(await linesOf(values));
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
