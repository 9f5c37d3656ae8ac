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
  return {
    status: "SUCCEEDED",
    reason: null,
    values: { ...unjammed(values), ...(isObject(wanted) ? wanted : {}) },
  };
};

/** The same values without `jammed`. */
export const unjammed = (values: DeviceValues): DeviceValues => {
  const { jammed: _, ...rest } = values;
  return rest;
};
