import { type Device, type DeviceId, isCommandable } from "#domain/home/device.ts";
import { closestNames } from "#domain/home/names.ts";
import type { ReportedState } from "#domain/home/vocabulary.ts";
import { HomeError } from "#domain/home-error.ts";
import type { DeviceKey } from "#house/contract/device-link.ts";
import type { DeviceValues } from "#house/contract/device-values.ts";
import { type Fault, type Faults, refuseImpossibleFault } from "./faults.ts";
import { firstValues } from "./first-values.ts";
import { DEFAULT_SEED, seededLatencyMs } from "./latency.ts";
import { type SimulatedDevice, simulateDevice } from "./simulated-device.ts";
import { type SimulatedSensor, simulateSensor } from "./simulated-sensor.ts";
import { openStateFile, readStateFile, type StateFile } from "./state-file.ts";

/** What a house is started with. */
export interface HouseOptions {
  readonly mqttUrl: string;
  readonly devices: readonly Device[];
  /** By which a device signs in, where the broker asks for that. */
  keyOf?(device: Device): DeviceKey;
  /** How devices physically are at the very first start; the others start as their kind does. */
  readonly initial?: Readonly<Record<DeviceId, ReportedState>>;
  readonly faults?: Faults;
  /** The same seed gives every device the same latency. */
  readonly seed?: number;
  /** A JSON file through which the physical state of the devices survives a restart. */
  readonly statePath?: string;
  /** Chosen latencies, in milliseconds, in place of the seeded ones. */
  latencyMs?(device: Device): number;
  /** Told about trouble: a broker that is away, a message that cannot be read. */
  log?(line: string): void;
}

/** A house full of simulated devices, each an MQTT client of its own. Each member throws `DeviceUnknown` for an id it does not have. */
export interface House {
  /** What the device now reports: its capability's values and `online`. */
  reported(id: DeviceId): ReportedState;
  /** How long the device takes to answer, without a fade and without faults. */
  latencyMs(id: DeviceId): number;
  /** Gives a device a fault, or wakes it with undefined; what is then still wanted of it, it does. */
  setFault(id: DeviceId, fault: Fault | undefined): Promise<void>;
  /** Somebody uses a device by hand, e.g. `{"on": true}` on a lamp: it is so now, and reports it. */
  setByHand(id: DeviceId, values: DeviceValues): Promise<void>;
  /** A sensor senses something else now, e.g. `{"contact": {"open": true}}`. */
  sense(id: DeviceId, readings: ReportedState): Promise<void>;
  /** Ids of the commands that reached the device, each once, oldest first. */
  commandsReceived(id: DeviceId): readonly string[];
  /** Every device reports that it goes, and goes. */
  close(): Promise<void>;
}

const START_LIMIT_MS = 10_000;

/**
 * Starts all devices; resolves when each is connected and has reported.
 * @throws HomeError `EnvironmentInvalid` when the broker does not take them within 10 s, `RecordInvalid` when the state
 * file was damaged, `DeviceUnknown`, `StateInvalid` or `ArgumentsInvalid` for options that do not fit the devices.
 */
export const startHouse = async (options: HouseOptions): Promise<House> => {
  const { initial = {}, faults = {}, seed = DEFAULT_SEED, statePath } = options;
  const devices = options.devices.filter(isCommandable);
  const log = options.log ?? ((): void => {});
  for (const id of Object.keys(initial)) refuseUnknown(id, options.devices);
  for (const id of Object.keys(faults)) refuseUnknown(id, devices);
  for (const device of devices) refuseImpossibleFault(device, own(faults, device.id));
  const remembered = statePath === undefined ? undefined : await readStateFile(statePath, devices);

  let stateFile: StateFile | undefined;
  const lost = new Set<DeviceId>();
  const onLost = (id: DeviceId): void => {
    if (lost.size === 0) log(`the broker at ${options.mqttUrl} is away; trying again`);
    lost.add(id);
  };
  const onBack = (id: DeviceId): void => {
    if (lost.delete(id) && lost.size === 0) log("all devices are connected again");
  };
  const sensors = new Map<DeviceId, SimulatedSensor>(
    options.devices
      .filter((device) => !isCommandable(device))
      .map((device) => [
        device.id,
        simulateSensor({
          mqttUrl: options.mqttUrl,
          device,
          initial: own(initial, device.id),
          onLost: () => onLost(device.id),
          onBack: () => onBack(device.id),
          log,
        }),
      ]),
  );
  const simulated = new Map<DeviceId, SimulatedDevice>(
    devices.map((device) => [
      device.id,
      simulateDevice({
        mqttUrl: options.mqttUrl,
        device,
        deviceKey: options.keyOf?.(device),
        memory: remembered?.get(device.id) ?? {
          values: firstValues(device, own(initial, device.id)),
        },
        latencyMs: options.latencyMs?.(device) ?? seededLatencyMs(seed, device),
        fault: own(faults, device.id),
        onChange: () => stateFile?.save(),
        onLost: () => onLost(device.id),
        onBack: () => onBack(device.id),
        log,
      }),
    ]),
  );
  if (statePath !== undefined) {
    const memories = () =>
      Object.fromEntries(
        devices.flatMap(({ id, kind }) => {
          const device = simulated.get(id);
          return device === undefined ? [] : [[id, { kind, memory: device.memory() }]];
        }),
      );
    stateFile = openStateFile(statePath, memories, log);
    stateFile.save();
  }

  const everything = () => [...simulated.values(), ...sensors.values()];
  const close = async (): Promise<void> => {
    await Promise.all(everything().map((device) => device.stop()));
    await stateFile?.close();
  };
  try {
    await withinLimit(Promise.all(everything().map((device) => device.start())), options.mqttUrl);
  } catch (error) {
    await close();
    throw error;
  }

  const one = (id: DeviceId): SimulatedDevice => {
    const device = simulated.get(id);
    if (device === undefined) throw unknown(id, devices);
    return device;
  };
  let closing: Promise<void> | undefined;
  return {
    reported: (id) => (sensors.get(id) ?? one(id)).reported(),
    sense: async (id, readings) => {
      const sensor = sensors.get(id);
      if (sensor === undefined) throw unknown(id, options.devices);
      await sensor.sense(readings);
    },
    latencyMs: (id) => one(id).latencyMs,
    setByHand: async (id, values) => one(id).setByHand(values),
    setFault: async (id, fault) => one(id).setFault(fault),
    commandsReceived: (id) => one(id).commandsReceived(),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
};

const own = <T>(record: Readonly<Record<string, T>>, id: DeviceId): T | undefined =>
  Object.hasOwn(record, id) ? record[id] : undefined;

const unknown = (id: DeviceId, devices: readonly Device[]): HomeError => {
  const closest = closestNames(id, devices);
  const offer = closest.length > 0 ? ` Closest: ${closest.join(", ")}.` : "";
  return new HomeError("DeviceUnknown", `The house has no device "${id}".${offer}`, { closest });
};

const refuseUnknown = (id: DeviceId, devices: readonly Device[]): void => {
  if (!devices.some((device) => device.id === id)) throw unknown(id, devices);
};

const withinLimit = async (work: Promise<unknown>, mqttUrl: string): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const limit = `within ${START_LIMIT_MS / 1000} s`;
      reject(
        new HomeError(
          "EnvironmentInvalid",
          `The broker at ${mqttUrl} did not take all devices ${limit}. Is it running?`,
        ),
      );
    }, START_LIMIT_MS);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};
