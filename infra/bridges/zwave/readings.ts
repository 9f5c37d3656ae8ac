import { SENSOR_KINDS, SENSORS, type SensorKind } from "#domain/home/sensors.ts";
import type { ReportedState } from "#domain/home/vocabulary.ts";
import type { NodeValue, ZwaveNode } from "./server/node.ts";

/** What a value of a node senses, and how it says so. */
interface Sense {
  readonly kind: SensorKind;
  isSensedBy(value: NodeValue): boolean;
  /** Undefined for what says nothing of it. */
  reading(value: NodeValue): boolean | number | undefined;
}

// https://zwave-js.github.io/zwave-js/#/api/CCs/Notification; types and events in Z-Wave's notification registry
const NOTIFICATION = 113;
const BINARY_SENSOR = 48;
const MULTILEVEL_SENSOR = 49;
const METER = 50;
const BATTERY = 128;
const IDLE = 0;

const number = ({ value }: NodeValue): number | undefined =>
  typeof value === "number" ? value : undefined;

/** A notification whose variable names one of these events, or is idle. */
const notified = (
  kind: SensorKind,
  type: string,
  variable: string,
  yes: readonly number[],
  no: readonly number[] = [IDLE],
): Sense => ({
  kind,
  isSensedBy: ({ commandClass, property, propertyKey }) =>
    commandClass === NOTIFICATION && property === type && propertyKey === variable,
  reading: ({ value }) =>
    typeof value !== "number"
      ? undefined
      : yes.includes(value)
        ? true
        : no.includes(value)
          ? false
          : undefined,
});

/** The older Binary Sensor, by its type's name. */
const binary = (kind: SensorKind, type: string): Sense => ({
  kind,
  isSensedBy: ({ commandClass, property }) => commandClass === BINARY_SENSOR && property === type,
  reading: ({ value }) => (typeof value === "boolean" ? value : undefined),
});

const measured = (
  kind: SensorKind,
  commandClass: number,
  isMeant: (value: NodeValue) => boolean,
  reading: (value: NodeValue) => number | undefined = number,
): Sense => ({
  kind,
  isSensedBy: (value) => value.commandClass === commandClass && isMeant(value),
  reading,
});

const inCelsius = (value: NodeValue): number | undefined => {
  const told = number(value);
  if (told === undefined || value.unit !== "°F") return told;
  return Math.round(((told - 32) * 50) / 9) / 10;
};

// In this order: where a node senses something in two ways, the first counts.
const SENSES: readonly Sense[] = [
  notified("contact", "Access Control", "Door state (simple)", [22], [23, IDLE]),
  notified("contact", "Access Control", "Door state", [22, 5632, 5633], [23, IDLE]),
  binary("contact", "Door/Window"),
  notified("motion", "Home Security", "Motion sensor status", [7, 8]),
  binary("motion", "Motion"),
  notified("leak", "Water Alarm", "Sensor status", [1, 2]),
  binary("leak", "Water"),
  notified("smoke", "Smoke Alarm", "Sensor status", [1, 2]),
  binary("smoke", "Smoke"),
  measured(
    "temperature",
    MULTILEVEL_SENSOR,
    ({ property }) => property === "Air temperature",
    inCelsius,
  ),
  measured(
    "humidity",
    MULTILEVEL_SENSOR,
    ({ property, unit }) => property === "Humidity" && unit === "%",
  ),
  measured(
    "illuminance",
    MULTILEVEL_SENSOR,
    ({ property, unit }) => property === "Illuminance" && unit === "Lux",
  ),
  measured(
    "power",
    MULTILEVEL_SENSOR,
    ({ property, unit }) => property === "Power" && unit === "W",
  ),
  measured("power", METER, ({ property, unit }) => property === "value" && unit === "W"),
  measured("battery", BATTERY, ({ property }) => property === "level"),
];

/** What a node senses at these endpoints. */
export const sensesOf = (node: ZwaveNode, endpoints: readonly number[]): readonly SensorKind[] => {
  const found = new Set(sensed(node, endpoints).map(({ sense }) => sense.kind));
  return SENSOR_KINDS.filter((kind) => found.has(kind));
};

/** What it has sensed last, as a device reports it: `{"contact":{"open":true}}`. */
export const readingsOf = (node: ZwaveNode, endpoints: readonly number[]): ReportedState => {
  const readings: Record<string, Readonly<Record<string, boolean | number>>> = {};
  for (const { sense, value } of sensed(node, endpoints)) {
    const reading = sense.reading(value);
    if (reading === undefined || Object.hasOwn(readings, sense.kind)) continue;
    readings[sense.kind] = { [SENSORS[sense.kind].field]: reading };
  }
  return readings;
};

const sensed = (
  node: ZwaveNode,
  endpoints: readonly number[],
): readonly { readonly sense: Sense; readonly value: NodeValue }[] => {
  const own = [...node.values.values()].filter(({ endpoint }) => endpoints.includes(endpoint));
  return SENSES.flatMap((sense) =>
    own.filter((value) => sense.isSensedBy(value)).map((value) => ({ sense, value })),
  );
};
