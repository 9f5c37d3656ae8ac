import type { DeviceId } from "#domain/home/device.ts";
import {
  commandableState,
  isAsWanted,
  type ReportedState,
  type WantedState,
} from "#domain/home/vocabulary.ts";
import {
  type Acknowledgement,
  acknowledgementOf,
  isConfirmation,
  type SentStage,
} from "./acknowledgement.ts";
import { commandId, isCommandId } from "./command.ts";
import { type Plan, type PlannedCommand, plannedCommands } from "./plan.ts";

const OUTCOMES = [
  /** It reported what was asked, within its window. */
  "confirmed",
  /** The same, and its report before was already what was asked. */
  "already_there",
  /** It answered that it did not, or reported something else. */
  "refused",
  /** It did not answer within its window. */
  "timed_out",
  /** It did not answer, and its shadow says that it is offline. */
  "offline",
  /** It did not answer to this command, because another one took its place. */
  "superseded",
  "skipped_by_condition",
  /** A gate stopped the run before it. */
  "not_reached",
  /** Its command could not be published. */
  "not_sent",
  "needs_approval",
  /** It reported what was asked, after its window. */
  "confirmed_late",
] as const;

/** The only words for how a device fared. */
export type Outcome = (typeof OUTCOMES)[number];

const WORDS: readonly unknown[] = OUTCOMES;

/** Is this one of the words for how a device fared? */
export const isOutcome = (value: unknown): value is Outcome => WORDS.includes(value);

/** How one device fared, and the evidence. */
export interface DeviceOutcome {
  readonly device: DeviceId;
  readonly name: string;
  readonly stage: number;
  readonly stageName: string;
  readonly outcome: Outcome;
  /** The device's own word, or why nothing was sent. */
  readonly reason?: string;
  readonly asked: WantedState;
  /** The values that can be commanded, before and after the answer; the whole states are in its own record. */
  readonly before?: ReportedState;
  readonly after?: ReportedState;
  /** Epoch milliseconds. */
  readonly askedAtMs?: number;
  readonly acknowledgedAtMs?: number;
  readonly windowSeconds: number;
}

/** What a device's shadow shows when its window is over and no acknowledgement was recorded. */
export interface ShadowView {
  readonly reported?: ReportedState;
  /** The id of the command that now stands in `desired`. */
  readonly desiredCommandId?: string;
  /** The id of the command that the device echoed last. */
  readonly reportedCommandId?: string;
  /** The command still stands there, because taking it back failed. */
  readonly isNotWithdrawn?: boolean;
}

/** The device answered, as its shadow shows, but no record of its answer came in time. */
export const NOT_RECORDED = "NOT_RECORDED";
/** The device did not answer, and its command could not be taken back. */
export const NOT_WITHDRAWN = "NOT_WITHDRAWN";
/** The run broke off, and nobody judged what the device did. */
export const NOT_CONCLUDED = "NOT_CONCLUDED";
/** The device says that it succeeded, but reports another state than it was asked for. */
export const REPORTED_OTHERWISE = "REPORTED_OTHERWISE";

/** Everything that is known when a run is concluded. */
export interface RunEvidence {
  readonly run: string;
  readonly plan: Plan;
  readonly sent: readonly SentStage[];
  readonly acknowledgements: readonly Acknowledgement[];
  /** By thing, for devices that did not acknowledge. */
  readonly shadows: Readonly<Record<string, ShadowView>>;
}

/** How every device of a plan fared, in the plan's order. */
export const deviceOutcomes = (evidence: RunEvidence): readonly DeviceOutcome[] =>
  plannedCommands(evidence.plan).map(({ stage, command }) => {
    const sent = evidence.sent.find((one) => one.index === stage.index);
    const base = {
      device: command.device,
      name: command.name,
      stage: stage.index,
      stageName: stage.name,
      asked: command.want,
      windowSeconds: command.windowSeconds,
    };
    if (sent === undefined) return { ...base, outcome: "not_reached" };
    // An answer is stronger than a failed call: a publish may have gone through though its caller saw an error.
    const acknowledgement = acknowledgementOf(
      command,
      evidence.run,
      stage.index,
      evidence.acknowledgements,
    );
    const unsent = sent.notSent.find((one) => one.device === command.device);
    if (acknowledgement === undefined && unsent !== undefined) {
      return { ...base, outcome: "not_sent", reason: unsent.reason };
    }
    if (acknowledgement === undefined) {
      const shadow = Object.hasOwn(evidence.shadows, command.thing)
        ? evidence.shadows[command.thing]
        : undefined;
      const found = withoutAnswer(shadow, commandId(evidence.run, stage.index));
      const when = found.reason === NOT_RECORDED ? "after" : "before";
      return {
        ...base,
        ...found,
        ...(shadow?.reported === undefined
          ? {}
          : { [when]: commandableState(command.kind, shadow.reported) }),
        askedAtMs: sent.sentAtMs,
      };
    }
    return {
      ...base,
      ...judgeAnswer(acknowledgement, command, sent.sentAtMs),
      ...statesOf(acknowledgement, command),
      askedAtMs: sent.sentAtMs,
      acknowledgedAtMs: acknowledgement.acknowledgedAtMs,
    };
  });

/** What an answer tells of a device's state, as an outcome shows it. */
export const statesOf = (
  { before, after }: Acknowledgement,
  { kind }: Pick<PlannedCommand, "kind">,
): Pick<DeviceOutcome, "before" | "after"> => ({
  ...(before === undefined ? {} : { before: commandableState(kind, before) }),
  after: commandableState(kind, after),
});

/** What an answer amounts to; without `sentAtMs` its window is taken as kept. */
export const judgeAnswer = (
  acknowledgement: Acknowledgement,
  command: PlannedCommand,
  sentAtMs?: number,
): { readonly outcome: Outcome; readonly reason?: string } => {
  if (!isConfirmation(acknowledgement, command)) {
    const { status, reason } = acknowledgement.echo;
    return {
      outcome: "refused",
      reason: status === "SUCCEEDED" ? REPORTED_OTHERWISE : (reason ?? status),
    };
  }
  const closesAtMs = (sentAtMs ?? Number.POSITIVE_INFINITY) + command.windowSeconds * 1000;
  if (acknowledgement.acknowledgedAtMs > closesAtMs) {
    return { outcome: "confirmed_late" };
  }
  return {
    outcome: isAsWanted(command.want, acknowledgement.before, command.step)
      ? "already_there"
      : "confirmed",
  };
};

const withoutAnswer = (
  shadow: ShadowView | undefined,
  id: string,
): { readonly outcome: Outcome; readonly reason?: string } => {
  // The record, not the shadow, is what a run waits for; but nobody must be told that such a device kept silent.
  if (shadow?.reportedCommandId === id) return { outcome: "timed_out", reason: NOT_RECORDED };
  const standing = shadow?.desiredCommandId;
  if (standing !== undefined && standing !== id) {
    return {
      outcome: "superseded",
      ...(isCommandId(standing) ? { reason: `BY ${standing}` } : {}),
    };
  }
  if (shadow?.isNotWithdrawn === true) return { outcome: "timed_out", reason: NOT_WITHDRAWN };
  return shadow?.reported?.online === false ? { outcome: "offline" } : { outcome: "timed_out" };
};
