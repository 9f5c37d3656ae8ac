import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parseConsoleUrl } from "#aws/console/console-url.ts";
import { stageNames } from "#aws/names/stage.ts";
import { print } from "../command/print.ts";
import { Problem, runCommand } from "../command/problem.ts";
import { deploySteps } from "./deploy-steps.ts";
import { deployWithConsole } from "./deploy-with-console.ts";

const USAGE = `npm run deploy -- [options of cdk deploy]

  Deploys the stack to your AWS account (AWS_PROFILE, AWS_REGION, or --profile NAME) and puts the operators' console into
  its bucket. The first time it deploys twice: where console and gateway are is known only then, and the sign-in has to
  know it.

  -c stage=NAME        a stage of its own: 1 to 12 of a to z and 0 to 9, a letter first
  -c consoleUrl=URL    where the console is found, if you have put a domain of your own before the distribution
  -c gatewayUrl=URL    where clients call the gateway, if that is another address than the stack's`;

const ROOT = join(import.meta.dirname, "..", "..");

const cdkDeploy = async (args: readonly string[]): Promise<void> => {
  const cdk = join(ROOT, "node_modules", "aws-cdk", "bin", "cdk");
  const child = spawn(process.execPath, [cdk, "deploy", ...args], { cwd: ROOT, stdio: "inherit" });
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Problem(`cdk deploy did not succeed (exit code ${String(code)}).`);
};

/** A value of `-c NAME=VALUE`, as the last one says it. */
const contextOf = (given: readonly string[], name: string): string | undefined =>
  given.findLast((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);

/** What the stack refuses of its settings is told in one line. */
const asProblem = <T>(read: () => T): T => {
  try {
    return read();
  } catch (cause) {
    throw new Problem(cause instanceof Error ? cause.message : String(cause), { cause });
  }
};

await runCommand(async () => {
  const args = process.argv.slice(2);
  // Not strict: all other options are cdk's.
  const { values } = parseArgs({
    args,
    strict: false,
    options: {
      context: { type: "string", short: "c", multiple: true, default: [] },
      profile: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help === true) {
    print(USAGE);
    return 0;
  }
  const context = (values.context ?? []).filter((pair) => typeof pair === "string");
  const stage = contextOf(context, "stage");
  const consoleUrl = asProblem(() => parseConsoleUrl(contextOf(context, "consoleUrl")));
  const gatewayUrl = contextOf(context, "gatewayUrl");
  const { profile } = values;
  const url = await deployWithConsole(
    deploySteps({
      clientOptions: typeof profile === "string" ? { profile } : {},
      stackName: asProblem(() => stageNames(stage).stack),
      stage,
      cdkDeploy: (more) => cdkDeploy([...args, ...more]),
      say: print,
    }),
    {
      ...(consoleUrl === undefined ? {} : { consoleUrl }),
      ...(gatewayUrl === undefined ? {} : { gatewayUrl }),
    },
  );
  print(`The console: ${url}/`);
  return 0;
});
