import {
  type Acknowledgement,
  acknowledgementOf,
  isConfirmation,
  sentAtMsOf,
} from "./acknowledgement.ts";
import type { Plan, PlannedStage } from "./plan.ts";

/** A device that a run still waits for. */
export interface StillAwaited {
  readonly device: string;
  readonly name: string;
  readonly stage: string;
  /** When its window closes, ISO 8601; to the second only where no device of its stage has answered yet. */
  readonly until: string;
  readonly seconds_left: number;
}

/** What a run that goes on waits for, and the stages that it has not come to. */
export interface Awaited {
  readonly devices: readonly StillAwaited[];
  readonly stagesNotReached: readonly string[];
}

/**
 * What is still awaited of a run at `nowMs`, by its plan and the answers so far. When a stage went out is known of the
 * answers to it; before there is one, it is taken to have gone out when the stage before was over.
 */
export const stillAwaited = (
  run: { readonly id: string; readonly requestedAt: string },
  plan: Plan,
  acknowledgements: readonly Acknowledgement[],
  nowMs: number,
): Awaited => {
  const devices: StillAwaited[] = [];
  const stagesNotReached: string[] = [];
  let sentAtMs = Date.parse(run.requestedAt);
  let isReached = true;
  for (const stage of plan.stages) {
    const answers = answersOf(run.id, stage, acknowledgements);
    const isAnswered = answers.some(({ answer }) => answer !== undefined);
    if (!isReached && !isAnswered) {
      stagesNotReached.push(stage.name);
      continue;
    }
    const told = answers.flatMap(({ command, answer }) => {
      const atMs = answer === undefined ? undefined : sentAtMsOf(answer, command);
      return atMs === undefined ? [] : [atMs];
    });
    const stageSentAtMs = told.length === 0 ? sentAtMs : Math.max(...told);
    const silent = answers
      .filter(({ answer }) => answer === undefined)
      .map(({ command }) => ({
        command,
        untilMs: stageSentAtMs + command.windowSeconds * 1000,
      }));
    const open = silent.filter(({ untilMs }) => untilMs > nowMs);
    devices.push(
      ...open.map(({ command, untilMs }) => ({
        device: command.device,
        name: command.name,
        stage: stage.name,
        until: new Date(untilMs).toISOString(),
        seconds_left: Math.ceil((untilMs - nowMs) / 1000),
      })),
    );
    isReached =
      open.length === 0 &&
      answers.every(
        ({ command, answer }) =>
          !command.required || (answer !== undefined && isConfirmation(answer, command)),
      );
    sentAtMs = Math.max(
      stageSentAtMs,
      ...silent.map(({ untilMs }) => untilMs),
      ...answers.flatMap(({ answer }) => (answer === undefined ? [] : [answer.acknowledgedAtMs])),
    );
  }
  return { devices, stagesNotReached };
};

const answersOf = (
  run: string,
  { index, commands }: PlannedStage,
  acknowledgements: readonly Acknowledgement[],
) =>
  commands.map((command) => ({
    command,
    answer: acknowledgementOf(command, run, index, acknowledgements),
  }));
