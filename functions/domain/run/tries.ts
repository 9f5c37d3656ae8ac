import type { SentStage } from "./acknowledgement.ts";
import type { PlannedCommand } from "./plan.ts";

// Every command names a state, and the same id is answered once, so that a second sending can only help where the first
// was lost. But arming starts a delay, which some alarms begin anew with every message.
const DEFAULT_TRIES = 2;
const TRIES: Partial<Record<PlannedCommand["kind"], number>> = { alarm: 1 };

/** How often a command is sent at most. */
export const triesOf = ({ kind, tries }: Pick<PlannedCommand, "kind" | "tries">): number =>
  tries ?? TRIES[kind] ?? DEFAULT_TRIES;

/** How often a device of a stage was sent its command so far. */
const sentTo = (device: string, sent: SentStage): number =>
  1 + (sent.again ?? []).filter((one) => one === device).length;

/**
 * The commands to send again at `nowMs`: of devices that keep silent, at even parts of their windows (twice is at half),
 * never at the end of one.
 */
export const dueAgain = <
  Command extends Pick<PlannedCommand, "device" | "kind" | "tries" | "windowSeconds">,
>(
  commands: readonly Command[],
  pending: readonly string[],
  sent: SentStage,
  nowMs: number,
): readonly Command[] =>
  commands.filter((command) => {
    const { device, windowSeconds } = command;
    const tries = triesOf(command);
    const soFar = sentTo(device, sent);
    if (soFar >= tries || !pending.includes(device)) return false;
    const windowMs = windowSeconds * 1000;
    return nowMs >= sent.sentAtMs + (windowMs * soFar) / tries && nowMs < sent.sentAtMs + windowMs;
  });

/** How long until the next command is due again, in milliseconds; nothing where none will be. */
export const nextAgainMs = (
  commands: readonly Pick<PlannedCommand, "device" | "kind" | "tries" | "windowSeconds">[],
  pending: readonly string[],
  sent: SentStage,
  nowMs: number,
): number =>
  Math.min(
    ...commands
      .filter((command) => pending.includes(command.device))
      .filter((command) => sentTo(command.device, sent) < triesOf(command))
      .map(
        (command) =>
          sent.sentAtMs +
          (command.windowSeconds * 1000 * sentTo(command.device, sent)) / triesOf(command) -
          nowMs,
      ),
  );
