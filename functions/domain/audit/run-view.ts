import { counted } from "#domain/counted.ts";
import {
  type Acknowledgement,
  acknowledgementOf,
  isConfirmation,
  laterAnswersTo,
  sentAtMsOf,
} from "#domain/run/acknowledgement.ts";
import { cutOffResult } from "#domain/run/cut-off.ts";
import { type DeviceOutcome, judgeAnswer, NOT_CONCLUDED, statesOf } from "#domain/run/outcome.ts";
import { plannedCommands } from "#domain/run/plan.ts";
import { RUN_LIMIT_MS } from "#domain/run/run.ts";
import {
  callIn,
  inHome,
  type RunInWords,
  type RunResult,
  runResult,
} from "#domain/run/run-result.ts";
import type { RunRecords } from "./run-records.ts";

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
export const runView = (
  records: RunRecords,
  nowMs: number,
  about: Pick<RunInWords, "homeName"> = {},
): RunView => {
  const { plan, planHash, conclusion } = records;
  const request = { ...records.request, ...about };
  if (conclusion !== undefined) {
    const outcomes = withLateAnswers(records, conclusion.outcomes);
    const { cutOff, finishedAt } = conclusion;
    return {
      view:
        cutOff === undefined
          ? runResult(request, plan, planHash, outcomes, finishedAt)
          : cutOffResult(request, plan, planHash, outcomes, finishedAt, cutOff),
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
        say: inHome(
          about,
          `${plan.sceneName} broke off, and its outcome was not recorded. ${confirmed} of ${counted(ended.length, "device")} confirmed${rest}.`,
        ),
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
      say: inHome(
        about,
        `${plan.sceneName} is still running: ${answered} of ${counted(outcomes.length, "device")} answered so far.`,
      ),
      devices: outcomes.length,
      acknowledged: answered,
      plan_hash: planHash,
      requested_at: request.requestedAt,
      next: `Call get_run with ${callIn(about, plan.home, { run_id: request.id })} again in a few seconds.`,
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
      ...judgeAnswer(answer, command, sentAtMsOf(answer, command)),
      ...statesOf(answer, command),
      acknowledgedAtMs: answer.acknowledgedAtMs,
    };
  });

/** What a device of the run reported again, after its acknowledgement. */
export const reportedAgain = (
  { plan, request, acknowledgements }: RunRecords,
  device: string,
): readonly Acknowledgement[] =>
  plannedCommands(plan)
    .filter(({ command }) => command.device === device)
    .flatMap(({ stage, command }) =>
      laterAnswersTo(command, request.id, stage.index, acknowledgements),
    );
