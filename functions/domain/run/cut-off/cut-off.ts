import { commandableState } from "#domain/home/vocabulary.ts";
import {
  type Acknowledgement,
  acknowledgementOf,
  isConfirmation,
  sentAtMsOf,
} from "#domain/run/acknowledgement.ts";
import { type HandChange, takenByHand } from "#domain/run/by-hand.ts";
import { commandId } from "#domain/run/command.ts";
import {
  type Asked,
  askedOf,
  byAnother,
  CONNECTED,
  CUT_OFF,
  type DeviceOutcome,
  judgeAnswer,
  NOT_RECORDED,
  type ShadowView,
  SWITCHED,
  statesOf,
  switchedBack,
  withoutAnswer,
} from "#domain/run/outcome.ts";
import { type Plan, type PlannedCommand, plannedCommands } from "#domain/run/plan.ts";
import {
  inHome,
  listed,
  type RunInWords,
  type RunResult,
  runResult,
  sayCount,
  sayLeftOut,
  sayNotReached,
  sayProblems,
} from "#domain/run/run-result.ts";

/** What was done about a run that was cut off. */
export interface CutOff {
  /** Devices whose commands still stood in their shadows, and were taken back. */
  readonly withdrawn: readonly string[];
}

/** What is known of a run that was cut off; what its workflow alone knew is lost. */
export interface CutOffEvidence {
  readonly run: string;
  readonly plan: Plan;
  /** When it was asked for, epoch milliseconds. */
  readonly requestedAtMs: number;
  readonly acknowledgements: readonly Acknowledgement[];
  /** By thing, as they were found, for devices that did not acknowledge or refused. */
  readonly shadows: Readonly<Record<string, ShadowView>>;
  /** None where its scene does not yield to that. */
  readonly byHand: readonly HandChange[];
}

/**
 * The stages that a run can have reached: a stage is sent only when every required device of the one before is confirmed,
 * and what confirmed them is recorded.
 */
export const stagesWithinReach = ({
  run,
  plan,
  acknowledgements,
}: Pick<CutOffEvidence, "run" | "plan" | "acknowledgements">): ReadonlySet<number> => {
  const shut = plan.stages.find(({ index, commands }) =>
    commands.some((command) => {
      const answer = acknowledgementOf(command, run, index, acknowledgements);
      return command.required && (answer === undefined || !isConfirmation(answer, command));
    }),
  );
  const last = shut?.index ?? Number.POSITIVE_INFINITY;
  return new Set(plan.stages.map(({ index }) => index).filter((index) => index <= last));
};

/** How every device of a run that was cut off fared, as far as that is known, in the plan's order. */
export const cutOffOutcomes = (evidence: CutOffEvidence): readonly DeviceOutcome[] => {
  const { run, plan, acknowledgements } = evidence;
  const reached = stagesWithinReach(evidence);
  return plannedCommands(plan).map(({ stage, command }) => {
    const base = askedOf(stage, command);
    if (!reached.has(stage.index)) return { ...base, outcome: "not_reached", reason: CUT_OFF };
    const answer = acknowledgementOf(command, run, stage.index, acknowledgements);
    return answer === undefined
      ? { ...base, ...unanswered(evidence, stage.index, command) }
      : { ...base, ...answered(evidence, stage.index, command, answer) };
  });
};

const shadowOf = (
  { shadows }: CutOffEvidence,
  { thing }: PlannedCommand,
): ShadowView | undefined => (Object.hasOwn(shadows, thing) ? shadows[thing] : undefined);

const answered = (
  evidence: CutOffEvidence,
  stage: number,
  command: PlannedCommand,
  answer: Acknowledgement,
): Omit<DeviceOutcome, keyof Asked> => {
  const sentAtMs = sentAtMsOf(answer, command);
  const judged = judgeAnswer(answer, command, sentAtMs);
  return {
    ...judged,
    ...(judged.outcome === "superseded"
      ? byAnother(shadowOf(evidence, command), commandId(evidence.run, stage))
      : {}),
    ...statesOf(answer, command),
    ...switchedBack(evidence.byHand, answer, command),
    ...(sentAtMs === undefined ? {} : { askedAtMs: sentAtMs }),
    acknowledgedAtMs: answer.acknowledgedAtMs,
  };
};

// Whether a device that kept silent was sent its command nobody knows any more: it is told that it had not answered.
const unanswered = (
  evidence: CutOffEvidence,
  stage: number,
  command: PlannedCommand,
): Omit<DeviceOutcome, keyof Asked> => {
  const shadow = shadowOf(evidence, command);
  if (takenByHand(command, evidence.byHand, evidence.requestedAtMs) !== undefined) return SWITCHED;
  const found = withoutAnswer(shadow, commandId(evidence.run, stage));
  const isSilent = found.outcome === "timed_out" && (found.reason ?? CONNECTED) === CONNECTED;
  const when = found.reason === NOT_RECORDED ? "after" : "before";
  return {
    ...found,
    ...(isSilent ? { reason: CUT_OFF } : {}),
    ...(shadow?.reported === undefined
      ? {}
      : { [when]: commandableState(command.kind, shadow.reported) }),
  };
};

/** What is answered of a run that was cut off. It never is done: whether all stayed so nobody looked. */
export const cutOffResult = (
  run: RunInWords,
  plan: Plan,
  hash: string,
  outcomes: readonly DeviceOutcome[],
  finishedAt: string,
  cutOff: CutOff,
): RunResult => {
  const known = runResult(run, plan, hash, outcomes, finishedAt);
  return {
    ...known,
    result: known.result === "done" ? "partly_done" : known.result,
    say: inHome(run, sayCutOff(plan, outcomes, cutOff)),
    cut_off: cutOff,
  };
};

const sayCutOff = (
  plan: Plan,
  outcomes: readonly DeviceOutcome[],
  { withdrawn }: CutOff,
): string => {
  const notReached = outcomes.filter(({ outcome }) => outcome === "not_reached");
  const names = outcomes.filter(({ device }) => withdrawn.includes(device)).map(({ name }) => name);
  return [
    `${plan.sceneName} was cut off before its end. ${sayCount(outcomes)}`,
    ...sayProblems(outcomes),
    ...(notReached.length === 0 ? [] : [sayNotReached(notReached)]),
    ...(names.length === 0 ? [] : [`Commands taken back: ${listed(names)}.`]),
    ...sayLeftOut(plan),
  ].join(" ");
};
