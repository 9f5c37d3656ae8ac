import { parseArgs } from "node:util";
import { HOME_OPTION } from "./command/default-home.ts";
import { readEndpoints } from "./command/endpoints.ts";
import { Problem, runCommand } from "./command/problem.ts";
import { runAndShow } from "./command/run-and-show.ts";

const USAGE = `npm run scene -- NAME [options]

  Runs a scene of the house that is up, as the machine client, through the gateway.

  --home HOME         the home (default home)
  --except DEVICE     leave a device out (may be repeated)
  --reason TEXT       why; kept in the audit record
  --request-id ID     the same id gives the same run
  --data DIR          the house's folder (default .home)
  --json              print only the tool's own answer

  Exit code: 0 every device is as asked, 1 not so, 2 the command could not be carried out.`;

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      data: { type: "string", default: ".home" },
      home: HOME_OPTION,
      except: { type: "string", multiple: true },
      reason: { type: "string" },
      "request-id": { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
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
  const endpoints = readEndpoints(values.data);
  if (endpoints === undefined) {
    throw new Problem(
      `No house is up on ${values.data}. Start one with npm start, or name its folder with --data DIR.`,
    );
  }
  return runAndShow(
    endpoints,
    {
      scene,
      home: values.home,
      ...(values.except === undefined ? {} : { except: values.except }),
      ...(values.reason === undefined ? {} : { reason: values.reason }),
      ...(values["request-id"] === undefined ? {} : { request_id: values["request-id"] }),
    },
    values.json,
  );
});
