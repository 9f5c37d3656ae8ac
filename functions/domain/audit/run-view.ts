import { counted } from "#domain/counted.ts";
import {
  type Acknowledgement,
  acknowledgementOf,
  isConfirmation,
  laterAnswersTo,
  sentAtMsOf,
} from "#domain/run/acknowledgement.ts";
import { cutOffResult } from "#domain/run/cut-off/cut-off.ts";
import {
  askedOf,
  type DeviceOutcome,
  judgeAnswer,
  NOT_CONCLUDED,
  statesOf,
} from "#domain/run/outcome.ts";
import { plannedCommands } from "#domain/run/plan.ts";
import { RUN_LIMIT_MS } from "#domain/run/run.ts";
import {
  inHome,
  type RunInWords,
  type RunResult,
  runEnd,
  runResult,
} from "#domain/run/run-result.ts";
import { type RunningView, runningView } from "#domain/run/running-view.ts";
import { stillAwaited } from "#domain/run/still-awaited.ts";
import { isUndoneByItself, type UndoneView, undoneView } from "#domain/run/undone.ts";
import type { RunRecords } from "./run-records.ts";

export interface RunView {
  readonly view: (RunResult & { readonly undone?: UndoneView }) | RunningView;
  /** Every device of the plan; `outcome` is absent for one that has not answered yet. */
  readonly outcomes: readonly (Omit<DeviceOutcome, "outcome"> & {
    readonly outcome?: DeviceOutcome["outcome"];
  })[];
}

/** Is a run over at `nowMs`: concluded, or past the time in which it could be? */
export const isOver = ({ conclusion, request }: RunRecords, nowMs: number): boolean =>
  conclusion !== undefined || nowMs > Date.parse(request.requestedAt) + RUN_LIMIT_MS;

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
    const result =
      cutOff === undefined
        ? runResult(request, plan, planHash, outcomes, finishedAt)
        : cutOffResult(request, plan, planHash, outcomes, finishedAt, cutOff);
    const ended = { id: request.id, finishedAt, ...about };
    // Who cuts a run off hands nothing on: it is not about to be taken back.
    const lookedAtMs = cutOff === undefined ? nowMs : Number.POSITIVE_INFINITY;
    return {
      view: isUndoneByItself(plan, runEnd(conclusion.outcomes))
        ? withUndone(result, undoneView(ended, plan, records.undone, lookedAtMs))
        : result,
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
  const awaited = stillAwaited(request, plan, records.acknowledgements, nowMs);
  return { view: runningView(request, plan, planHash, outcomes, awaited), outcomes };
};

// `say` is what is read out: who hears that a scene is partly done must hear that it is taken back.
const withUndone = (result: RunResult, undone: UndoneView) => ({
  ...result,
  say: `${result.say} ${undone.say}`,
  undone,
});

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
    const base = askedOf(stage, command);
    const answer = acknowledgementOf(
      command,
      records.request.id,
      stage.index,
      records.acknowledgements,
    );
    if (answer === undefined) return base;
    return {
      ...base,
      // While a run goes on, when a stage was sent is known to its workflow only. Of a command whose answer does not tell,
      // its window is taken as kept until the run is concluded.
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
