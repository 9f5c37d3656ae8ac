import { counted } from "./counted.ts";
import { type DeviceOutcome, NOT_RECORDED, NOT_WITHDRAWN, type Outcome } from "./outcome.ts";
import type { Plan } from "./plan.ts";

/** How a whole run ended. `done` only when every device is as asked. */
export type RunEnd = "done" | "partly_done" | "stopped" | "failed";

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

/** What run_scene answers: counts, and only those devices that are not as asked. */
export interface RunResult {
  readonly run_id: string;
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

// design.md §3: done only when every device is confirmed or already there; a late one is as asked, but was not in time.
const isInTime = (outcome: Outcome): boolean =>
  outcome === "confirmed" || outcome === "already_there";

/** Builds the answer from how every device fared. */
export const runResult = (
  run: { readonly id: string; readonly requestedAt: string },
  plan: Plan,
  hash: string,
  outcomes: readonly DeviceOutcome[],
  finishedAt: string,
): RunResult => {
  const count = (outcome: Outcome): number =>
    outcomes.filter((one) => one.outcome === outcome).length;
  return {
    run_id: run.id,
    scene: plan.scene,
    result: runEnd(outcomes),
    say: sayResult(plan, outcomes),
    devices: outcomes.length,
    confirmed: count("confirmed"),
    already_there: count("already_there"),
    devices_not_confirmed: outcomes
      .filter((one) => !isInTime(one.outcome))
      .map((one) => ({
        device: one.device,
        name: one.name,
        stage: one.stageName,
        outcome: one.outcome,
        ...(one.reason === undefined ? {} : { reason: one.reason }),
        next: nextStep(one, run.id, plan),
      })),
    left_out: plan.leftOut,
    plan_hash: hash,
    requested_at: run.requestedAt,
    finished_at: finishedAt,
  };
};

/** The result in one to three sentences. It never claims what no device reported. */
export const sayResult = (plan: Plan, outcomes: readonly DeviceOutcome[]): string => {
  const total = outcomes.length;
  const confirmed = outcomes.filter((one) => isInTime(one.outcome)).length;
  const already = outcomes.filter((one) => one.outcome === "already_there").length;
  const notReached = outcomes.filter((one) => one.outcome === "not_reached");
  const problems = outcomes.filter(
    (one) => !isInTime(one.outcome) && one.outcome !== "not_reached",
  );
  const wereSo = already > 0 ? ` (${already} already ${already === 1 ? "was" : "were"})` : "";
  const leftOut =
    plan.leftOut.length > 0 ? ` Left out as you asked: ${plan.leftOut.join(", ")}.` : "";
  const end = runEnd(outcomes);
  if (end === "done") {
    const whole = total === 1 ? "the one device" : `all ${total} devices`;
    return `${plan.sceneName} is done: ${whole} confirmed${wereSo}.${leftOut}`;
  }
  const because = problems.map(sayProblem).join(" ");
  if (end === "stopped") {
    const reached = notReached.map((one) => one.name).join(", ");
    const stage = problems.find((one) => one.stage < (notReached[0]?.stage ?? 0))?.stageName;
    return (
      `${plan.sceneName} was stopped${stage === undefined ? "" : ` after "${stage}"`}: ${because} ` +
      `Nothing was sent to: ${reached}. ${confirmed} of ${counted(total, "device")} confirmed${wereSo}.${leftOut}`
    );
  }
  return `${plan.sceneName}: ${confirmed} of ${counted(total, "device")} confirmed${wereSo}. ${because}${leftOut}`;
};

const sayProblem = (one: DeviceOutcome): string => {
  const reason = one.reason === undefined ? "" : ` (${one.reason})`;
  switch (one.outcome) {
    case "refused":
      return `${one.name} refused${reason}.`;
    case "timed_out":
      return one.reason === NOT_RECORDED
        ? `${one.name} answered, but its answer was not recorded in time.`
        : `${one.name} did not answer within ${one.windowSeconds} s.`;
    case "offline":
      return `${one.name} is offline and did not answer.`;
    case "superseded":
      return `${one.name} was given another command before it answered.`;
    case "not_sent":
      return `${one.name} was not commanded${reason}.`;
    case "confirmed_late":
      return `${one.name} confirmed only after its ${one.windowSeconds} s.`;
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

/** The call that asks for the same again, with the same devices left out. */
export const runAgain = (plan: Pick<Plan, "scene" | "leftOut">): string => {
  const args = {
    scene: plan.scene,
    ...(plan.leftOut.length === 0 ? {} : { except: plan.leftOut }),
  };
  return `call run_scene with ${JSON.stringify(args)} again`;
};

const nextStep = (one: DeviceOutcome, run: string, plan: Plan): string => {
  const again = runAgain(plan);
  switch (one.outcome) {
    case "timed_out":
      if (one.reason === NOT_RECORDED) {
        return `Look for its answer in get_run with {"run_id":"${run}"}; if none shows, ${again}.`;
      }
      if (one.reason === NOT_WITHDRAWN) {
        return `Its command could not be withdrawn and may still be carried out until it expires. Check its power and connection, then ${again}.`;
      }
      return `Its command was withdrawn. Check its power and connection, then ${again}; a late answer shows in get_run with {"run_id":"${run}"}.`;
    case "offline":
      return `Its command was withdrawn. Bring it back online, then ${again}.`;
    case "refused":
      return `Look at the device itself, then ${again}.`;
    case "not_reached":
      return `Settle the devices of the earlier stages first, then ${again}.`;
    case "not_sent":
      return `Nothing reached it. Wait a minute, then ${again}.`;
    case "superseded":
      return `Another run commanded it meanwhile; ask which state is wanted, then ${again}.`;
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
