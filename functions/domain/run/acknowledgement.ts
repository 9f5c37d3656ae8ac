import { isAsWanted, type ReportedState } from "#domain/home/vocabulary.ts";
import { type CommandEcho, commandId } from "./command.ts";
import type { PlannedCommand } from "./plan.ts";

/** Which command a device answered, and how it says it fared. */
export type Answer = Pick<CommandEcho, "id" | "status" | "reason" | "answerBy">;

/** What a device reported for one command, as the IoT rule recorded it. */
export interface Acknowledgement {
  readonly thing: string;
  readonly echo: Answer;
  /** Reported state before and after the device's own update; no `before` when it had never reported. */
  readonly before?: ReportedState;
  readonly after: ReportedState;
  /** When the shadow stored the command, epoch milliseconds (whole seconds: a shadow keeps no finer time). */
  readonly askedAtMs?: number;
  /** When the rule saw the device's report, epoch milliseconds. */
  readonly acknowledgedAtMs: number;
}

/** The acknowledgement of a command among those of its run, if it came: the first, whatever was reported again. */
export const acknowledgementOf = (
  command: Pick<PlannedCommand, "thing">,
  run: string,
  stage: number,
  acknowledgements: readonly Acknowledgement[],
): Acknowledgement | undefined => acknowledgements.find(answering(command, run, stage));

/** What a device reported for a command after its acknowledgement: because it came back to it after another command. */
export const laterAnswersTo = (
  command: Pick<PlannedCommand, "thing">,
  run: string,
  stage: number,
  acknowledgements: readonly Acknowledgement[],
): readonly Acknowledgement[] => acknowledgements.filter(answering(command, run, stage)).slice(1);

const answering = (
  { thing }: Pick<PlannedCommand, "thing">,
  run: string,
  stage: number,
): ((one: Acknowledgement) => boolean) => {
  const id = commandId(run, stage);
  return (one) => one.thing === thing && one.echo.id === id;
};

/**
 * When a command went out, by its answer: the echoed command says until when it was waited for. `undefined` where it
 * does not say so.
 */
export const sentAtMsOf = (
  { echo: { answerBy } }: Acknowledgement,
  { windowSeconds }: Pick<PlannedCommand, "windowSeconds">,
): number | undefined =>
  answerBy === undefined ? undefined : Math.round((answerBy - windowSeconds) * 1000);

/** Did the device report what was asked, as exactly as it can, and say that it succeeded? */
export const isConfirmation = (
  acknowledgement: Acknowledgement,
  command: Pick<PlannedCommand, "want" | "step">,
): boolean =>
  acknowledgement.echo.status === "SUCCEEDED" &&
  isAsWanted(command.want, acknowledgement.after, command.step);

/** What went out in a stage. */
export interface SentStage {
  readonly index: number;
  /** When the last command of the stage was handed to AWS IoT, epoch milliseconds; windows count from here. */
  readonly sentAtMs: number;
  readonly notSent: readonly { readonly device: string; readonly reason: string }[];
  /** When its first command went out: what is sent again expires as it does. */
  readonly beganAtMs?: number;
  /** Devices that were sent their command again, each as often as it was. */
  readonly again?: readonly string[];
}

/** How far a stage has come. */
export interface StageProgress {
  readonly acknowledged: readonly string[];
  readonly pending: readonly string[];
  /** Nothing is left to wait for: everything acknowledged, not sent, or out of its window. */
  readonly isOver: boolean;
  /** Milliseconds until the last open window closes; 0 when over. */
  readonly remainingMs: number;
  /** May the next stage run: is every required device confirmed? */
  readonly isGateOpen: boolean;
}

/** Judges a stage at `nowMs` from what was sent and what was acknowledged. */
export const stageProgress = (
  run: string,
  commands: readonly Pick<
    PlannedCommand,
    "device" | "thing" | "want" | "required" | "windowSeconds" | "step"
  >[],
  sent: SentStage,
  acknowledgements: readonly Acknowledgement[],
  nowMs: number,
): StageProgress => {
  const unsent = new Set(sent.notSent.map((one) => one.device));
  const id = commandId(run, sent.index);
  // The first of a thing counts, as in `acknowledgementOf`; a later entry of a Map would replace an earlier one.
  const byThing = new Map(
    acknowledgements
      .filter((one) => one.echo.id === id)
      .reverse()
      .map((one) => [one.thing, one] as const),
  );
  const acknowledged: string[] = [];
  const pending: string[] = [];
  let remainingMs = 0;
  let isGateOpen = true;
  for (const command of commands) {
    const acknowledgement = byThing.get(command.thing);
    if (acknowledgement !== undefined) acknowledged.push(command.device);
    else if (!unsent.has(command.device)) {
      pending.push(command.device);
      const closesAtMs = sent.sentAtMs + command.windowSeconds * 1000;
      remainingMs = Math.max(remainingMs, closesAtMs - nowMs);
    }
    const isConfirmed = acknowledgement !== undefined && isConfirmation(acknowledgement, command);
    if (command.required && !isConfirmed) isGateOpen = false;
  }
  return { acknowledged, pending, isOver: remainingMs <= 0, remainingMs, isGateOpen };
};
