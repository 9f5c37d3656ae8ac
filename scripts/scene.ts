import { parseArgs } from "node:util";
import { HOME_OPTION } from "./command/default-home.ts";
import { Problem, runCommand } from "./command/problem.ts";
import { REGISTRY_OPTIONS, REGISTRY_USAGE, sameStack } from "./command/registry-options.ts";
import { runAndShow } from "./command/run-and-show.ts";
import { signInOf } from "./devices/registry.ts";

const USAGE = `npm run scene -- NAME [options]

  Runs a scene of the house that is up, or of a deployed stack, as the machine client, through the gateway.

  --home HOME         the home (default home)
  --except DEVICE     leave a device out (may be repeated)
  --reason TEXT       why; kept in the audit record
  --request-id ID     the same id gives the same run
  --json              print only the tool's own answer
${REGISTRY_USAGE}

  Exit code: 0 every device is as asked, 1 not so, 2 the command could not be carried out.`;

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...REGISTRY_OPTIONS,
      home: HOME_OPTION,
      except: { type: "string", multiple: true },
      reason: { type: "string" },
      "request-id": { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const [scene, ...more] = positionals;
  if (scene === undefined || more.length > 0) {
    throw new Problem(`Name one scene, for example: npm run scene -- goodnight\n\n${USAGE}`);
  }
  const signIn = await signInOf(values, ["machine"]);
  return runAndShow(
    signIn,
    {
      scene,
      home: values.home,
      ...(values.except === undefined ? {} : { except: values.except }),
      ...(values.reason === undefined ? {} : { reason: values.reason }),
      ...(values["request-id"] === undefined ? {} : { request_id: values["request-id"] }),
    },
    values.json,
    sameStack(values),
  );
});
