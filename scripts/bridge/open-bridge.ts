import { readFileSync } from "node:fs";
import type { Bridge } from "#bridges/core/bridge.ts";
import type { BridgeFile } from "#bridges/core/bridge-file.ts";
import { zigbee2mqtt } from "#bridges/zigbee2mqtt/zigbee2mqtt.ts";
import { zwaveBridge } from "#bridges/zwave/zwave-bridge.ts";
import { Problem } from "../command/problem.ts";

/** A hub that there is a bridge to, and what stands in the bridge's way there. */
export interface OpenedBridge {
  readonly bridge: Bridge;
  inTheWay(): readonly string[];
}

/** The hubs that there is a bridge to. */
export const HUBS = ["zigbee2mqtt", "zwave"] as const;

/** The file of the bridge to a hub, where none is named: an address of one hub means nothing to another. */
export const fileOf = (hub: string | undefined): string =>
  hub === "zwave" ? "zwave.json" : "bridge.json";

/**
 * Opens the bridge to a hub.
 * @throws Problem for a hub that there is none to, or a password that cannot be read
 */
export const openBridge = (hub: string | undefined, file: BridgeFile): OpenedBridge => {
  if (hub === "zigbee2mqtt") {
    const { url, baseTopic, username } = file;
    const password = passwordOf(file);
    const bridge = zigbee2mqtt({
      url,
      baseTopic,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
    });
    return { bridge, inTheWay: bridge.inTheWay };
  }
  if (hub === "zwave") {
    const bridge = zwaveBridge(file.url);
    return { bridge, inTheWay: bridge.inTheWay };
  }
  throw new Problem(`Name the hub: npm run bridge -- ${HUBS.join("|")} --config FILE`);
};

const passwordOf = ({ passwordFile }: BridgeFile): string | undefined => {
  if (passwordFile === undefined) return undefined;
  try {
    return readFileSync(passwordFile, "utf8").trim();
  } catch (cause) {
    throw new Problem(`The password's file ${passwordFile} cannot be read.`, { cause });
  }
};
