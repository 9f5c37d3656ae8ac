import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { print } from "./command/print.ts";
import { Problem, runCommand } from "./command/problem.ts";
import { REGISTRY_OPTIONS, REGISTRY_USAGE } from "./command/registry-options.ts";
import { signInOf } from "./devices/registry.ts";
import { createRedactor } from "./doctor/redactor.ts";
import { candidateOf, SECRET_VARIABLE } from "./test-gateway/candidate.ts";
import { stepLines, summaryLine } from "./test-gateway/report.ts";
import { walk } from "./test-gateway/walk.ts";

const USAGE = `npm run test-gateway -- [URL] [options]

  Does what a machine does that calls the gateway, step by step: a token, initialize, tools/list, get_home, and with
  --run a scene. Without URL: the house that is up, or with --aws the deployed stack. Without --run nothing is changed.

  --token-url URL   with URL: where tokens are given out
  --client-id ID    with URL: the machine client
  --home HOME       the home, if the client has several
  --run SCENE       run this scene, too
  --json            {steps: [{step, ok, tookMs, code, summary, fix}], ok}
${REGISTRY_USAGE}

  With URL the client's secret is read from the environment variable ${SECRET_VARIABLE}, or from what is piped in; it is never
  shown, and no option, since a shell keeps those in its history.

  Exit code: 0 every step went well, 1 one did not, 2 the command could not be carried out.`;

const readSecret = async (): Promise<string> => {
  const named = process.env[SECRET_VARIABLE];
  if (named !== undefined) return named;
  return process.stdin.isTTY ? "" : text(process.stdin);
};

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...REGISTRY_OPTIONS,
      "token-url": { type: "string" },
      "client-id": { type: "string" },
      home: { type: "string" },
      run: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    print(USAGE);
    return 0;
  }
  const [url, ...more] = positionals;
  if (more.length > 0) throw new Problem(`Name one gateway.\n\n${USAGE}`);
  const candidate = await candidateOf(
    {
      url,
      tokenUrl: values["token-url"],
      clientId: values["client-id"],
      home: values.home,
      scene: values.run,
    },
    () => signInOf(values, ["machine"]),
    readSecret,
  );
  const redactor = createRedactor();
  if (!values.json) print(`A machine calls ${candidate.url}`);
  const steps = await walk(candidate, redactor, (step) => {
    if (!values.json) for (const line of stepLines(step)) print(redactor.redact(line));
  });
  const ok = steps.every((step) => step.ok);
  print(redactor.redact(values.json ? JSON.stringify({ steps, ok }) : summaryLine(steps)));
  return ok ? 0 : 1;
});
