import { SENSORS, type SensorKind } from "#domain/home/sensors.ts";
import type { Expose } from "./hub-device.ts";
import type { ZigbeeSense } from "./part.ts";

interface Sensed {
  readonly kind: SensorKind;
  /** The home's word is the other one: a contact that is closed is not open. */
  readonly isOpposite?: true;
}

// Zigbee2MQTT calls what a motion sensor sees occupancy, and what a presence sensor sees presence.
const SENSED: Readonly<Record<string, Sensed>> = {
  contact: { kind: "contact", isOpposite: true },
  occupancy: { kind: "motion" },
  presence: { kind: "occupancy" },
  temperature: { kind: "temperature" },
  local_temperature: { kind: "temperature" },
  humidity: { kind: "humidity" },
  illuminance: { kind: "illuminance" },
  illuminance_lux: { kind: "illuminance" },
  water_leak: { kind: "leak" },
  smoke: { kind: "smoke" },
  power: { kind: "power" },
  battery: { kind: "battery" },
};

/** What a device senses: each kind once, by the first property that tells it. */
export const sensesOf = (exposes: readonly Expose[]): readonly ZigbeeSense[] => {
  const found = new Map<SensorKind, ZigbeeSense>();
  for (const { name = "", property, valueOn = true } of exposes.flatMap(withFeatures)) {
    const sensed = Object.hasOwn(SENSED, name) ? SENSED[name] : undefined;
    if (sensed === undefined || property === undefined || found.has(sensed.kind)) continue;
    const { kind, isOpposite = false } = sensed;
    found.set(kind, {
      kind,
      property,
      value: (published) => {
        if (SENSORS[kind].type === "number") {
          return typeof published === "number" ? published : undefined;
        }
        return typeof published === typeof valueOn
          ? (published === valueOn) !== isOpposite
          : undefined;
      },
    });
  }
  return [...found.values()];
};

const withFeatures = (expose: Expose): readonly Expose[] => [expose, ...expose.features];
