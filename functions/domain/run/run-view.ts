import { counted } from "#domain/counted.ts";
import { type Acknowledgement, acknowledgementOf, isConfirmation } from "./acknowledgement.ts";
import { type DeviceOutcome, judgeAnswer, NOT_CONCLUDED, statesOf } from "./outcome.ts";
import { type Plan, plannedCommands } from "./plan.ts";
import { RUN_LIMIT_MS, type RunRequest } from "./run.ts";
import { type RunResult, runResult } from "./run-result.ts";

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
  const endsAtMs = Date.parse(request.requestedAt) + RUN_LIMIT_MS;
  if (nowMs > endsAtMs) {
    const ended: readonly DeviceOutcome[] = outcomes.map((one) => ({
      ...one,
      ...(one.outcome === undefined
        ? { outcome: "timed_out", reason: NOT_CONCLUDED }
        : { outcome: one.outcome }),
    }));
    const result = runResult(request, plan, planHash, ended, new Date(endsAtMs).toISOString());
    const confirmed = result.confirmed + result.already_there;
    const rest = confirmed < ended.length ? "; of the others nothing is certain" : "";
    return {
      view: {
        ...result,
        result: "failed",
        say: `${plan.sceneName} broke off, and its outcome was not recorded. ${confirmed} of ${counted(ended.length, "device")} confirmed${rest}.`,
      },
      outcomes: ended,
    };
  }
  const answered = outcomes.filter((one) => one.outcome !== undefined).length;
  return {
    view: {
      run_id: request.id,
      scene: plan.scene,
      result: "running",
      say: `${plan.sceneName} is still running: ${answered} of ${counted(outcomes.length, "device")} answered so far.`,
      devices: outcomes.length,
      acknowledged: answered,
      plan_hash: planHash,
      requested_at: request.requestedAt,
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
