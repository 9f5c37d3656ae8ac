import type { Device } from "#domain/home/device.ts";
import { SENSORS, type SensorKind } from "#domain/home/sensors.ts";
import type { ReportedState } from "#domain/home/vocabulary.ts";
import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import { type DeviceLink, openDeviceLink } from "#house/contract/device-link.ts";

/** One simulated sensor: it reports, and is never commanded. */
export interface SimulatedSensor {
  reported(): ReportedState;
  /** Connects and reports. */
  start(): Promise<void>;
  /** It senses something else now, e.g. `{"contact": {"open": true}}`, and reports it. */
  sense(readings: ReportedState): Promise<void>;
  stop(): Promise<void>;
}

const AT_FIRST: Readonly<Record<SensorKind, boolean | number>> = {
  contact: false,
  motion: false,
  occupancy: false,
  temperature: 20,
  humidity: 45,
  illuminance: 100,
  leak: false,
  smoke: false,
  power: 0,
  battery: 100,
};

/**
 * Makes a sensor that senses what is given, and else what its kind does when nothing happens.
 * @throws HomeError `StateInvalid` for a reading that it cannot have
 */
export const simulateSensor = (options: {
  readonly mqttUrl: string;
  readonly device: Device;
  readonly initial?: ReportedState | undefined;
  onLost(): void;
  onBack(): void;
  log(line: string): void;
}): SimulatedSensor => {
  const { device, initial = {} } = options;
  const senses = device.senses ?? [];
  let readings = parseReadings(device, {
    ...Object.fromEntries(senses.map((kind) => [kind, { [SENSORS[kind].field]: AT_FIRST[kind] }])),
    ...initial,
  });
  let link: DeviceLink | undefined;
  let wasLost = false;
  const first = Promise.withResolvers<void>();

  return {
    reported: () => ({ ...readings, online: link !== undefined }),
    start: () => {
      link = openDeviceLink(options.mqttUrl, device.thing, {
        onReady: () => {
          if (wasLost) options.onBack();
          wasLost = false;
          link?.report({ ...readings, online: true }).then(first.resolve, (error: Error) => {
            options.log(`${device.id}: not reported, ${error.message}`);
          });
        },
        onLost: () => {
          wasLost = true;
          options.onLost();
        },
        onDelta: () => options.log(`${device.id}: it is a sensor, and was commanded`),
        onShadow: () => {},
        onTrouble: (what) => options.log(`${device.id}: ${what}`),
      });
      return first.promise;
    },
    sense: async (next) => {
      readings = parseReadings(device, { ...readings, ...next });
      await link?.report({ ...readings, online: true });
    },
    stop: async () => {
      await link?.close({ online: false });
      link = undefined;
    },
  };
};

const parseReadings = (device: Device, readings: ReportedState): ReportedState => {
  for (const [kind, reading] of Object.entries(readings)) {
    const own = device.senses?.find((one) => one === kind);
    const { field = "", type } = own === undefined ? {} : SENSORS[own];
    if (own !== undefined && isObject(reading) && typeof reading[field] === type) continue;
    throw new HomeError(
      "StateInvalid",
      `${device.id} senses ${(device.senses ?? []).join(", ")}; it cannot report ${JSON.stringify({ [kind]: reading })}.`,
    );
  }
  return readings;
};
