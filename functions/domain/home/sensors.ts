import { isObject } from "#domain/json.ts";

// What reports and is never commanded. Matter's clusters: Matter 1.6 Application Cluster Specification, chapter 2.

/** What a device can sense; a key under `state.reported`, as a capability is. */
export type SensorKind =
  | "contact"
  | "motion"
  | "occupancy"
  | "temperature"
  | "humidity"
  | "illuminance"
  | "leak"
  | "smoke"
  | "power"
  | "battery";

/** What a sensor reports, and how that is said. */
export interface Sensor {
  /** Null where Matter has none. */
  readonly matter: string | null;
  /** The one value under its key, e.g. `{"contact": {"open": true}}`. */
  readonly field: string;
  readonly type: "boolean" | "number";
  readonly unit?: string;
  /** For yes and no: what either is called. */
  readonly words?: readonly [yes: string, no: string];
}

export const SENSORS: Readonly<Record<SensorKind, Sensor>> = {
  contact: {
    matter: "BooleanState 0x0045",
    field: "open",
    type: "boolean",
    words: ["open", "closed"],
  },
  motion: {
    matter: "OccupancySensing 0x0406",
    field: "detected",
    type: "boolean",
    words: ["motion", "no motion"],
  },
  occupancy: {
    matter: "OccupancySensing 0x0406",
    field: "detected",
    type: "boolean",
    words: ["occupied", "nobody there"],
  },
  temperature: {
    matter: "TemperatureMeasurement 0x0402",
    field: "celsius",
    type: "number",
    unit: "°C",
  },
  humidity: {
    matter: "RelativeHumidityMeasurement 0x0405",
    field: "percent",
    type: "number",
    unit: "%",
  },
  illuminance: {
    matter: "IlluminanceMeasurement 0x0400",
    field: "lux",
    type: "number",
    unit: "lx",
  },
  leak: {
    matter: "BooleanState 0x0045",
    field: "detected",
    type: "boolean",
    words: ["water", "dry"],
  },
  smoke: {
    matter: "SmokeCoAlarm 0x005C",
    field: "detected",
    type: "boolean",
    words: ["smoke", "no smoke"],
  },
  power: {
    matter: "ElectricalPowerMeasurement 0x0090",
    field: "watts",
    type: "number",
    unit: "W",
  },
  battery: { matter: "PowerSource 0x002F", field: "percent", type: "number", unit: "%" },
};

/** All kinds of sensors, in the order of the table. */
export const SENSOR_KINDS = Object.keys(SENSORS) as readonly SensorKind[];

/** Is this text the name of a kind of sensor? */
export const isSensorKind = (text: unknown): text is SensorKind =>
  typeof text === "string" && Object.hasOwn(SENSORS, text);

/** What a sensor reports in a few words, e.g. `open` or `21.5 °C`; undefined for what it has not reported. */
export const describeReading = (kind: SensorKind, reported: unknown): string | undefined => {
  const { field, words, unit } = SENSORS[kind];
  const value = isObject(reported) ? reported[field] : undefined;
  if (typeof value === "boolean") return words?.[value ? 0 : 1];
  return typeof value === "number" ? `${value} ${unit ?? ""}`.trim() : undefined;
};
