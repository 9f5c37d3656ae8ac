import { counted } from "#domain/counted.ts";
import type { HomeId } from "#domain/home/home-id.ts";
import { BY_HAND } from "./by-hand.ts";
import { CLOCK_ALLOWANCE_SECONDS } from "./command.ts";
import {
  CONNECTED,
  CUT_OFF,
  DEVICE_REFUSED,
  type DeviceOutcome,
  NOT_AS_ASKED,
  NOT_CONCLUDED,
  NOT_RECORDED,
  NOT_VERIFIABLE,
  NOT_WITHDRAWN,
  type Outcome,
  REPORTED_OTHERWISE,
  SINCE,
  STARTED_LATE,
  UNANSWERED,
  UNREACHABLE,
} from "./outcome.ts";
import { devicesOf, type Plan, parameterTexts, UNSAVED_SCENE } from "./plan.ts";

/** The words for how a whole run ended. */
export const RUN_ENDS = ["done", "partly_done", "stopped", "failed"] as const;

/** How a whole run ended. `done` only when every device is as asked. */
export type RunEnd = (typeof RUN_ENDS)[number];

const ENDS: readonly unknown[] = RUN_ENDS;

/** Is this one of the words for how a run ended? */
export const isRunEnd = (value: unknown): value is RunEnd => ENDS.includes(value);

/** One device that is not as asked, and what to do. */
export interface Problem {
  readonly device: string;
  readonly name: string;
  readonly stage: string;
  readonly outcome: Outcome;
  readonly reason?: string;
  /** The exact next step. */
  readonly next: string;
}

/** A device that a condition left out. */
export interface SkippedResult {
  readonly device: string;
  readonly outcome: Extract<Outcome, "skipped_by_condition">;
  readonly because: string;
}

/** The devices of a plan that its conditions left out, as an answer shows them. */
export const skippedOf = ({ skipped = [] }: Plan): Pick<RunResult, "skipped"> =>
  skipped.length === 0
    ? {}
    : {
        skipped: skipped.map(({ device, because }) => ({
          device,
          outcome: "skipped_by_condition",
          because,
        })),
      };

/** What run_scene answers: counts, and only those devices that are not as asked. */
export interface RunResult {
  readonly run_id: string;
  /** Only where the caller has several. */
  readonly home?: string;
  readonly scene: string;
  readonly result: RunEnd;
  /** Safe to repeat word for word. */
  readonly say: string;
  /** Devices of the plan. */
  readonly devices: number;
  readonly confirmed: number;
  readonly already_there: number;
  readonly devices_not_confirmed: readonly Problem[];
  readonly left_out: readonly string[];
  /** What a condition of the scene left out: nothing was sent to it. */
  readonly skipped?: readonly SkippedResult[];
  /** Only of a run that was cut off: the devices whose commands were taken back when it was ended. */
  readonly cut_off?: { readonly withdrawn: readonly string[] };
  readonly plan_hash: string;
  readonly requested_at: string;
  readonly finished_at: string;
}

const AS_ASKED: readonly Outcome[] = ["confirmed", "already_there", "confirmed_late"];

/** Is the device, by its own report, as it was asked to be? */
export const isAsAsked = (outcome: Outcome): boolean => AS_ASKED.includes(outcome);

/** How the run ended: `stopped` when a gate kept a stage from running, `failed` when nothing is as asked. */
export const runEnd = (outcomes: readonly DeviceOutcome[]): RunEnd => {
  if (outcomes.some((one) => one.outcome === "not_reached")) return "stopped";
  const good = outcomes.filter((one) => isInTime(one.outcome)).length;
  if (good === outcomes.length) return "done";
  return outcomes.some((one) => isAsAsked(one.outcome)) ? "partly_done" : "failed";
};

/**
 * Is the device as asked, and was it in time? A run is done only when every device is confirmed or already there.
 * (workflows/README.md, "What a run promises")
 */
export const isInTime = (outcome: Outcome): boolean =>
  outcome === "confirmed" || outcome === "already_there";

/** What an answer says of a run beside how it ended. */
export interface RunInWords {
  readonly id: string;
  readonly requestedAt: string;
  /** What the caller calls the home; only where they have several, and the answer must say which. */
  readonly homeName?: string;
}

/** A sentence about the home, which names it where the caller has several. */
export const inHome = ({ homeName }: { readonly homeName?: string }, sentence: string): string =>
  homeName === undefined ? sentence : `${homeName}: ${sentence}`;

/** The arguments of a next call, with the home where the caller has several. */
export const callIn = (
  { homeName }: { readonly homeName?: string },
  home: HomeId,
  args: Readonly<Record<string, unknown>>,
): string => JSON.stringify(homeName === undefined ? args : { home, ...args });

/** Builds the answer from how every device fared. */
export const runResult = (
  run: RunInWords,
  plan: Plan,
  hash: string,
  outcomes: readonly DeviceOutcome[],
  finishedAt: string,
): RunResult => {
  const count = (outcome: Outcome): number =>
    outcomes.filter((one) => one.outcome === outcome).length;
  return {
    run_id: run.id,
    ...(run.homeName === undefined ? {} : { home: plan.home }),
    scene: plan.scene,
    result: runEnd(outcomes),
    say: inHome(run, sayResult(plan, outcomes)),
    devices: outcomes.length,
    confirmed: count("confirmed"),
    already_there: count("already_there"),
    devices_not_confirmed: outcomes
      .filter((one) => !isInTime(one.outcome))
      .map((one) => problemOf(one, run, plan)),
    left_out: plan.leftOut,
    ...skippedOf(plan),
    plan_hash: hash,
    requested_at: run.requestedAt,
    finished_at: finishedAt,
  };
};

/** A device that is not as asked, with its next step. */
export const problemOf = (one: DeviceOutcome, run: RunInWords, plan: Plan): Problem => ({
  device: one.device,
  name: one.name,
  stage: one.stageName,
  outcome: one.outcome,
  ...(one.reason === undefined ? {} : { reason: one.reason }),
  next: nextStep(one, run, plan),
});

// A sentence is spoken; the whole list stands in devices_not_confirmed.
const MOST_PROBLEMS_SAID = 5;
const MOST_NAMES_SAID = 8;

/** The result in a few sentences. It never claims what no device reported. */
export const sayResult = (plan: Plan, outcomes: readonly DeviceOutcome[]): string => {
  const total = counted(outcomes.length, "device");
  const notReached = outcomes.filter((one) => one.outcome === "not_reached");
  const wereSo = sayAlready(outcomes);
  const count = sayCount(outcomes);
  const end = runEnd(outcomes);
  const leftOut = sayLeftOut(plan);
  if (end === "done") {
    const whole = outcomes.length === 1 ? "the one device" : `all ${total}`;
    return [`${plan.sceneName} is done: ${whole} confirmed${wereSo}.`, ...leftOut].join(" ");
  }
  const because = sayProblems(outcomes);
  const first = notReached[0];
  if (first === undefined) {
    return [`${plan.sceneName}: ${count}`, ...because, ...leftOut].join(" ");
  }
  // The stage at whose gate the run stopped is the last one before the first that was not reached.
  const last = plan.stages.find((stage) => stage.index === first.stage - 1)?.name;
  const stopped = `${plan.sceneName} was stopped${last === undefined ? "" : ` after "${last}"`}`;
  const nothing = sayNotReached(notReached);
  return because.length === 0
    ? [`${stopped}.`, nothing, count, ...leftOut].join(" ")
    : [`${stopped}:`, ...because, nothing, count, ...leftOut].join(" ");
};

const sayAlready = (outcomes: readonly DeviceOutcome[]): string => {
  const already = outcomes.filter((one) => one.outcome === "already_there").length;
  return already > 0 ? ` (${already} already ${already === 1 ? "was" : "were"})` : "";
};

/** How many devices confirmed in time. */
export const sayCount = (outcomes: readonly DeviceOutcome[]): string => {
  const confirmed = outcomes.filter((one) => isInTime(one.outcome)).length;
  return `${confirmed} of ${counted(outcomes.length, "device")} confirmed${sayAlready(outcomes)}.`;
};

/** Which devices the user or a condition left out, each as a sentence. */
export const sayLeftOut = ({ leftOut, skipped = [] }: Plan): readonly string[] => [
  ...(leftOut.length > 0 ? [`Left out as you asked: ${listed(leftOut)}.`] : []),
  ...(skipped.length > 0
    ? [
        `Skipped by a condition: ${listed(skipped.map(({ device, because }) => `${device} (${because})`))}.`,
      ]
    : []),
];

/** Why devices that were asked are not as asked, a sentence each for the first few. */
export const sayProblems = (outcomes: readonly DeviceOutcome[]): readonly string[] => {
  const problems = outcomes.filter(
    (one) => !isInTime(one.outcome) && one.outcome !== "not_reached",
  );
  const unsaid = problems.length - MOST_PROBLEMS_SAID;
  return [
    ...problems.slice(0, MOST_PROBLEMS_SAID).map(sayProblem),
    ...(unsaid > 0 ? [`${counted(unsaid, "more device")} did not confirm.`] : []),
  ];
};

/** That nothing was sent to these devices. */
export const sayNotReached = (notReached: readonly Pick<DeviceOutcome, "name">[]): string =>
  `Nothing was sent to: ${listed(notReached.map(({ name }) => name))}.`;

/** Names in a sentence; of many the first ones. */
export const listed = (names: readonly string[]): string => {
  const more = names.length - MOST_NAMES_SAID;
  return `${names.slice(0, MOST_NAMES_SAID).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
};

const sayProblem = (one: DeviceOutcome): string => {
  switch (one.outcome) {
    case "refused":
      return sayRefused(one);
    case "timed_out":
      return sayTimedOut(one);
    case "offline":
      if (one.reason === UNREACHABLE) return `${one.name} does not answer its hub.`;
      return `${one.name} is offline${one.reason?.startsWith(SINCE) === true ? ` since ${one.reason.slice(SINCE.length)}` : ""} and did not answer.`;
    case "superseded":
      return one.reason === BY_HAND
        ? `${one.name} was switched by hand meanwhile, and was left so.`
        : `${one.name} was given another command before it answered.`;
    case "not_sent":
      return sayNotSent(one);
    case "confirmed_late":
      return `${one.name} confirmed only after its ${one.windowSeconds} s.`;
    case "did_not_stay":
      return one.reason === undefined
        ? `${one.name} confirmed, but did not stay so.`
        : `${one.name} confirmed, but another run changed it (${one.reason}).`;
    case "skipped_by_condition":
      return `${one.name} was skipped by a condition.`;
    case "needs_approval":
      return `${one.name} needs an approval.`;
    case "not_reached":
      return `${one.name} was not reached.`;
    case "confirmed":
    case "already_there":
      return `${one.name} confirmed.`;
  }
};

const sayNotSent = ({ name, reason }: DeviceOutcome): string => {
  switch (reason) {
    case UNANSWERED:
      return `Whether ${name} was sent its command nobody said in time; it did not answer.`;
    case STARTED_LATE:
      return `${name} was sent nothing, because the run began too late.`;
    case undefined:
      return `${name} could not be sent its command.`;
    default:
      return `${name} could not be sent its command (${reason}).`;
  }
};

const sayRefused = ({ name, reason }: DeviceOutcome): string => {
  switch (reason) {
    case REPORTED_OTHERWISE:
      return `${name} answered, but reports another state than it was asked for.`;
    case NOT_AS_ASKED:
      return `${name} was told, and answers that it is not as asked.`;
    case NOT_VERIFIABLE:
      return `${name} was asked, and cannot say whether it did it.`;
    case undefined:
      return `${name} refused.`;
    default:
      return `${name} refused (${reason}).`;
  }
};

const sayTimedOut = (one: DeviceOutcome): string => {
  const { name, reason, windowSeconds } = one;
  if (reason === NOT_RECORDED) {
    return `${name} answered, but its answer was not recorded within ${windowSeconds} s.`;
  }
  if (reason === CUT_OFF) return `${name} had not answered when the run was cut off.`;
  const silent = `${name} did not answer within ${windowSeconds} s`;
  if (reason === CONNECTED) return `${silent}. It is connected.`;
  return reason === NOT_WITHDRAWN
    ? `${silent}, and its command could not be taken back.`
    : `${silent}.`;
};

const nextStep = (one: DeviceOutcome, run: RunInWords, plan: Plan): string => {
  const again = askAgain(one, run, plan);
  switch (one.outcome) {
    case "timed_out":
      return afterTimeOut(one, `get_run with ${callIn(run, plan.home, { run_id: run.id })}`, again);
    case "offline":
      return `Its command was withdrawn. Bring it back online, then ${again}.`;
    case "refused":
      return afterRefusal(one, again);
    case "did_not_stay":
      return `Look at the device itself, then ${again}.`;
    case "not_reached":
      return `Settle the devices of the earlier stages first, then ${again}.`;
    case "not_sent":
      return one.reason === UNANSWERED
        ? `Its command was withdrawn. Wait a minute, then ${again}.`
        : `Wait a minute, then ${again}.`;
    case "superseded":
      return `${one.reason === BY_HAND ? "Somebody switched" : "Another run commanded"} it meanwhile; ask which state is wanted, then ${again}.`;
    case "confirmed_late":
    case "confirmed":
    case "already_there":
      return "Nothing to do.";
    case "skipped_by_condition":
      return "Nothing to do unless the condition was not meant.";
    case "needs_approval":
      return "Ask the user to approve it.";
  }
};

const afterRefusal = ({ reason }: DeviceOutcome, again: string): string => {
  if (reason === DEVICE_REFUSED) {
    return `Look why the device says no (a child lock, an empty battery), then ${again}.`;
  }
  if (reason === NOT_VERIFIABLE) {
    return "Look at the device itself: its hub cannot ask it, so that no run can confirm it.";
  }
  return `Look at the device itself, then ${again}.`;
};

const afterTimeOut = (one: DeviceOutcome, look: string, again: string): string => {
  const { reason, windowSeconds } = one;
  if (reason === NOT_RECORDED) {
    return `Call ${look} in a few seconds; if nothing is recorded by then, look at the device itself.`;
  }
  if (reason === NOT_WITHDRAWN) {
    return `It may still act until its command expires, ${windowSeconds + CLOCK_ALLOWANCE_SECONDS} s after it was sent. Look at the device itself, then ${again}.`;
  }
  if (reason === NOT_CONCLUDED) return `Look at the device itself, then ${again}.`;
  if (reason === CUT_OFF) {
    return `No command of this run is left to it. Look at the device itself, then ${again}.`;
  }
  if (reason === CONNECTED) {
    return `Its command was withdrawn. It is connected, so look at the device itself, then ${again}; a late answer shows in ${look}.`;
  }
  return `Its command was withdrawn. Check its power and connection, then ${again}; a late answer shows in ${look}.`;
};

// Of an unsaved scene this one device, whose wish is absolute; the others are as they were asked.
const askAgain = (one: DeviceOutcome, run: RunInWords, plan: Plan): string => {
  if (plan.scene !== UNSAVED_SCENE || plan.undoes !== undefined) return runAgain(run, plan);
  const args = { devices: [{ device: one.device, want: one.asked }] };
  return `call set_devices with ${callIn(run, plan.home, args)} again`;
};

// More than this, for each device that is not as asked, would outgrow the result itself.
const MOST_LEFT_OUT_REPEATED = 5;
// Letters of parameters over all devices: a room's scene repeats its own, one of a hundred devices none.
const MOST_LETTERS_REPEATED = 2_000;

/** The call that asks for the same plan once more: with its parameters, and what the user left out stays left out. */
export const runAgain = (run: Pick<RunInWords, "homeName">, plan: Plan): string => {
  const { home, scene, leftOut, undoes } = plan;
  const given = parameterTexts(plan);
  if (undoes !== undefined)
    return `call undo_run with ${callIn(run, home, { run_id: undoes })} again`;
  const repeated = {
    ...(given.length === 0 ? {} : { parameters: given }),
    ...(leftOut.length === 0 ? {} : { except: leftOut }),
  };
  const letters = devicesOf(plan).length * JSON.stringify({ parameters: given }).length;
  if (given.length > 0 && letters > MOST_LETTERS_REPEATED) {
    return `repeat run_scene with the same ${Object.keys(repeated).join(" and ")}`;
  }
  if (leftOut.length > MOST_LEFT_OUT_REPEATED) {
    const same = Object.keys(repeated).map((name) => `"${name}"`);
    return `call run_scene again with the same ${same.join(" and ")}`;
  }
  const call = { scene, ...repeated };
  return `call run_scene with ${callIn(run, home, call)} again`;
};
