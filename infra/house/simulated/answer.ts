import type { Device } from "#domain/home/device.ts";
import { parseWantedState } from "#domain/home/vocabulary.ts";
import { HomeError } from "#domain/home-error.ts";
import { isObject } from "#domain/json.ts";
import type { CommandStatus } from "#domain/run/command.ts";
import type { Order } from "#house/contract/command-inbox.ts";
import { type DeviceValues, unjammed } from "#house/contract/device-values.ts";
import type { Fault } from "./faults.ts";

/** How a device answers a command, and its values afterwards. */
export interface Answer {
  readonly status: CommandStatus;
  /** Upper-case words, as in the reason codes of AWS IoT Commands; null on success. */
  readonly reason: string | null;
  readonly values: DeviceValues;
  /** For the log: what a reason word cannot say. */
  readonly detail?: string;
}

/** The answer to a command that is not even begun: one that cannot be read, or whose time is over. */
export const answerAtOnce = (
  order: Order,
  values: DeviceValues,
  nowMs: number,
): Answer | undefined => {
  if (order.header === undefined) return { status: "FAILED", reason: "COMMAND_INVALID", values };
  // "After `expiresAt`" (your-own-device.md, "What a device promises"): within that second it is still good.
  if (nowMs / 1000 > order.header.expiresAt)
    return { status: "REJECTED", reason: "EXPIRED", values };
  return undefined;
};

/** How long the device is at it: its latency, what a fault adds, and a dimmer's fade. */
export const actingTimeMs = (
  device: Pick<Device, "kind">,
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

/** Acts: the answer, with the values that the device then has. */
export const carryOut = (
  device: Pick<Device, "id" | "kind">,
  values: DeviceValues,
  order: Order,
  fault: Fault | undefined,
): Answer => {
  if (fault?.kind === "refuse") return { status: "REJECTED", reason: "LOCAL_OVERRIDE", values };
  if (fault?.kind === "jammed") {
    return { status: "FAILED", reason: "JAMMED", values: { ...values, jammed: true } };
  }
  try {
    parseWantedState(device.kind, order.wanted, device.id);
  } catch (error) {
    if (!(error instanceof HomeError)) throw error;
    return { status: "FAILED", reason: "INVALID_STATE", values, detail: error.message };
  }
  const wanted = order.wanted[device.kind];
  return {
    status: "SUCCEEDED",
    reason: null,
    values: { ...unjammed(values), ...(isObject(wanted) ? wanted : {}) },
  };
};
