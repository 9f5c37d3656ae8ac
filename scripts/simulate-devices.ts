import { join } from "node:path";
import { parseArgs } from "node:util";
import { counted } from "#domain/counted.ts";
import { parseHomeId } from "#domain/home/home-id.ts";
import { HOME_OPTION } from "./command/default-home.ts";
import { Problem, runCommand } from "./command/problem.ts";
import { REGISTRY_OPTIONS, REGISTRY_USAGE } from "./command/registry-options.ts";
import { registryOf } from "./devices/registry.ts";
import { readHomeFile } from "./homes/seed-home.ts";
import { startHouseProcess } from "./start/house-process.ts";
import { interrupted } from "./start/interrupted.ts";

const USAGE = `npm run simulate-devices -- FILE [options]

  Runs the devices of a home file, until Ctrl-C, for a stack that has no real ones yet. With --aws each signs in over TLS
  with the key that npm run seed-home wrote for it, as a real device does.

  --home HOME     the home that they are in (default home)
  --keys FOLDER   where the folders with their keys are (default DIR/aws-devices)
  --faults LIST   make devices misbehave, e.g. hall_lamp=silent
${REGISTRY_USAGE}`;

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...REGISTRY_OPTIONS,
      home: HOME_OPTION,
      keys: { type: "string" },
      faults: { type: "string" },
    },
  });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const [homeFile, ...more] = positionals;
  if (homeFile === undefined || more.length > 0) {
    throw new Problem(`Give one home file, for example infra/house/demo-home.json.\n\n${USAGE}`);
  }
  const home = parseHomeId(values.home);
  const stop = interrupted();
  const registry = await registryOf(values);
  const { thingPrefix, plainUrl } = registry;
  const mqttUrl = await Promise.resolve(plainUrl ?? registry.secureUrl()).finally(() =>
    registry.close(),
  );
  if (mqttUrl === undefined) throw new Problem("Nothing listens for devices there.");
  const { devices } = readHomeFile(homeFile, { home, thingPrefix });
  const house = await startHouseProcess({
    mqttUrl,
    homeFile,
    home,
    thingPrefix,
    ...(values.aws ? { keys: values.keys ?? join(values.data, "aws-devices") } : {}),
    ...(values.faults === undefined ? {} : { faults: values.faults }),
  });
  try {
    process.stdout.write(
      `${counted(devices.length, "device")} of ${home} connected to ${mqttUrl}. Stop them with Ctrl-C.\n`,
    );
    await stop;
    return 0;
  } finally {
    await house.close();
  }
});
