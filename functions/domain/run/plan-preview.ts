import { isAsWanted } from "#domain/home/vocabulary.ts";
import { isCommandId } from "./command.ts";
import type { ShadowView } from "./outcome.ts";
import type { Plan, PlannedCommand } from "./plan.ts";

/** What is known of a device before it is asked. */
export interface DevicePreview {
  /** By its own last report; `unknown` where it never reported, or its shadow could not be read. */
  readonly now: "already_there" | "would_change" | "unknown";
  readonly connection: "online" | "offline" | "unknown";
  /** When it was last said to be offline, epoch milliseconds. */
  readonly offlineSinceMs?: number;
  /** The run whose command it has not answered yet. */
  readonly wantedBy?: string;
}

/** What a device's shadow says at `nowMs` of a command that would be sent. */
export const previewOf = (
  command: Pick<PlannedCommand, "want" | "step">,
  shadow: ShadowView | undefined,
  nowMs: number,
): DevicePreview => {
  const reported = shadow?.reported;
  const connection =
    reported?.online === true ? "online" : reported?.online === false ? "offline" : "unknown";
  const rival = rivalOf(shadow, nowMs);
  return {
    now:
      reported === undefined
        ? "unknown"
        : isAsWanted(command.want, reported, command.step)
          ? "already_there"
          : "would_change",
    connection,
    ...(connection === "offline" && shadow?.onlineSaidAtMs !== undefined
      ? { offlineSinceMs: shadow.onlineSaidAtMs }
      : {}),
    ...(rival === undefined ? {} : { wantedBy: rival }),
  };
};

/** The run that waits for a device's answer at `nowMs`: its command stands, is not answered and has not expired. */
export const rivalOf = (shadow: ShadowView | undefined, nowMs: number): string | undefined => {
  const { desiredCommandId: id, desiredExpiresAt: expiresAt } = shadow ?? {};
  if (id === undefined || !isCommandId(id) || id === shadow?.reportedCommandId) return undefined;
  if (expiresAt === undefined || expiresAt * 1000 <= nowMs) return undefined;
  return id.split(".")[0];
};

/**
 * How long a run of the plan takes when every device keeps silent: each stage waits for its longest window, and then it
 * is seen whether all stays.
 */
export const worstCaseSeconds = (plan: Plan): number =>
  plan.stages.reduce(
    (sum, { commands }) => sum + Math.max(...commands.map(({ windowSeconds }) => windowSeconds)),
    plan.rules?.holdSeconds ?? 0,
  );
