import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { CommandableDevice, DeviceId } from "#domain/home/device.ts";
import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import type { DeviceMemory } from "#house/contract/contract-device.ts";
import { firstValues } from "./first-values.ts";

/** A file that follows the state of the devices. */
export interface StateFile {
  /** Something changed: it is written soon. */
  save(): void;
  /** Writes what is not yet written. */
  close(): Promise<void>;
}

// A scene changes many devices within milliseconds; one write for all of them.
const WRITE_DELAY_MS = 20;

/**
 * Reads what the devices remember; a file that does not exist holds nothing. Devices that have left the home, or are
 * of another kind now, are left out.
 * @throws HomeError `RecordInvalid` when the file was damaged, `StateInvalid` when a value cannot be.
 */
export const readStateFile = async (
  path: string,
  devices: readonly CommandableDevice[],
): Promise<ReadonlyMap<DeviceId, DeviceMemory>> => {
  const damaged = (cause?: unknown): HomeError =>
    new HomeError(
      "RecordInvalid",
      `${path} is damaged. Move it away, and the simulated devices start from their first state.`,
      { cause },
    );
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (isObject(error) && error.code === "ENOENT") return new Map();
    throw error;
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw damaged(error);
  }
  if (!isObject(content) || !isObject(content.devices)) throw damaged();
  const memories = new Map<DeviceId, DeviceMemory>();
  for (const device of devices) {
    if (!Object.hasOwn(content.devices, device.id)) continue;
    const entry = content.devices[device.id];
    if (!isObject(entry) || !isObject(entry.state)) throw damaged();
    if (!Object.hasOwn(entry.state, device.kind)) continue;
    memories.set(device.id, {
      values: firstValues(device, entry.state),
      ...(isObject(entry.lastAnswer) ? { lastAnswer: entry.lastAnswer } : {}),
    });
  }
  return memories;
};

/** Opens the file for writing: whole, beside the old one, and then in its place, so that it is never half. */
export const openStateFile = (
  path: string,
  memories: () => Readonly<
    Record<DeviceId, { readonly kind: string; readonly memory: DeviceMemory }>
  >,
  log: (line: string) => void,
): StateFile => {
  let isStale = false;
  let isClosing = false;
  let writing: Promise<void> | undefined;

  const write = async (): Promise<void> => {
    const devices = Object.fromEntries(
      Object.entries(memories()).map(([id, { kind, memory }]) => [
        id,
        {
          state: { [kind]: memory.values },
          ...(memory.lastAnswer === undefined ? {} : { lastAnswer: memory.lastAnswer }),
        },
      ]),
    );
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.tmp`, `${JSON.stringify({ devices }, null, 1)}\n`, { mode: 0o600 });
    await rename(`${path}.tmp`, path);
  };

  const writeAll = async (): Promise<void> => {
    while (isStale) {
      if (!isClosing) await pause(WRITE_DELAY_MS);
      isStale = false;
      try {
        await write();
      } catch (error) {
        log(`cannot write ${path}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    writing = undefined;
  };

  const save = (): void => {
    isStale = true;
    writing ??= writeAll();
  };

  return {
    save,
    close: async () => {
      isClosing = true;
      await writing;
    },
  };
};
