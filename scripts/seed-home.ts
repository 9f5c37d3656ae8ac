import { join } from "node:path";
import { parseArgs } from "node:util";
import { counted } from "#domain/counted.ts";
import { parseHomeId } from "#domain/home/home-id.ts";
import type { HomeMeta, Position } from "#domain/home/home-meta.ts";
import { HOME_OPTION } from "./command/default-home.ts";
import { print } from "./command/print.ts";
import { Problem, runCommand } from "./command/problem.ts";
import { REGISTRY_OPTIONS, REGISTRY_USAGE } from "./command/registry-options.ts";
import { readHomeRecords } from "./devices/home-records.ts";
import { type Registry, registryOf } from "./devices/registry.ts";
import { requireHome } from "./homes/directory.ts";
import { type Compared, compareHomes } from "./homes/home-difference.ts";
import { putSettings } from "./homes/home-settings.ts";
import { seedFromFile } from "./homes/seed-from-file.ts";
import { readHomeFile, readPosition } from "./homes/seed-home.ts";

const USAGE = `npm run seed-home -- FILE [options]

  Gives a home the devices, scenes, groups and floors of a home file that it does not have yet, and its position. A device
  gets a key, a certificate and a thing of its own, as by add-device. What is there already and otherwise than in the file is
  shown and left as it is.

  --home HOME     the home (default home); make it with npm run add-home
  --replace       take the file's for what is otherwise
  --dry-run       only show what would be done
  --out FOLDER    where the folders with keys are written (default DIR/devices, with --aws DIR/aws-devices)
${REGISTRY_USAGE}

  Exit code: 0 the home is now as in the file, 1 something is otherwise, 2 the command could not be carried out.`;

const MARKS = { missing: "+", same: "=", differs: "~" } as const;

const lineOf = ({ standing, part, id, name }: Compared, note = ""): string =>
  `  ${MARKS[standing]} ${part.padEnd(6)}  ${id.padEnd(24)}  ${name}${note === "" ? "" : `  (${note})`}`;

/** Sets the position where the home has none; says whether it is as in the file. */
const seedPosition = async (
  registry: Registry,
  { home, position: here }: HomeMeta,
  file: Position | undefined,
  isDry: boolean,
): Promise<boolean> => {
  if (file === undefined) return true;
  if (here === undefined) {
    if (!isDry) await putSettings(registry, home, { position: file });
    return !isDry;
  }
  if (here.latitude === file.latitude && here.longitude === file.longitude) return true;
  // Schedules by the sun would have to be planned again.
  print(
    `  ~ its position is ${here.latitude},${here.longitude} here, ${file.latitude},${file.longitude} in the file; npm run schedule -- settings --position changes it`,
  );
  return false;
};

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...REGISTRY_OPTIONS,
      home: HOME_OPTION,
      replace: { type: "boolean", default: false },
      "dry-run": { type: "boolean", default: false },
      out: { type: "string" },
    },
  });
  if (values.help) {
    print(USAGE);
    return 0;
  }
  const [homeFile, ...more] = positionals;
  if (homeFile === undefined || more.length > 0) {
    throw new Problem(`Give one home file, for example infra/house/demo-home.json.\n\n${USAGE}`);
  }
  const { replace, "dry-run": isDry } = values;
  const home = parseHomeId(values.home);
  const registry = await registryOf(values);
  try {
    const meta = await requireHome(registry, home);
    const file = readHomeFile(homeFile, { home, thingPrefix: registry.thingPrefix });
    const position = readPosition(homeFile);
    const here = await readHomeRecords(registry, home);
    const compared = compareHomes(here, file);
    const differing = compared.filter(({ standing }) => standing === "differs");
    const missing = compared.filter(({ standing }) => standing === "missing");
    const chosen = [...missing, ...(replace ? differing : [])];
    print(`${meta.name} (${home})`);
    for (const one of differing) {
      print(lineOf(one));
      for (const difference of one.differences) print(`      ${difference}`);
    }
    if (isDry) for (const one of missing) print(lineOf(one));
    else {
      await seedFromFile({
        registry,
        here,
        file,
        chosen,
        folder: values.out ?? join(values.data, values.aws ? "aws-devices" : "devices"),
        onDone: (one, note) => {
          if (one.standing === "missing") print(lineOf(one, note));
        },
      });
    }
    const isPlaced = await seedPosition(registry, meta, position, isDry);
    const done = isDry ? [] : chosen;
    const added = done.filter(({ standing }) => standing === "missing").length;
    const same = compared.filter(({ standing }) => standing === "same").length;
    const left = compared.length - same - done.length;
    print(
      `${counted(added, "record")} added, ${done.length - added} replaced, ${same} as in the file already.`,
    );
    if (isDry) print("Nothing was changed.");
    else if (left > 0) print("What is otherwise was left as it is; to take the file's: --replace");
    return left === 0 && isPlaced ? 0 : 1;
  } finally {
    registry.close();
  }
});
