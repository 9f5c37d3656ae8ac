import { once } from "node:events";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { spelt } from "#domain/printable.ts";
import { addFound } from "./bridge/add-found.ts";
import { deviceLines } from "./bridge/list-devices.ts";
import { lookAtHub } from "./bridge/look-at-hub.ts";
import { fileOf, HUBS, openBridge } from "./bridge/open-bridge.ts";
import { readBridgeFile } from "./bridge/read-bridge-file.ts";
import { runThings } from "./bridge/run-things.ts";
import { runCommand } from "./command/problem.ts";
import { shellWord } from "./command/shell-word.ts";
import { registryOf } from "./devices/registry.ts";

const USAGE = `npm run bridge -- HUB [--config FILE | --url URL] [options]

  Keeps real devices behind their hub as devices of the home: each is told what scenes ask, and is confirmed only by what
  it says itself. HUB is ${HUBS.join(" or ")}. FILE is JSON and holds no secret: {"url":"mqtt://localhost:1883"}; the
  devices are written into it by --add. Other members: baseTopic, username, passwordFile, home.

  --config FILE     the bridge's file (default bridge.json, for zwave zwave.json)
  --url URL         where the hub is, in place of the file's: ws://localhost:3000 for zwave-js-server and Z-Wave JS UI.
                    Without a file it is made by --add
  --list            show what the hub has, how each is confirmed, and the line that adds it
  --check           name the settings of the hub that stand in the way; exit code 1 where there are any
  --add NAME        register a device of the hub with the home (may be repeated; ALL: each that is not yet; exit code 1
                    where one could not be added)
  --as NAME           ... under this name, and not its name at the hub
  --room ROOM         ... in this room, where the hub does not say
  --scene SCENE       ... and let a scene ask it for what a house at rest has: lights off, locks locked, covers closed
  --stage NAME        ... in this stage, where the scene has several
  --aws             with the stack in your AWS account (AWS_PROFILE, AWS_REGION) and not with the house
  --endpoint-url URL  with --aws, another AWS endpoint than the region's
  --data DIR        the house's folder (default .home)`;

// What a hub says of itself and its devices is somebody else's text.
const print = (line: string): void => {
  process.stdout.write(`${spelt(line)}\n`);
};

const parseOptions = () =>
  parseArgs({
    allowPositionals: true,
    options: {
      config: { type: "string" },
      url: { type: "string" },
      list: { type: "boolean", default: false },
      check: { type: "boolean", default: false },
      add: { type: "string", multiple: true, default: [] },
      as: { type: "string" },
      room: { type: "string" },
      scene: { type: "string" },
      stage: { type: "string" },
      aws: { type: "boolean", default: false },
      "endpoint-url": { type: "string" },
      data: { type: "string", default: ".home" },
      help: { type: "boolean", short: "h", default: false },
    },
  });

/** Until somebody ends it. */
const ended = (): Promise<unknown> =>
  Promise.race([once(process, "SIGTERM"), once(process, "SIGINT")]);

await runCommand(async () => {
  const { values, positionals } = parseOptions();
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const [hub] = positionals;
  const path = values.config ?? fileOf(hub);
  const file = readBridgeFile(path, values.url);
  const { bridge, inTheWay } = openBridge(hub, file);
  const log = (line: string): void => print(`${new Date().toISOString()} ${line}`);
  const isLook = values.list || values.check || values.add.length > 0;
  const command = `npm run bridge -- ${hub} --config ${shellWord(path)}${values.url === undefined ? "" : ` --url ${shellWord(values.url)}`}`;
  const folder = join(values.data, values.aws ? "aws-devices" : "devices");

  if (!isLook) {
    const registry = await registryOf(values);
    const running = await runThings({ bridge, registry, file, folder, log }).finally(() =>
      registry.close(),
    );
    print(`bridge ready: ${Object.keys(file.devices).length} devices`);
    await ended();
    await running.close();
    return 0;
  }
  let left = 0;
  try {
    await lookAtHub(bridge, file.url, log);
    if (values.list) {
      for (const line of deviceLines(bridge.discover(), file, command)) print(line);
    }
    if (values.add.length > 0) {
      const registry = await registryOf(values);
      const { as, room, scene, stage } = values;
      left = await addFound(bridge.discover(), {
        registry,
        file,
        path,
        folder,
        names: values.add,
        command,
        ...(as === undefined ? {} : { as }),
        ...(room === undefined ? {} : { room }),
        ...(scene === undefined ? {} : { scene }),
        ...(stage === undefined ? {} : { stage }),
        print,
      }).finally(() => registry.close());
    }
    const ways = values.check ? inTheWay() : [];
    for (const line of ways) print(line);
    if (values.check && ways.length === 0) print("Nothing stands in the way.");
    return ways.length === 0 && left === 0 ? 0 : 1;
  } finally {
    await bridge.close();
  }
});
