import { Problem, runCommand } from "./command/problem.ts";
import { REGISTRY_USAGE } from "./command/registry-options.ts";
import { list } from "./schedule/list.ts";
import { next } from "./schedule/next.ts";
import { preview } from "./schedule/preview.ts";
import { runNow } from "./schedule/run-now.ts";
import { settings } from "./schedule/settings.ts";
import type { Subcommand } from "./schedule/subcommand.ts";
import { TOOL_SUBCOMMANDS } from "./schedule/tool-subcommands.ts";

const SUBCOMMANDS: readonly Subcommand[] = [
  list,
  next,
  ...TOOL_SUBCOMMANDS,
  runNow,
  settings,
  preview,
];

const USAGE = `${SUBCOMMANDS.map(({ usage }) => usage).join("\n\n")}

All but preview:
${REGISTRY_USAGE}`;

await runCommand(async () => {
  const [name, ...args] = process.argv.slice(2);
  if (name === "--help" || name === "-h") {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  if (name === undefined) throw new Problem(USAGE);
  const subcommand = SUBCOMMANDS.find((each) => each.name === name);
  if (subcommand !== undefined) return subcommand.run(args);
  const known = SUBCOMMANDS.map((each) => each.name).join(", ");
  throw new Problem(`npm run schedule has no "${name}"; it has ${known}.`);
});
