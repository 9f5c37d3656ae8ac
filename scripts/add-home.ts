import { parseArgs } from "node:util";
import type { HomeMeta } from "#domain/home/home-meta.ts";
import { parseTextOption } from "./command/options.ts";
import { print } from "./command/print.ts";
import { Problem, runCommand } from "./command/problem.ts";
import { REGISTRY_OPTIONS, REGISTRY_USAGE } from "./command/registry-options.ts";
import { changeItem } from "./devices/change-item.ts";
import { registryOf } from "./devices/registry.ts";
import { createHome } from "./homes/directory.ts";
import { parseSettings } from "./homes/home-settings.ts";
import { newHomeId, parseTimeZone } from "./homes/new-home.ts";

const USAGE = `npm run add-home -- NAME [options]

  Makes a home, without devices and without members. NAME is what it is called ("Maple Street"); its id (maple_street)
  is made of that, stands in the names of its things and in every key, and is never given to another home.

  --id ID           another id
  --time-zone ZONE  an IANA name, e.g. Europe/Berlin (default this machine's)
  --position LAT,LON  where it is, for schedules by the sun, e.g. 52.52,13.405 (south or west: --position=-33.86,151.21)
  --holidays FILE   its public holidays, for schedules that leave them out: {"2026": ["2026-12-25"]}
  --json            print what was made as JSON
${REGISTRY_USAGE}`;

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...REGISTRY_OPTIONS,
      id: { type: "string" },
      "time-zone": { type: "string" },
      position: { type: "string" },
      holidays: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    print(USAGE);
    return 0;
  }
  const [given, ...more] = positionals;
  if (given === undefined || more.length > 0) {
    throw new Problem(`Give the home one name, in quotes if it has spaces.\n\n${USAGE}`);
  }
  const name = parseTextOption("A home's name", given, 64);
  const home = newHomeId(name, values.id);
  const timeZone = parseTimeZone(
    values["time-zone"] ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
  );
  const { position, holidays } = parseSettings(values);
  const registry = await registryOf(values);
  try {
    const createdAt = new Date().toISOString();
    const meta: HomeMeta = {
      home,
      name,
      timeZone,
      state: "active",
      createdAt,
      ...(position === undefined ? {} : { position }),
      ...(holidays === undefined ? {} : { holidays }),
    };
    const change = {
      change: "home-added",
      home,
      subject: home,
      details: { name, timeZone },
    } as const;
    await createHome(registry, meta, [
      await changeItem(registry, { ...change, command: "add-home" }),
    ]);
    if (values.json) {
      print(JSON.stringify(meta));
      return 0;
    }
    print(`${name} is added: home ${home}, time zone ${timeZone}.`);
    print(`  People:   npm run add-user -- NAME --role resident --home ${home}`);
    print(`  Devices:  npm run add-device -- NAME --kind KIND --room ROOM --home ${home}`);
    return 0;
  } finally {
    registry.close();
  }
});
