import { join } from "node:path";
import { parseArgs } from "node:util";
import { counted } from "#domain/counted.ts";
import { parseHomeId } from "#domain/home/home-id.ts";
import { resolveName } from "#domain/home/names.ts";
import { asksDevice, withoutDevice } from "#domain/home/scene-devices.ts";
import { HOME_OPTION } from "./command/default-home.ts";
import { print } from "./command/print.ts";
import { Problem, runCommand } from "./command/problem.ts";
import { REGISTRY_OPTIONS, REGISTRY_USAGE } from "./command/registry-options.ts";
import { changeItem } from "./devices/change-item.ts";
import { readHomeRecords, removeDevice } from "./devices/home-records.ts";
import { registryOf } from "./devices/registry.ts";
import { withdrawThing } from "./devices/withdraw-thing.ts";

const USAGE = `npm run remove-device -- NAME [options]

  Takes a device out of the home: its certificates let it in no more, and its thing, shadow and record are
  deleted. What it acknowledged stays in the audit; its key's folder stays, too.

  --from-scenes   also out of the scenes that ask it; without this such a device is not removed
  --home HOME     the home that it is in (default home)
${REGISTRY_USAGE}`;

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...REGISTRY_OPTIONS,
      "from-scenes": { type: "boolean", default: false },
      home: HOME_OPTION,
    },
  });
  if (values.help) {
    print(USAGE);
    return 0;
  }
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) throw new Problem(`Name one device.\n\n${USAGE}`);
  const registry = await registryOf(values);
  try {
    const home = await readHomeRecords(registry, parseHomeId(values.home));
    const device = resolveName(name, home.devices, {
      noun: "device",
      unknown: "DeviceUnknown",
      next: "Name one of these.",
    });
    const { id, thing } = device;
    const asking = home.scenes.filter((scene) => asksDevice(scene, id));
    const names = asking.map((scene) => scene.name).join(", ");
    if (asking.length > 0 && !values["from-scenes"]) {
      throw new Problem(
        `${device.name} is asked by ${counted(asking.length, "scene")}: ${names}. To take it out of them too, add --from-scenes. Nothing was changed.`,
      );
    }
    const scenes = asking.map((scene) => withoutDevice(scene, id, home.devices));

    // First what lets it in. The record last: until then the same command can be given again after a failure.
    const certificates = await withdrawThing(registry, thing);
    await removeDevice(registry, home.place.home, id, scenes, [
      await changeItem(registry, {
        change: "device-removed",
        home: home.place.home,
        subject: id,
        details: { thing, scenes: scenes.map((scene) => scene.id) },
        command: "remove-device",
      }),
    ]);

    print(`${device.name} is removed; ${counted(certificates, "certificate")} withdrawn.`);
    if (asking.length > 0) print(`  ${names}: no longer ask${asking.length === 1 ? "s" : ""} it.`);
    print(
      `  The folder with its key stays (${join(values.data, values.aws ? "aws-devices" : "devices", thing)}, unless another was named); it opens nothing any more.`,
    );
    return 0;
  } finally {
    registry.close();
  }
});
