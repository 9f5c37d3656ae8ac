// The simulated home as a process: `node infra/house/simulated/main.ts --mqtt mqtt://127.0.0.1:1883 --home infra/house/demo-home.json --home-id home`.
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { parseHome } from "#domain/home/home.ts";
import { parseHomeId } from "#domain/home/home-id.ts";
import { parseThingPrefix } from "#domain/home/home-place.ts";
import type { ReportedState } from "#domain/home/vocabulary.ts";
import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import type { DeviceKey } from "#house/contract/device-link.ts";
import { type Fault, parseFault, parseFaults } from "./faults.ts";
import { type House, startHouse } from "./house.ts";

const PARENT_CHECK_MS = 500;
const LONGEST_CLOSE_MS = 1500;

/** Reads the first states out of a home file: `{"initial": {"hall_lamp": {"light": {"on": true}}}}`. */
const parseInitial = (home: unknown): Readonly<Record<string, ReportedState>> => {
  const initial = isObject(home) ? (home.initial ?? {}) : {};
  if (!isObject(initial) || !Object.values(initial).every(isObject)) {
    throw new HomeError("StateInvalid", "A home's initial must give an object for each device.");
  }
  return initial as Readonly<Record<string, ReportedState>>;
};

const parseSeed = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) {
    throw new HomeError("ArgumentsInvalid", `--seed must be a whole number; got "${text}".`);
  }
  return Number(text);
};

const parseOptions = () => {
  try {
    return parseArgs({
      options: {
        mqtt: { type: "string" },
        home: { type: "string" },
        "home-id": { type: "string" },
        "thing-prefix": { type: "string", default: "" },
        keys: { type: "string" },
        state: { type: "string" },
        faults: { type: "string", default: "" },
        seed: { type: "string" },
      },
    }).values;
  } catch (cause) {
    throw new HomeError("ArgumentsInvalid", cause instanceof Error ? cause.message : "", { cause });
  }
};

const readHomeFile = async (path: string): Promise<unknown> => {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new HomeError("RecordInvalid", `The home file ${path} cannot be read: ${why}`, { cause });
  }
};

/** What `npm run add-device` wrote for a thing: `private.key` and `certificate.pem` in a folder of its name. */
const readKey = (folder: string, thing: string): DeviceKey => {
  const read = (file: string): string => {
    const path = join(folder, thing, file);
    try {
      return readFileSync(path, "utf8");
    } catch (cause) {
      const why = `The key of ${thing} cannot be read: ${path}. Is it registered from this folder?`;
      throw new HomeError("EnvironmentInvalid", why, { cause });
    }
  };
  return { key: read("private.key"), cert: read("certificate.pem") };
};

/** A process starts faster than its broker: where it has a parent and no --mqtt, it waits to be told. */
interface Connect {
  readonly type: "connect";
  readonly mqtt: string;
}

const isConnect = (message: unknown): message is Connect =>
  isObject(message) && message.type === "connect" && typeof message.mqtt === "string";

const hasParentChannel = process.send !== undefined;
const told = Promise.withResolvers<string>();

const start = async (): Promise<{ readonly house: House; readonly devices: number }> => {
  const options = parseOptions();
  const { mqtt = hasParentChannel ? told.promise : undefined, home } = options;
  if (mqtt === undefined || home === undefined || options["home-id"] === undefined) {
    throw new HomeError(
      "ArgumentsInvalid",
      "Usage: node infra/house/simulated/main.ts --mqtt URL --home FILE --home-id HOME [--thing-prefix PREFIX] [--keys FOLDER] [--state FILE] [--faults DEVICE=KIND,...] [--seed N]",
    );
  }
  const content = await readHomeFile(home);
  const { devices } = parseHome(content, {
    home: parseHomeId(options["home-id"]),
    thingPrefix: parseThingPrefix(options["thing-prefix"]),
  });
  const ids = devices.map((device) => device.id);
  const { keys } = options;
  const house = await startHouse({
    mqttUrl: await mqtt,
    devices,
    ...(keys === undefined ? {} : { keyOf: ({ thing }) => readKey(keys, thing) }),
    initial: parseInitial(content),
    faults: parseFaults(options.faults, ids),
    ...(options.seed === undefined ? {} : { seed: parseSeed(options.seed) }),
    ...(options.state === undefined ? {} : { statePath: options.state }),
    log: (line) => process.stderr.write(`house: ${line}\n`),
  });
  return { house, devices: devices.length };
};

/** What a parent may ask beside `{type: "close"}`: a fault as in --faults, or none to wake the device. */
interface SetFault {
  readonly type: "setFault";
  readonly device: string;
  readonly fault: Fault | undefined;
}

const parseRequest = (message: unknown): SetFault => {
  if (isObject(message) && message.type === "setFault" && typeof message.device === "string") {
    const { type, device, fault = null } = message;
    if (fault === null) return { type, device, fault: undefined };
    if (typeof fault === "string") return { type, device, fault: parseFault(fault) };
  }
  throw new HomeError("ArgumentsInvalid", `The house does not know ${JSON.stringify(message)}.`);
};

const tellParent = (message: Readonly<Record<string, unknown>>): void => {
  if (process.connected) process.send?.(message);
};

const messageOf = (error: unknown): string => {
  if (error instanceof HomeError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
};

const started = start();
let isReady = false;
let isEnding = false;

const end = (): void => {
  if (isEnding) return;
  isEnding = true;
  // A house that is not complete yet is not waited for; the last wills of its devices say that they are gone.
  if (!isReady) process.exit(0);
  const closed = started.then(({ house }) => house.close());
  void Promise.race([closed, pause(LONGEST_CLOSE_MS)])
    .catch(() => {})
    .finally(() => process.exit(0));
};

// Ctrl-C goes to the whole process group: a parent hears it too, and closes this process when its turn comes.
process.on("SIGINT", hasParentChannel ? () => {} : end);
process.on("SIGTERM", end);
process.on("SIGHUP", end);
if (hasParentChannel) process.on("disconnect", end);
else {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) end();
  }, PARENT_CHECK_MS).unref();
}

const carryOutRequest = async (message: unknown): Promise<void> => {
  try {
    const request = parseRequest(message);
    const { house } = await started;
    await house.setFault(request.device, request.fault);
    tellParent({ type: "faultSet", device: request.device });
  } catch (error) {
    tellParent({ type: "refused", message: messageOf(error) });
  }
};

// One after the other, so that a device that is silenced and woken again ends up awake.
let requests = Promise.resolve();
process.on("message", (message) => {
  if (isObject(message) && message.type === "close") end();
  else if (isConnect(message)) told.resolve(message.mqtt);
  else requests = requests.then(() => carryOutRequest(message));
});

try {
  const { devices } = await started;
  isReady = true;
  process.stdout.write(`house ready: ${devices} devices\n`);
  tellParent({ type: "ready" });
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
}
