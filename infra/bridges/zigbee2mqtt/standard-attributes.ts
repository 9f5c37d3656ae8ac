import type { Value } from "#domain/home/kinds/capability.ts";
import { hueAndSaturationOf } from "./color.ts";

// Zigbee Cluster Library Specification (07-5123), chapters 3 (general), 5 (lighting), 6 (HVAC), 7 (closures).

/** Where a device keeps what a field of the home means, and how it keeps it. */
export interface StandardRead {
  readonly cluster: string;
  readonly attributes: readonly number[];
  /** In Zigbee2MQTT's words, from the attributes' numbers in that order; undefined for what has none. */
  value(...numbers: readonly number[]): Value | undefined;
}

const one = (
  cluster: string,
  attribute: number,
  value: (number: number) => Value | undefined = (number) => number,
): StandardRead => ({
  cluster,
  attributes: [attribute],
  value: (number = Number.NaN) => value(number),
});

const SYSTEM_MODES: Readonly<Record<number, string>> = {
  0: "off",
  1: "auto",
  3: "cool",
  4: "heat",
  5: "emergency_heating",
  6: "precooling",
  7: "fan_only",
  8: "dry",
  9: "sleep",
};
const FAN_MODES = ["off", "low", "medium", "high", "on", "auto", "smart"] as const;
// The manufacturer's limit for "not known", which is no position.
const percent = (number: number): number | undefined => (number <= 100 ? number : undefined);
const X_AND_Y = [3, 4] as const;
const xy = (x: number, y: number) => hueAndSaturationOf({ x: x / 65536, y: y / 65536 });

export const ON_OFF = one("genOnOff", 0, (number) => (number === 1 ? "ON" : "OFF"));
export const LEVEL = one("genLevelCtrl", 0);
export const COLOR_TEMPERATURE = one("lightingColorCtrl", 7);
export const HUE: StandardRead = {
  cluster: "lightingColorCtrl",
  attributes: X_AND_Y,
  value: (x = 0, y = 0) => xy(x, y).hue,
};
export const SATURATION: StandardRead = {
  cluster: "lightingColorCtrl",
  attributes: X_AND_Y,
  value: (x = 0, y = 0) => xy(x, y).saturation,
};
/** Enhanced or not, hue and saturation have 254 steps. */
export const PLAIN_HUE = one("lightingColorCtrl", 0, (number) => (number / 254) * 360);
export const PLAIN_SATURATION = one("lightingColorCtrl", 1, (number) => (number / 254) * 100);
/** 0 is "not fully locked": the bolt is on its way, or stuck. */
export const LOCK_STATE = one("closuresDoorLock", 0, (number) =>
  number === 1 ? "LOCK" : number === 2 ? "UNLOCK" : undefined,
);
export const LIFT = one("closuresWindowCovering", 8, percent);
export const TILT = one("closuresWindowCovering", 9, percent);
export const HEATING_SETPOINT = one("hvacThermostat", 0x12, (number) => number / 100);
export const SYSTEM_MODE = one("hvacThermostat", 0x1c, (number) => SYSTEM_MODES[number]);
export const FAN_MODE = one("hvacFanCtrl", 0, (number) => FAN_MODES[number]);
