import { join } from "node:path";
import { parseArgs } from "node:util";
import { isCommandable } from "#domain/home/device.ts";
import { parseHomeId } from "#domain/home/home-id.ts";
import { resolveName } from "#domain/home/names.ts";
import { type DeviceRequest, newDevice } from "#domain/home/new-device.ts";
import { withDevice } from "#domain/home/scene-devices.ts";
import { describeWantedState, parseWantedState } from "#domain/home/vocabulary.ts";
import { HOME_OPTION } from "./command/default-home.ts";
import { parseJsonOption, parseSecondsOption } from "./command/options.ts";
import { print } from "./command/print.ts";
import { Problem, runCommand } from "./command/problem.ts";
import { REGISTRY_OPTIONS, REGISTRY_USAGE } from "./command/registry-options.ts";
import { readHomeRecords } from "./devices/home-records.ts";
import { type DeviceCredentials, registerDevice } from "./devices/register-device.ts";
import { type Registry, registryOf } from "./devices/registry.ts";

const USAGE = `npm run add-device -- NAME --kind KIND --room ROOM [options]

  Registers a device: a key and a certificate of its own, its thing, and its record in the home.
  NAME is its name ("Porch lamp") or id (porch_lamp); KIND is light, plug, lock, cover, climate, media or alarm.

  --scene SCENE     let a scene ask it, too ...
  --want JSON       ... for this state, e.g. '{"light":{"on":false}}'
  --stage NAME      ... in this stage, where the scene has several
  --alias NAME      another name (may be repeated)
  --class CLASS     what a cover covers: garage, door, gate, blind, shutter, curtain, awning, … Nothing opens a garage, a
                    door, a gate, or a cover without a class, but a person
  --window SECONDS  how long it may take to acknowledge, where that differs from its kind's
  --out FOLDER      where key and certificates are written (default DIR/devices/THING, with --aws DIR/aws-devices/THING)
  --home HOME       the home that it joins (default home)
  --json            print what was made as JSON; a private key is never printed
${REGISTRY_USAGE}

  The key's file is readable by you alone (mode 600). It is made here, and only the certificate request is sent.`;

const parseOptions = () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...REGISTRY_OPTIONS,
      kind: { type: "string" },
      room: { type: "string" },
      scene: { type: "string" },
      want: { type: "string" },
      stage: { type: "string" },
      class: { type: "string" },
      alias: { type: "string", multiple: true, default: [] },
      window: { type: "string" },
      out: { type: "string" },
      home: HOME_OPTION,
      json: { type: "boolean", default: false },
    },
  });
  return { values, positionals };
};
type Values = ReturnType<typeof parseOptions>["values"];

const parseRequest = (positionals: readonly string[], values: Values): DeviceRequest => {
  const [name, ...more] = positionals;
  const { kind, room } = values;
  if (name === undefined || more.length > 0 || kind === undefined || room === undefined) {
    throw new Problem(
      `Give one name (in quotes if it has spaces), a kind and a room, for example: npm run add-device -- "Porch lamp" --kind light --room Porch\n\n${USAGE}`,
    );
  }
  return {
    name,
    kind,
    room,
    aliases: values.alias,
    ...(values.class === undefined ? {} : { deviceClass: values.class }),
    ...(values.window === undefined
      ? {}
      : { windowSeconds: parseSecondsOption("window", values.window) }),
  };
};

/** Which scene is to ask the device for what; undefined where none is. */
const parsePlace = ({ scene, want, stage }: Values) => {
  if (scene === undefined && want === undefined && stage === undefined) return undefined;
  if (scene === undefined || want === undefined) {
    throw new Problem(
      "--scene and --want go together: which scene is to ask the device, and for what state.",
    );
  }
  return { scene, want: parseJsonOption("want", want), stage };
};

const credentialLines = (
  thing: string,
  credentials: DeviceCredentials,
  { devicePolicy, isOwnBroker = false, plainUrl }: Registry,
  secureUrl: string | undefined,
): readonly string[] => {
  const files = [
    `  private key   ${credentials.privateKeyFile}   (only you can read it, and it is nowhere else)`,
    `  certificate   ${credentials.certificateFile}   (policy ${devicePolicy}: it is ${thing} and nobody else)`,
    `  root          ${credentials.rootCertificateFile}`,
  ];
  if (isOwnBroker) {
    return [
      ...files,
      `  This house uses a broker of yours, ${plainUrl}, which lets devices in by its own rules; these are for the embedded one.`,
    ];
  }
  const secure =
    secureUrl === undefined
      ? "  From the network it connects when the house was started with --lan."
      : `  It connects to ${secureUrl} with the client id ${thing}.`;
  const plain = `  On this machine ${plainUrl} takes it without a certificate.`;
  return [...files, secure, ...(plainUrl === undefined ? [] : [plain])];
};

await runCommand(async () => {
  const { values, positionals } = parseOptions();
  if (values.help) {
    print(USAGE);
    return 0;
  }
  const request = parseRequest(positionals, values);
  const place = parsePlace(values);
  const registry = await registryOf(values);
  try {
    const home = await readHomeRecords(registry, parseHomeId(values.home));
    const device = newDevice(home, request);
    const scene =
      place === undefined
        ? undefined
        : resolveName(place.scene, home.scenes, {
            noun: "scene",
            unknown: "SceneUnknown",
            next: "Give one of these to --scene.",
          });
    const next =
      place === undefined || scene === undefined
        ? undefined
        : withDevice(scene, device, place.want, place.stage, home.devices);
    const folder =
      values.out ?? join(values.data, values.aws ? "aws-devices" : "devices", device.thing);

    const secureUrl = await registry.secureUrl();
    const credentials = await registerDevice(registry, home.place.home, device, next, folder);
    if (values.json) {
      const urls = { secureUrl, plainUrl: registry.plainUrl };
      print(JSON.stringify({ device, ...credentials, ...urls }));
      return 0;
    }

    print(`${device.name} is added: a ${device.kind} in ${device.room}, thing ${device.thing}.`);
    if (!home.devices.some(({ room }) => room === device.room)) print(`  ${device.room} is new.`);
    if (next !== undefined && place !== undefined && isCommandable(device)) {
      const want = parseWantedState(device.kind, place.want, device.id, device);
      print(`  ${next.name} asks it for: ${describeWantedState(want)}.`);
    }
    for (const line of credentialLines(device.thing, credentials, registry, secureUrl)) print(line);
    return 0;
  } finally {
    registry.close();
  }
});
