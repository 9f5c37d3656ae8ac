import { existsSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FoundDevice } from "#bridges/core/bridge.ts";
import type { BridgeFile } from "#bridges/core/bridge-file.ts";
import { parseHomeId } from "#domain/home/home-id.ts";
import { resolveName } from "#domain/home/names.ts";
import type { Scene } from "#domain/home/scene.ts";
import { withDevice } from "#domain/home/scene-devices.ts";
import { type DeviceKind, describeWantedState, parseWantedState } from "#domain/home/vocabulary.ts";
import { HomeError } from "#domain/home-error.ts";
import { spelt } from "#domain/printable.ts";
import { Problem } from "../command/problem.ts";
import { shellWord } from "../command/shell-word.ts";
import { readHomeRecords } from "../devices/home-records.ts";
import { registerDevice } from "../devices/register-device.ts";
import type { Registry } from "../devices/registry.ts";
import { joiningDevice } from "./joining-device.ts";

/** What is to be added, and where to. */
export interface Addition {
  readonly registry: Registry;
  readonly file: BridgeFile;
  readonly path: string;
  readonly folder: string;
  /** Names at the hub; ALL means each that can be added and is not. */
  readonly names: readonly string[];
  /** What the one that is added is called at the home, where that is not as at the hub. */
  readonly as?: string;
  readonly room?: string;
  readonly scene?: string;
  readonly stage?: string;
  /** The command line without --add. */
  readonly command: string;
  print(line: string): void;
}

/** What a house at rest asks of a kind; the others are left as they are. */
const AT_REST: Partial<Record<DeviceKind, object>> = {
  light: { light: { on: false } },
  plug: { plug: { on: false } },
  lock: { lock: { locked: true } },
  cover: { cover: { position: 0 } },
  climate: { climate: { mode: "heat", targetC: 17 } },
  fan: { fan: { on: false } },
};

/**
 * Registers devices of a hub, has a scene ask them, and writes whose they are into the bridge's file. Resolves with how
 * many of ALL could not be added, each of which is told.
 */
export const addFound = async (
  found: readonly FoundDevice[],
  addition: Addition,
): Promise<number> => {
  const { registry, folder, names, as, command, print } = addition;
  if (as !== undefined && (names.length > 1 || names.includes("ALL"))) {
    throw new Problem(
      "--as is the name of one device; name that one with --add. Nothing was changed.",
    );
  }
  let { file } = addition;
  let left = 0;
  for (const device of chosen(found, addition)) {
    const { capabilities } = device;
    if (capabilities === undefined) continue;
    const { kind } = capabilities;
    const home = await readHomeRecords(registry, parseHomeId(file.home));
    const joining = joiningDevice(home, device, capabilities, addition);
    if (joining instanceof HomeError) {
      if (!names.includes("ALL")) throw joining;
      left += 1;
      print(
        `${device.name} is not added: ${joining.message} Under another name: ${command} --add ${shellWord(device.address)} --as NAME`,
      );
      continue;
    }
    const want = kind === "sensor" ? undefined : AT_REST[kind];
    const scene =
      addition.scene === undefined || want === undefined
        ? undefined
        : withDevice(
            sceneOf(addition.scene, home.scenes),
            joining,
            want,
            addition.stage,
            home.devices,
          );
    await registerDevice(registry, home.place.home, joining, scene, join(folder, joining.thing));
    file = { ...file, devices: { ...file.devices, [joining.id]: device.address } };
    writeBridgeFile(addition.path, file);
    const asked =
      scene === undefined || kind === "sensor"
        ? ""
        : `; ${scene.name} asks it for: ${describeWantedState(parseWantedState(kind, want, joining.id))}`;
    print(`${joining.name} is added: a ${kind} in ${joining.room}, ${joining.id}${asked}.`);
  }
  return left;
};

const sceneOf = (name: string, scenes: readonly Scene[]): Scene =>
  resolveName(name, scenes, {
    noun: "scene",
    unknown: "SceneUnknown",
    next: "Give one of these to --scene.",
  });

const chosen = (
  found: readonly FoundDevice[],
  { names, file }: Addition,
): readonly FoundDevice[] => {
  const taken = new Set(Object.values(file.devices));
  const free = found.filter(
    ({ address, capabilities, trouble }) =>
      capabilities !== undefined && trouble === undefined && !taken.has(address),
  );
  if (names.includes("ALL")) return free;
  return names.map((name) => {
    const one = free.find((device) => device.name === name || device.address === name);
    if (one !== undefined) return one;
    throw new Problem(
      `The hub has no device "${spelt(name)}" that can be added; it has ${free.map((each) => spelt(each.name)).join(", ") || "none"}. Nothing was changed.`,
    );
  });
};

const writeBridgeFile = (path: string, file: BridgeFile): void => {
  const beside = `${path}.new`;
  if (existsSync(beside))
    throw new Problem(`${beside} is in the way; somebody else is writing. Nothing was changed.`);
  writeFileSync(beside, `${JSON.stringify(file, null, 2)}\n`, { flag: "wx" });
  renameSync(beside, path);
};
