import { parseArgs } from "node:util";
import { Problem, runCommand } from "./command/problem.ts";
import { REGISTRY_OPTIONS, REGISTRY_USAGE } from "./command/registry-options.ts";
import { signInOf } from "./devices/registry.ts";
import { examine } from "./doctor/examine.ts";
import { patientOf } from "./doctor/patient.ts";
import { createRedactor } from "./doctor/redactor.ts";
import { asJson, isHealthy, stepLines, summaryLines } from "./doctor/report.ts";

const USAGE = `npm run doctor -- [URL] [options]

  Walks what Claude does to connect to an MCP server with OAuth, shows each request and what came back, and says of
  what would stop Claude the cause and the cure. Without URL: the house that is up, or with --aws the deployed
  stack, with its own app clients.

  --client-id ID          the app client that is entered in Claude, or a machine client
  --client-secret SECRET  its secret; sent to the token endpoint and nowhere else
  --callback URL          where people are sent back to, if not to Claude's own two (may be repeated)
  --sign-in               sign a person in, too: prints an address and waits at the callback
                          (http://localhost:8765/callback, or a --callback on this machine)
  --asked ADDRESS         the authorization address that a program (Claude Code, codex, opencode, gemini-cli,
                          mcp-remote, the Inspector) opened or printed: says what that program has to be told
  --json                  {checks: [{step, code, status, summary, fix, request, response}], ok}
${REGISTRY_USAGE}

  Exit code: 0 nothing would stop Claude, 1 something would, 2 the command could not be carried out.`;

const printTo =
  (stream: NodeJS.WriteStream) =>
  (line: string): void => {
    stream.write(`${line}\n`);
  };
const print = printTo(process.stdout);

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...REGISTRY_OPTIONS,
      "client-id": { type: "string" },
      "client-secret": { type: "string" },
      callback: { type: "string", multiple: true },
      "sign-in": { type: "boolean", default: false },
      asked: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    print(USAGE);
    return 0;
  }
  const [url, ...more] = positionals;
  if (more.length > 0) throw new Problem(`Name one server.\n\n${USAGE}`);
  const patient = await patientOf(
    {
      ...(url === undefined ? {} : { url }),
      ...(values["client-id"] === undefined ? {} : { clientId: values["client-id"] }),
      ...(values["client-secret"] === undefined ? {} : { clientSecret: values["client-secret"] }),
      ...(values.callback === undefined ? {} : { callbacks: values.callback }),
      ...(values.asked === undefined ? {} : { asked: values.asked }),
      signIn: values["sign-in"],
    },
    () => signInOf(values, ["machine", "claudeWeb"]),
  );
  const redactor = createRedactor();
  if (!values.json) print(`The doctor looks at ${patient.url}`);
  const steps = await examine(
    patient,
    redactor,
    printTo(values.json ? process.stderr : process.stdout),
    (step) => {
      if (!values.json) for (const line of stepLines(step, redactor)) print(line);
    },
  );
  if (values.json) print(asJson(steps, redactor));
  else for (const line of summaryLines(steps, redactor)) print(line);
  return isHealthy(steps) ? 0 : 1;
});
