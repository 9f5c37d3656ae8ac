import { Problem, runCommand } from "./command/problem.ts";
import { preview } from "./schedule/preview.ts";
import type { Subcommand } from "./schedule/subcommand.ts";

const SUBCOMMANDS: readonly Subcommand[] = [preview];

const USAGE = SUBCOMMANDS.map(({ usage }) => usage).join("\n\n");

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
