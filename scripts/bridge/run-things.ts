import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Bridge } from "#bridges/core/bridge.ts";
import type { BridgeFile } from "#bridges/core/bridge-file.ts";
import { type RunningBridge, runBridge } from "#bridges/core/run-bridge.ts";
import { parseHomeId } from "#domain/home/home-id.ts";
import { type DeviceKey, openDeviceLink } from "#house/contract/device-link.ts";
import { Problem } from "../command/problem.ts";
import { readHomeRecords } from "../devices/home-records.ts";
import type { Registry } from "../devices/registry.ts";

/**
 * Keeps the things of a bridge's file, each by its own certificate where the house or the account asks for one.
 * @throws Problem for a device that the home does not have
 */
export const runThings = async (options: {
  readonly bridge: Bridge;
  readonly registry: Registry;
  readonly file: BridgeFile;
  readonly folder: string;
  log(line: string): void;
}): Promise<RunningBridge> => {
  const { bridge, registry, file, folder, log } = options;
  const home = await readHomeRecords(registry, parseHomeId(file.home));
  const devices = Object.entries(file.devices).map(([id, address]) => {
    const device = home.devices.find((one) => one.id === id);
    if (device !== undefined) return { device, address };
    throw new Problem(
      `The home has no device "${id}". Take it out of the bridge's file, or add it to the home.`,
    );
  });
  const secureUrl = await registry.secureUrl();
  const isSecure = secureUrl !== undefined && registry.isOwnBroker !== true;
  const url = isSecure ? secureUrl : registry.plainUrl;
  if (url === undefined) throw new Problem("Nothing takes devices there.");
  return runBridge({
    bridge,
    devices,
    openLink: (thing, events) =>
      openDeviceLink(url, thing, events, isSecure ? credentialsOf(join(folder, thing)) : undefined),
    log,
  });
};

const credentialsOf = (folder: string): DeviceKey => {
  try {
    return {
      key: readFileSync(join(folder, "private.key"), "utf8"),
      cert: readFileSync(join(folder, "certificate.pem"), "utf8"),
      ca: readFileSync(join(folder, "root-ca.pem"), "utf8"),
    };
  } catch (cause) {
    throw new Problem(`${folder} has no key and certificates of that thing.`, { cause });
  }
};
