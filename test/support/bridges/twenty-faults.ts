/** How a device fared, as a run tells. */
export interface Fared {
  readonly outcome?: unknown;
  readonly reason?: unknown;
}

/** One thing that goes wrong with real devices, and the words that a bridge must have for it. */
export interface BridgeFault {
  readonly fault: FaultName;
  readonly promise: string;
  readonly outcomes: readonly string[];
  /** None where it is absent. */
  readonly reason?: string | RegExp;
}

/** Is a reason the one that the fault must have? */
export const fitsReason = (
  { reason: expected }: { readonly fault: string; readonly reason?: string | RegExp },
  reason: unknown,
): boolean => (expected instanceof RegExp ? expected.test(String(reason)) : reason === expected);

/**
 * What any bridge is tried with: its test gives a scenario for each, which makes it so, runs a scene through the gateway,
 * mends it, and says how the device fared. What a hub cannot have is left out, and skipped visibly.
 */
export type FaultScenarios = Partial<Readonly<Record<FaultName, () => Promise<Fared>>>>;

export const TWENTY_FAULTS = [
  {
    fault: "power cut",
    promise: "a device without power is offline",
    outcomes: ["offline"],
    reason: "UNREACHABLE",
  },
  {
    fault: "asleep",
    promise: "a device that sleeps is offline, and does nothing when it wakes",
    outcomes: ["offline"],
    reason: "UNREACHABLE",
  },
  {
    fault: "mute",
    promise: "a device that hears and never answers is offline when its time is over",
    outcomes: ["offline"],
    reason: "UNREACHABLE",
  },
  {
    fault: "ignores",
    promise: "a device that takes a command and does nothing is not as asked",
    outcomes: ["refused"],
    reason: "NOT_AS_ASKED",
  },
  {
    fault: "refuses",
    promise: "a device that says no is refused in its own word",
    outcomes: ["refused"],
    reason: "DEVICE_REFUSED",
  },
  {
    fault: "refuses again",
    promise: "the same refusal a second time is told, though a hub may say it once",
    outcomes: ["refused"],
    reason: "DEVICE_REFUSED",
  },
  {
    fault: "bolt stuck",
    promise: "a bolt between its ends is jammed",
    outcomes: ["refused"],
    reason: "JAMMED",
  },
  {
    fault: "blind stuck",
    promise: "a blind that does not move is jammed",
    outcomes: ["refused"],
    reason: "JAMMED",
  },
  {
    fault: "report lost",
    promise: "a device whose report is lost is confirmed by reading it",
    outcomes: ["confirmed"],
  },
  {
    fault: "slow",
    promise: "a device that is slow is confirmed as long as somebody waits",
    outcomes: ["confirmed"],
  },
  {
    fault: "by hand before",
    promise: "a lamp that was switched by hand, unseen, is not already there",
    outcomes: ["confirmed"],
  },
  {
    fault: "by hand meanwhile",
    promise: "a lamp that somebody switches back while it is told is not as asked",
    outcomes: ["refused"],
    reason: "NOT_AS_ASKED",
  },
  {
    fault: "beyond its range",
    promise: "a value that the device cannot have is refused before it is told anything",
    outcomes: ["refused"],
    reason: "INVALID_STATE",
  },
  {
    fault: "removed",
    promise: "a device that was taken out of its hub is offline",
    outcomes: ["offline"],
    reason: "UNREACHABLE",
  },
  {
    fault: "renamed",
    promise: "a device that was renamed at its hub is the same device",
    outcomes: ["confirmed"],
  },
  {
    fault: "hub away",
    promise: "a device whose hub is away is offline",
    outcomes: ["offline"],
    reason: "UNREACHABLE",
  },
  {
    fault: "hub back",
    promise: "a hub that comes back is used again without anybody's doing",
    outcomes: ["confirmed"],
  },
  {
    fault: "bridge killed",
    promise: "a bridge that is killed in the middle of a command finishes it when it is back",
    outcomes: ["confirmed", "confirmed_late"],
  },
  {
    fault: "house away",
    promise: "a device whose connection to the house broke answers when it is back",
    outcomes: ["confirmed", "confirmed_late"],
  },
  {
    fault: "newer command",
    promise: "a command whose place a newer one takes is superseded",
    outcomes: ["superseded"],
    // It names the run that has taken the place.
    reason: /^BY run_\w{20}\.0$/,
  },
] as const satisfies readonly (Omit<BridgeFault, "fault"> & { readonly fault: string })[];

export type FaultName = (typeof TWENTY_FAULTS)[number]["fault"];
