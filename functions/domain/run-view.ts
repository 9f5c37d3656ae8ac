import { type Acknowledgement, acknowledgementOf, isConfirmation } from "./acknowledgement.ts";
import { counted } from "./counted.ts";
import { type DeviceOutcome, judgeAnswer, statesOf } from "./outcome.ts";
import { type Plan, plannedCommands } from "./plan.ts";
import { RUN_LIMIT_MS, type RunRequest } from "./run.ts";
import { type RunResult, runAgain, runResult } from "./run-result.ts";

/** A run as its records tell it. */
export interface RunRecords {
  readonly request: RunRequest;
  readonly plan: Plan;
  readonly planHash: string;
  readonly acknowledgements: readonly Acknowledgement[];
  /** Absent while the run goes on. */
  readonly conclusion?: {
    readonly outcomes: readonly DeviceOutcome[];
    readonly finishedAt: string;
  };
}

/** What get_run answers while a run goes on. */
export interface RunningView {
  readonly run_id: string;
  readonly scene: string;
  readonly result: "running";
  readonly say: string;
  readonly devices: number;
  readonly acknowledged: number;
  readonly plan_hash: string;
  readonly requested_at: string;
  readonly next: string;
}

export interface RunView {
  readonly view: RunResult | RunningView;
  /** Every device of the plan; `outcome` is absent for one that has not answered yet. */
  readonly outcomes: readonly (Omit<DeviceOutcome, "outcome"> & {
    readonly outcome?: DeviceOutcome["outcome"];
  })[];
}

/**
 * How a run fares or fared at `nowMs`. A device that answered after the run was concluded shows as `confirmed_late`.
 * A run that never was concluded, though its time is over, has failed, and says so.
 */
export const runView = (records: RunRecords, nowMs: number): RunView => {
  const { request, plan, planHash, conclusion } = records;
  if (conclusion !== undefined) {
    const outcomes = withLateAnswers(records, conclusion.outcomes);
    return {
      view: runResult(request, plan, planHash, outcomes, conclusion.finishedAt),
      outcomes,
    };
  }
  const outcomes = answersSoFar(records);
  const answered = outcomes.filter((one) => one.outcome !== undefined).length;
  const base = {
    run_id: request.id,
    scene: plan.scene,
    devices: outcomes.length,
    plan_hash: planHash,
    requested_at: request.requestedAt,
  };
  if (nowMs - Date.parse(request.requestedAt) > RUN_LIMIT_MS) {
    const unconfirmed = outcomes.filter(
      (one) => one.outcome !== "confirmed" && one.outcome !== "already_there",
    );
    const confirmed = outcomes.length - unconfirmed.length;
    return {
      view: {
        ...base,
        result: "failed",
        say: `${plan.sceneName} broke off and its outcome was not recorded. ${confirmed} of ${counted(outcomes.length, "device")} confirmed; of the others nothing is certain.`,
        confirmed: outcomes.filter((one) => one.outcome === "confirmed").length,
        already_there: outcomes.filter((one) => one.outcome === "already_there").length,
        devices_not_confirmed: unconfirmed.map((one) => ({
          device: one.device,
          name: one.name,
          stage: one.stageName,
          outcome: one.outcome ?? "timed_out",
          reason: one.outcome === undefined ? "RUN_NOT_CONCLUDED" : (one.reason ?? "NOT_CONFIRMED"),
          next: `Look at the device itself, then ${runAgain(plan)}.`,
        })),
        left_out: plan.leftOut,
        finished_at: new Date(Date.parse(request.requestedAt) + RUN_LIMIT_MS).toISOString(),
      },
      outcomes,
    };
  }
  return {
    view: {
      ...base,
      result: "running",
      say: `${plan.sceneName} is still running: ${answered} of ${counted(outcomes.length, "device")} answered so far.`,
      acknowledged: answered,
      next: `Call get_run with {"run_id":"${request.id}"} again in a few seconds.`,
    },
    outcomes,
  };
};

const withLateAnswers = (
  records: RunRecords,
  outcomes: readonly DeviceOutcome[],
): readonly DeviceOutcome[] =>
  outcomes.map((one) => {
    if (one.acknowledgedAtMs !== undefined || one.outcome === "not_reached") return one;
    const command = plannedCommands(records.plan).find(
      (planned) => planned.command.device === one.device,
    )?.command;
    const late =
      command &&
      acknowledgementOf(command, records.request.id, one.stage, records.acknowledgements);
    if (command === undefined || late === undefined) return one;
    const { reason: _, ...rest } = one;
    return {
      ...rest,
      ...(isConfirmation(late, command)
        ? { outcome: "confirmed_late" }
        : judgeAnswer(late, command)),
      ...statesOf(late, command),
      acknowledgedAtMs: late.acknowledgedAtMs,
    };
  });

const answersSoFar = (records: RunRecords): RunView["outcomes"] =>
  plannedCommands(records.plan).map(({ stage, command }) => {
    const base = {
      device: command.device,
      name: command.name,
      stage: stage.index,
      stageName: stage.name,
      asked: command.want,
      windowSeconds: command.windowSeconds,
    };
    const answer = acknowledgementOf(
      command,
      records.request.id,
      stage.index,
      records.acknowledgements,
    );
    if (answer === undefined) return base;
    return {
      ...base,
      ...judgeAnswer(answer, command),
      ...statesOf(answer, command),
      acknowledgedAtMs: answer.acknowledgedAtMs,
    };
  });
