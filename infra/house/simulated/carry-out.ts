import type { CommandableDevice } from "#domain/home/device.ts";
import { isObject } from "#domain/json.ts";
import { type Answer, answerToUnfit } from "#house/contract/answer.ts";
import type { Order } from "#house/contract/command-inbox.ts";
import type { DeviceValues } from "#house/contract/device-values.ts";
import type { Fault } from "./faults.ts";

/** How long the device is at it: its latency, what a fault adds, and a dimmer's fade. */
export const actingTimeMs = (
  device: Pick<CommandableDevice, "kind">,
  order: Order,
  latencyMs: number,
  fault: Fault | undefined,
): number => {
  const light = device.kind === "light" ? order.wanted.light : undefined;
  // A lamp without brightness switches; a dimmer fades, also when it goes out.
  const isDimmer = isObject(light) && Object.hasOwn(light, "brightness");
  const fadeMs = isDimmer ? (order.header?.transitionSeconds ?? 0) * 1000 : 0;
  return latencyMs + fadeMs + (fault?.kind === "slow" ? fault.addedMs : 0);
};

/** Acts as the imagined device would, in its fault: the answer, with the values that it then has. */
export const carryOut = (
  device: Pick<CommandableDevice, "id" | "kind">,
  values: DeviceValues,
  order: Order,
  fault: Fault | undefined,
): Answer => {
  if (fault?.kind === "refuse") return { status: "REJECTED", reason: "LOCAL_OVERRIDE", values };
  if (fault?.kind === "jammed") {
    return { status: "FAILED", reason: "JAMMED", values: { ...values, jammed: true } };
  }
  const unfit = answerToUnfit(device, order, values);
  if (unfit !== undefined) return unfit;
  const wanted = order.wanted[device.kind];
  const taken = isObject(wanted) ? wanted : {};
  return {
    status: "SUCCEEDED",
    reason: null,
    values: { ...unjammed(values), ...(fault?.kind === "coarse" ? coarsely(taken) : taken) },
  };
};

// Zigbee's LevelControl and ColorControl, and a thermostat that turns by half degrees.
const STEPS: Readonly<Record<string, (value: number) => number>> = {
  brightness: (percent) => Math.round((Math.round((percent / 100) * 254) / 254) * 100),
  colorTempK: (kelvin) => Math.round(1_000_000 / Math.round(1_000_000 / kelvin)),
  hue: (degrees) => (Math.round((degrees / 360) * 254) / 254) * 360,
  saturation: (percent) => (Math.round((percent / 100) * 254) / 254) * 100,
  targetC: (celsius) => Math.round(celsius * 2) / 2,
};

const coarsely = (wanted: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(wanted).map(([name, value]) => {
      const step = Object.hasOwn(STEPS, name) ? STEPS[name] : undefined;
      return [name, typeof value === "number" && step !== undefined ? step(value) : value];
    }),
  );

/** The same values without `jammed`. */
export const unjammed = (values: DeviceValues): DeviceValues => {
  const { jammed: _, ...rest } = values;
  return rest;
};
