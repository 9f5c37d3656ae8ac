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
import { BY_HAND, type HandChange, takenByHand } from "./by-hand.ts";
import { commandId, isCommandId } from "./command.ts";
import { type Plan, type PlannedCommand, type PlannedStage, plannedCommands } from "./plan.ts";

const OUTCOMES = [
  /** It reported what was asked, within its window. */
  "confirmed",
  /** The same, and its report before was already what was asked. */
  "already_there",
  /** It answered that it did not, or reported something else. */
  "refused",
  /** It did not answer within its window. */
  "timed_out",
  /** It did not answer, and its shadow says that it is offline; or its hub says that it cannot reach it. */
  "offline",
  /** Another command took the place of this one, or somebody's hand, where the scene yields to that. */
  "superseded",
  "skipped_by_condition",
  /** A gate stopped the run before it. */
  "not_reached",
  /** Its command could not be published. */
  "not_sent",
  "needs_approval",
  /** It reported what was asked, after its window. */
  "confirmed_late",
  /** It reported what was asked, and was otherwise again when the scene's time to hold was over. */
  "did_not_stay",
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
  /** Until when a device may obey that command, epoch seconds. */
  readonly desiredExpiresAt?: number;
  /** When the shadow was last told whether the device is online, epoch milliseconds (whole seconds). */
  readonly onlineSaidAtMs?: number;
  /** The id of the command that the device echoed last. */
  readonly reportedCommandId?: string;
  /** The command still stands there, because taking it back failed. */
  readonly isNotWithdrawn?: boolean;
}

/** AWS IoT did not say in time whether it took the command: it may have been sent. */
export const UNANSWERED = "UNANSWERED";
/** The run began too long after it was asked for, and sent nothing (workflows/run-scene.asl.json). */
export const STARTED_LATE = "STARTED_LATE";
/** The device answered, as its shadow shows, but no record of its answer came in time. */
export const NOT_RECORDED = "NOT_RECORDED";
/** The device did not answer, and its command could not be taken back. */
export const NOT_WITHDRAWN = "NOT_WITHDRAWN";
/** The device did not answer, though its shadow says that it is connected. */
export const CONNECTED = "CONNECTED";
/** Before the moment since when a device is offline, as its shadow has it. */
export const SINCE = "SINCE ";
/** The run broke off, and nobody has judged yet what the device did. */
export const NOT_CONCLUDED = "NOT_CONCLUDED";
/** The run was cut off before the device had answered, and was ended by the sweeper. */
export const CUT_OFF = "CUT_OFF";
/** The device says that it succeeded, but reports another state than it was asked for. */
export const REPORTED_OTHERWISE = "REPORTED_OTHERWISE";

/** Did a run that ended so begin too late, and send nothing at all? */
export const hasBegunLate = (outcomes: readonly Pick<DeviceOutcome, "reason">[]): boolean =>
  outcomes.length > 0 && outcomes.every(({ reason }) => reason === STARTED_LATE);

/** The device's own words for a command that it was not there for, and for one whose place another took. */
export const UNREACHABLE = "UNREACHABLE";
export const SUPERSEDED = "SUPERSEDED";
/** A bridge's words for what it found when it looked, instead of a success that nobody saw. */
export const DEVICE_REFUSED = "DEVICE_REFUSED";
export const NOT_AS_ASKED = "NOT_AS_ASKED";
export const NOT_VERIFIABLE = "NOT_VERIFIABLE";

/** A reason as people read it; a device's own word stays as it is. */
export const reasonInWords = (reason: string): string => {
  if (reason.startsWith(SINCE)) return `since ${reason.slice(SINCE.length)}`;
  switch (reason) {
    case CONNECTED:
      return "it is connected";
    case BY_HAND:
      return "by hand";
    case NOT_RECORDED:
      return "its answer was not recorded";
    case NOT_WITHDRAWN:
      return "its command could not be taken back";
    case NOT_CONCLUDED:
      return "the run broke off";
    case CUT_OFF:
      return "the run was cut off";
    case UNANSWERED:
      return "nobody said whether it was sent";
    case STARTED_LATE:
      return "the run began too late";
    case REPORTED_OTHERWISE:
      return "it reports another state";
    case UNREACHABLE:
      return "it does not answer its hub";
    case NOT_AS_ASKED:
      return "it answers, and is not as asked";
    case NOT_VERIFIABLE:
      return "it cannot say whether it did";
    default:
      return reason;
  }
};

/** Everything that is known when a run is concluded. */
export interface RunEvidence {
  readonly run: string;
  readonly plan: Plan;
  readonly sent: readonly SentStage[];
  readonly acknowledgements: readonly Acknowledgement[];
  /** By thing, for devices that did not acknowledge. */
  readonly shadows: Readonly<Record<string, ShadowView>>;
  /** By thing, for devices that were confirmed, when the time to hold was over. */
  readonly held?: Readonly<Record<string, ShadowView>>;
  /** What devices reported without a command while the run was going on; none where its scene does not yield to that. */
  readonly byHand?: readonly HandChange[];
}

/** What an outcome tells of what a device was asked. */
export type Asked = Pick<
  DeviceOutcome,
  "device" | "name" | "stage" | "stageName" | "asked" | "windowSeconds"
>;

/** What was asked of a device, as each outcome tells it. */
export const askedOf = (stage: PlannedStage, command: PlannedCommand): Asked => ({
  device: command.device,
  name: command.name,
  stage: stage.index,
  stageName: stage.name,
  asked: command.want,
  windowSeconds: command.windowSeconds,
});

/** How every device of a plan fared, in the plan's order. */
export const deviceOutcomes = (evidence: RunEvidence): readonly DeviceOutcome[] =>
  plannedCommands(evidence.plan).map(({ stage, command }) => {
    const sent = evidence.sent.find((one) => one.index === stage.index);
    const base = askedOf(stage, command);
    if (sent === undefined) return { ...base, outcome: "not_reached" };
    // An answer is stronger than a failed call: a publish may have gone through though its caller saw an error.
    const acknowledgement = acknowledgementOf(
      command,
      evidence.run,
      stage.index,
      evidence.acknowledgements,
    );
    const unsent = sent.notSent.find((one) => one.device === command.device);
    const { byHand = [] } = evidence;
    if (acknowledgement === undefined && unsent !== undefined) {
      const outcome = unsent.reason === BY_HAND ? "superseded" : "not_sent";
      return { ...base, outcome, reason: unsent.reason };
    }
    if (acknowledgement === undefined) {
      const shadow = Object.hasOwn(evidence.shadows, command.thing)
        ? evidence.shadows[command.thing]
        : undefined;
      const isTaken = takenByHand(command, byHand, sent.beganAtMs ?? sent.sentAtMs) !== undefined;
      const found = isTaken
        ? SWITCHED
        : withoutAnswer(shadow, commandId(evidence.run, stage.index));
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
    const judged = judgeAnswer(acknowledgement, command, sent.sentAtMs);
    const held = Object.hasOwn(evidence.held ?? {}, command.thing)
      ? evidence.held?.[command.thing]
      : undefined;
    return {
      ...base,
      ...judged,
      ...(judged.outcome === "superseded"
        ? byAnother(evidence.shadows[command.thing], commandId(evidence.run, stage.index))
        : {}),
      ...statesOf(acknowledgement, command),
      ...springBack(held, command, commandId(evidence.run, stage.index)),
      ...switchedBack(byHand, acknowledgement, command),
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
    if (reason === UNREACHABLE) return { outcome: "offline", reason };
    if (reason === SUPERSEDED) return { outcome: "superseded" };
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

/** A device says that another command took the place of this one; its shadow says which. */
export const byAnother = (
  shadow: ShadowView | undefined,
  id: string,
): Pick<DeviceOutcome, "reason"> => {
  const standing = shadow?.desiredCommandId;
  return standing !== undefined && standing !== id && isCommandId(standing)
    ? { reason: `BY ${standing}` }
    : {};
};

/** Somebody wanted the device otherwise. */
export const SWITCHED = { outcome: "superseded", reason: BY_HAND } as const;

/** Whoever switches a device after it did as asked wants it so. */
export const switchedBack = (
  byHand: readonly HandChange[],
  answer: Acknowledgement,
  command: PlannedCommand,
): Partial<DeviceOutcome> => {
  if (!isConfirmation(answer, command)) return {};
  const taken = takenByHand(command, byHand, answer.acknowledgedAtMs);
  return taken === undefined
    ? {}
    : { ...SWITCHED, after: commandableState(command.kind, taken.after) };
};

// A shadow that could not be read tells nothing, and the answer stands.
const springBack = (
  held: ShadowView | undefined,
  { kind, want, step }: PlannedCommand,
  id: string,
): Partial<DeviceOutcome> => {
  if (held?.reported === undefined || isAsWanted(want, held.reported, step)) return {};
  const answered = held.reportedCommandId;
  return {
    outcome: "did_not_stay",
    // Another run's command, which the device carried out meanwhile; without one it did so by itself, or by hand.
    ...(answered !== undefined && answered !== id && isCommandId(answered)
      ? { reason: `BY ${answered}` }
      : {}),
    after: commandableState(kind, held.reported),
  };
};

/** What a shadow tells of a device that did not answer the command `id`. */
export const withoutAnswer = (
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
  if (shadow?.reported?.online === true) return { outcome: "timed_out", reason: CONNECTED };
  if (shadow?.reported?.online !== false) return { outcome: "timed_out" };
  const { onlineSaidAtMs: sinceMs } = shadow;
  return {
    outcome: "offline",
    ...(sinceMs === undefined ? {} : { reason: `${SINCE}${new Date(sinceMs).toISOString()}` }),
  };
};
