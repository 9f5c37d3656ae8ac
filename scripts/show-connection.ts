import { parseArgs } from "node:util";
import { print } from "./command/print.ts";
import { Problem, runCommand } from "./command/problem.ts";
import { REGISTRY_OPTIONS, REGISTRY_USAGE } from "./command/registry-options.ts";
import { signInOf } from "./devices/registry.ts";
import { connectionsNamed } from "./show-connection/connections.ts";
import { withoutSecrets } from "./show-connection/without-secrets.ts";

const USAGE = `npm run show-connection [-- CLIENT] [options]

  The lines by which each client connects: claude-web, claude-code, codex, opencode, gemini-cli, inspector, mcp-remote, and a
  machine; or those of one of them.

  --show-secret   show the secret of an app client that has one; a terminal keeps what it shows
${REGISTRY_USAGE}`;

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { ...REGISTRY_OPTIONS, "show-secret": { type: "boolean", default: false } },
  });
  if (values.help) {
    print(USAGE);
    return 0;
  }
  const [name, ...more] = positionals;
  if (more.length > 0) throw new Problem(`Name one client, or none.\n\n${USAGE}`);
  const connections = connectionsNamed(name);
  const shown = values["show-secret"]
    ? connections.map(({ client }) => client).filter((client) => client !== "local")
    : [];
  const signIn = withoutSecrets(await signInOf(values, shown), shown);
  for (const { title, lines } of connections) {
    print(title);
    for (const line of lines(signIn)) print(`  ${line}`);
    print("");
  }
  return 0;
});
