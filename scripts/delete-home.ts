import { parseArgs } from "node:util";
import { counted } from "#domain/counted.ts";
import { parseHomeId } from "#domain/home/home-id.ts";
import { print } from "./command/print.ts";
import { Problem, runCommand } from "./command/problem.ts";
import { REGISTRY_OPTIONS, REGISTRY_USAGE } from "./command/registry-options.ts";
import { recordChange } from "./devices/change-item.ts";
import { registryOf } from "./devices/registry.ts";
import { findHome, findInDirectory } from "./homes/directory.ts";
import { contentLines, contentsOf, eraseHome } from "./homes/erase-home.ts";

const USAGE = `npm run delete-home -- HOME [--yes] [options]

  Deletes a home: its devices with their certificates, things and shadows, its scenes, its schedules, its members. Its
  audit stays until its time, and its id and name stay as a tombstone: no other home gets the id. After a cut-off give the same command again.

  --yes           do it; without this it is only shown what would go
${REGISTRY_USAGE}`;

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { ...REGISTRY_OPTIONS, yes: { type: "boolean", default: false } },
  });
  if (values.help) {
    print(USAGE);
    return 0;
  }
  const [wanted, ...more] = positionals;
  if (wanted === undefined || more.length > 0) {
    throw new Problem(`Name one home by its id. Nothing was changed.\n\n${USAGE}`);
  }
  const home = parseHomeId(wanted);
  const registry = await registryOf(values);
  try {
    const meta = await findHome(registry, home);
    if (meta === undefined) {
      throw new Problem(
        `There is no home "${home}". List them with npm run homes. Nothing was changed.`,
      );
    }
    if ((await findInDirectory(registry, home))?.state === "deleted") {
      throw new Problem(`The home "${home}" was deleted. Nothing was changed.`);
    }
    if (!values.yes) {
      print(`${meta.name} (${home}) would be deleted, for ever:`);
      for (const line of contentLines(await contentsOf(registry, home))) print(line);
      print(`Nothing was changed. To do it: npm run delete-home -- ${home} --yes`);
      return 1;
    }
    await recordChange(registry, {
      change: "home-deleted",
      home,
      subject: home,
      details: { name: meta.name },
      command: "delete-home",
    });
    const { devices, certificates, schedules, members } = await eraseHome(registry, home);
    print(
      `${meta.name} (${home}) is deleted: ${counted(devices.length, "device")}, ${counted(certificates, "certificate")}, ${counted(members.length, "member")}, ${counted(schedules.length, "schedule")}.`,
    );
    print(
      "  Its audit stays until its time; the folders with its devices' keys stay, and open nothing.",
    );
    return 0;
  } finally {
    registry.close();
  }
});
