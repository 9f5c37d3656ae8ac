import type { CommandableDevice, DeviceId } from "#domain/home/device.ts";
import { closestNames, resolveName } from "#domain/home/names.ts";
import { HomeError } from "#domain/home-error.ts";

/** How a simulated device misbehaves. */
export type Fault =
  /** It receives, and neither acts nor answers. */
  | { readonly kind: "silent" }
  /** It takes so many milliseconds longer. */
  | { readonly kind: "slow"; readonly addedMs: number }
  /** It answers REJECTED. */
  | { readonly kind: "refuse" }
  /** It has reported that it is offline, and is not connected. */
  | { readonly kind: "offline" }
  /** It sends its acknowledgement twice. */
  | { readonly kind: "duplicate" }
  /** A lock or cover that cannot move: FAILED, JAMMED. */
  | { readonly kind: "jammed" }
  /** A lock or cover that does as asked, and so many milliseconds after its answer is back and jammed. */
  | { readonly kind: "springs_back"; readonly afterMs: number }
  /** It knows whole mireds, 254 steps of a percentage and half degrees, and reports what it made of a wish. */
  | { readonly kind: "coarse" };

/** The devices that misbehave. */
export type Faults = Readonly<Record<DeviceId, Fault>>;

const KINDS = [
  "silent",
  "slow:MS",
  "refuse",
  "offline",
  "duplicate",
  "jammed",
  "springs_back:MS",
  "coarse",
] as const;
const LONGEST_DELAY_MS = 600_000;

const wrong = (what: string, closest: readonly string[] = []): HomeError =>
  new HomeError("ArgumentsInvalid", what, { closest });

/**
 * Reads one fault, e.g. `silent` or `slow:3000`.
 * @throws HomeError `ArgumentsInvalid`, naming the known kinds.
 */
export const parseFault = (text: string): Fault => {
  const [kind = "", ...rest] = text.split(":");
  const argument = rest.length === 0 ? undefined : rest.join(":");
  if (kind === "slow" || kind === "springs_back") {
    const ms = /^\d{1,6}$/.test(argument ?? "") ? Number(argument) : Number.NaN;
    if (!(ms <= LONGEST_DELAY_MS)) {
      throw wrong(
        `The fault "${text}" needs whole milliseconds from 0 to ${LONGEST_DELAY_MS}, e.g. ${kind}:${kind === "slow" ? 3000 : 700}.`,
      );
    }
    return kind === "slow" ? { kind, addedMs: ms } : { kind, afterMs: ms };
  }
  switch (kind) {
    case "silent":
    case "refuse":
    case "offline":
    case "duplicate":
    case "jammed":
    case "coarse":
      if (argument !== undefined) {
        throw wrong(
          `The fault "${text}" must be just "${kind}"; only slow and springs_back take a number.`,
        );
      }
      return { kind };
    default: {
      const closest = closestNames(
        kind,
        KINDS.map((known) => ({ id: known, name: known.replace(":MS", ""), aliases: [] })),
      );
      const offer = closest[0] === undefined ? "" : ` Did you mean ${closest[0]}?`;
      throw wrong(`No fault is called "${text}".${offer} Known: ${KINDS.join(", ")}.`, closest);
    }
  }
};

/**
 * Reads `hall_lamp=silent,thermostat=slow:3000` for the devices of a home; the empty text is no fault.
 * @throws HomeError `DeviceUnknown` with the closest devices, or `ArgumentsInvalid`, naming what is wrong.
 */
export const parseFaults = (text: string, deviceIds: readonly DeviceId[]): Faults => {
  if (text.trim() === "") return {};
  const devices = deviceIds.map((id) => ({ id, name: id, aliases: [] }));
  const faults = new Map<DeviceId, Fault>();
  for (const entry of text.split(",").map((part) => part.trim())) {
    const [name, kind, ...more] = entry.split("=").map((part) => part.trim());
    if (name === undefined || name === "" || kind === undefined || kind === "" || more.length > 0) {
      throw wrong(`"${entry}" must be DEVICE=KIND; kinds: ${KINDS.join(", ")}.`);
    }
    const { id } = resolveName(name, devices, {
      noun: "device",
      unknown: "DeviceUnknown",
      next: `Write DEVICE=KIND with a device's id; kinds: ${KINDS.join(", ")}.`,
    });
    if (faults.has(id)) throw wrong(`${id} has two faults; give it one.`);
    faults.set(id, parseFault(kind));
  }
  return Object.fromEntries(faults);
};

/**
 * Refuses a fault that a device of its kind cannot have.
 * @throws HomeError `ArgumentsInvalid`, naming the device.
 */
export const refuseImpossibleFault = (
  device: Pick<CommandableDevice, "id" | "kind">,
  fault: Fault | undefined,
): void => {
  const isJam = fault?.kind === "jammed" || fault?.kind === "springs_back";
  if (isJam && device.kind !== "lock" && device.kind !== "cover") {
    throw wrong(`${device.id} is a ${device.kind} and cannot be jammed; locks and covers can.`);
  }
};
