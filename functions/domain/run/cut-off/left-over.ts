import { type Acknowledgement, acknowledgementOf } from "#domain/run/acknowledgement.ts";
import { leavesDelta } from "#domain/run/command.ts";
import { SUPERSEDED } from "#domain/run/outcome.ts";
import { type Plan, type PlannedCommand, plannedCommands } from "#domain/run/plan.ts";

/** A command that must not be left standing in its device's shadow. */
export interface LeftOver {
  readonly stage: number;
  readonly command: PlannedCommand;
  /** It was answered: refused, or done only as exactly as the device can. */
  readonly isAnswered: boolean;
}

/**
 * The commands of some stages that must be taken back: what nobody answered, and what a device refused or did only as
 * exactly as it can, which would stand there as a delta for ever. The shadow of a device that left a command for another
 * says for which, so that it is looked at, too.
 */
export const leftOverCommands = (
  run: string,
  plan: Plan,
  stages: ReadonlySet<number>,
  acknowledgements: readonly Acknowledgement[],
): readonly LeftOver[] =>
  plannedCommands(plan).flatMap(({ stage: { index: stage }, command }) => {
    if (!stages.has(stage)) return [];
    const answer = acknowledgementOf(command, run, stage, acknowledgements);
    if (answer === undefined) return { stage, command, isAnswered: false };
    return answer.echo.reason === SUPERSEDED || leavesDelta(command.want, answer.after)
      ? { stage, command, isAnswered: true }
      : [];
  });
