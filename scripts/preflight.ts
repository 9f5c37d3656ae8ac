import { parseArgs, styleText } from "node:util";
import { stageOfStack } from "#aws/names/stage.ts";
import { print } from "./command/print.ts";
import { Problem, runCommand } from "./command/problem.ts";
import { REGISTRY_OPTIONS, REGISTRY_USAGE, sameStack } from "./command/registry-options.ts";
import { STACK_NAME } from "./command/stack-name.ts";
import { accountOptions } from "./devices/registry.ts";
import type { Finding } from "./preflight/finding.ts";
import { look } from "./preflight/look.ts";

const USAGE = `npm run preflight -- [options]

  Looks whether a deployment to your AWS account can go well, says what is in its way, and what to do about it. Changes
  nothing. It is always about an account: --aws need not be given.

  --json          {checks: [{name, standing, said, remedy}], ok}
${REGISTRY_USAGE}

  Exit code: 0 all is well, 1 something is not, or could not be told, 2 the command could not be carried out.`;

const MARKS = {
  good: styleText("green", "✓"),
  bad: styleText("red", "✗"),
  unknown: "?",
} as const;

const show = (name: string, { standing, said, remedy }: Finding): void => {
  print(`  ${MARKS[standing]} ${name.padEnd(12)} ${said}`);
  if (remedy !== undefined) print(`      next: ${remedy}`);
};

const parseStack = (name: string): string | undefined => {
  try {
    return stageOfStack(name);
  } catch (cause) {
    throw new Problem(cause instanceof Error ? cause.message : String(cause), { cause });
  }
};

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { ...REGISTRY_OPTIONS, json: { type: "boolean", default: false } },
  });
  if (values.help) {
    print(USAGE);
    return 0;
  }
  if (positionals.length > 0) throw new Problem(USAGE);
  const stage = parseStack(values.stack ?? STACK_NAME);
  const checks: (Finding & { readonly name: string })[] = [];
  const { isWell, isDeployed } = await look(accountOptions(values), stage, (name, finding) => {
    checks.push({ name, ...finding });
    if (!values.json) show(name, finding);
  });
  if (values.json) {
    print(JSON.stringify({ checks, ok: isWell }));
    return isWell ? 0 : 1;
  }
  const { profile } = values;
  const options = [
    ...(stage === undefined ? [] : ["-c", `stage=${stage}`]),
    ...(isDeployed ? [] : ["-c", "first=yes"]),
    ...(profile === undefined ? [] : ["--profile", profile]),
  ].join(" ");
  print("");
  const again = sameStack({ ...values, aws: false });
  print(
    isWell
      ? `All is well. Next: npm run deploy${options === "" ? "" : ` -- ${options}`}`
      : `Not everything is well: see each "next". Then again: npm run preflight${again === "" ? "" : ` --${again}`}`,
  );
  return isWell ? 0 : 1;
});
