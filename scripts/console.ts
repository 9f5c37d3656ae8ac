import { join } from "node:path";
import { parseArgs } from "node:util";
import { requireHouse } from "./command/endpoints.ts";
import { parsePortOption } from "./command/options.ts";
import { print } from "./command/print.ts";
import { runCommand } from "./command/problem.ts";
import { REGISTRY_OPTIONS, REGISTRY_USAGE, refuseWithoutAws } from "./command/registry-options.ts";
import { serveConsole } from "./console/serve-console.ts";
import { registryOf } from "./devices/registry.ts";
import { buildTemplate } from "./start/build-template.ts";
import { interrupted } from "./start/interrupted.ts";

const USAGE = `npm run console -- --aws [options]

  Serves the operators' page on this machine, at http://localhost:4603/, with the gateway and the sign-in of the stack in
  your AWS account, until Ctrl-C. Without --aws it says where the house that is up serves its own.

  --port N        another port than 4603, to which the sign-in leads nobody back
${REGISTRY_USAGE}`;

await runCommand(async () => {
  const { values } = parseArgs({
    options: { ...REGISTRY_OPTIONS, port: { type: "string", default: "4603" } },
  });
  if (values.help) {
    print(USAGE);
    return 0;
  }
  if (!values.aws) {
    refuseWithoutAws(values);
    print(`The house serves it: ${requireHouse(values.data).console.url}/`);
    return 0;
  }
  const port = parsePortOption("port", values.port);
  const stop = interrupted();
  const stack = await registryOf(values);
  try {
    // A folder of its own: a house may be running from the other one.
    const assembly = await buildTemplate(join(values.data, "console.out"));
    const served = await serveConsole({
      assembly,
      stack,
      port,
      log: (line) => process.stderr.write(`${line}\n`),
    });
    print(`The console of ${stack.output("GatewayUrl")}: ${served.url}/   Stop it with Ctrl-C.`);
    await stop;
    await served.close();
    return 0;
  } finally {
    stack.close();
  }
});
