import type { CommandableDevice } from "#domain/home/device.ts";
import { parseWantedState } from "#domain/home/vocabulary.ts";
import { HomeError } from "#domain/home-error.ts";
import type { CommandStatus } from "#domain/run/command.ts";
import type { Order } from "./command-inbox.ts";
import type { DeviceValues } from "./device-values.ts";

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

/** The answer to a command for a value, field or capability that no device of the kind can have; an actuator asks before it acts. */
export const answerToUnfit = (
  device: Pick<CommandableDevice, "id" | "kind">,
  order: Order,
  values: DeviceValues,
): Answer | undefined => {
  try {
    parseWantedState(device.kind, order.wanted, device.id);
    return undefined;
  } catch (error) {
    if (!(error instanceof HomeError)) throw error;
    return { status: "FAILED", reason: "INVALID_STATE", values, detail: error.message };
  }
};
