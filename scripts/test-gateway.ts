import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { readEndpoints } from "./command/endpoints.ts";
import { Problem, runCommand } from "./command/problem.ts";
import { createRedactor } from "./doctor/redactor.ts";
import { candidateOf, SECRET_VARIABLE } from "./test-gateway/candidate.ts";
import { stepLines, summaryLine } from "./test-gateway/report.ts";
import { walk } from "./test-gateway/walk.ts";

const USAGE = `npm run test-gateway -- [URL] [options]

  Does what a machine does that calls the gateway, step by step: a token, initialize, tools/list, get_home, and with
  --run a scene. Without URL: the house that is up. Without --run nothing is changed.

  --token-url URL   where tokens are given out; on AWS the output SignInDomain and /oauth2/token
  --client-id ID    the machine client; on AWS the output MachineClientId
  --home HOME       the home, if the client has several
  --run SCENE       run this scene, too
  --data DIR        the house's folder (default .home)
  --json            {steps: [{step, ok, tookMs, code, summary, fix}], ok}

  The client's secret is read from the environment variable ${SECRET_VARIABLE}, or from what is piped in; it is never
  shown, and no option, since a shell keeps those in its history.

  Exit code: 0 every step went well, 1 one did not, 2 the command could not be carried out.`;

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const readSecret = async (): Promise<string> => {
  const named = process.env[SECRET_VARIABLE];
  if (named !== undefined) return named;
  return process.stdin.isTTY ? "" : text(process.stdin);
};

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      "token-url": { type: "string" },
      "client-id": { type: "string" },
      home: { type: "string" },
      run: { type: "string" },
      data: { type: "string", default: ".home" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
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
    () => {
      const endpoints = readEndpoints(values.data);
      if (endpoints !== undefined) return endpoints;
      throw new Problem(
        `No house is up on ${values.data}. Start one with npm start, name its folder with --data DIR, or name a gateway.`,
      );
    },
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
