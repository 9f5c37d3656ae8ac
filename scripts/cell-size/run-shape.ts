import type { Measured, MeasuredRun } from "./measured.ts";

/** One stage of a run: its commands, and how long until the last device has answered. */
export interface StageShape {
  readonly devices: number;
  readonly publishSeconds: number;
  readonly answerSeconds: number;
}

/** What a run holds and asks for, when nothing is refused. */
export interface RunShape {
  readonly stages: readonly StageShape[];
  readonly concludeSeconds: number;
  /** What the function `home` takes beside the workflow that it waits for. */
  readonly homeSeconds: number;
  /** One look for acknowledgements by a function that does not wait. */
  readonly lookSeconds: number;
  /** After so many seconds of a stage the function that waits gives way to looks. */
  readonly denseSeconds: number;
  /** Of the audit, read units a second of waiting, and of one look. */
  readonly unitsASecond: number;
  readonly unitsALook: number;
}

const AWAIT = "await-acknowledgements";

const secondsOf = (run: MeasuredRun, name: string): readonly number[] =>
  run.invocations.filter((one) => one.function === name).map(({ tookMs }) => tookMs / 1000);

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

/** The shape of a run of so many seconds: the quick run's, with the first stage's slowest device as much slower. */
export const runShape = ({ quick, slow }: Measured, runSeconds: number): RunShape => {
  const publishes = quick.invocations.filter((one) => one.function === "publish-commands");
  const slowAwaits = secondsOf(slow, AWAIT);
  const looks = slowAwaits.filter((seconds) => seconds < 0.1);
  const reads = slow.reads.find(({ by }) => by === AWAIT);
  const stages = publishes.map(({ atMs, tookMs }, index): StageShape => {
    const nextAtMs = publishes[index + 1]?.atMs ?? Number.POSITIVE_INFINITY;
    const waits = quick.invocations.filter(
      (one) => one.function === AWAIT && one.atMs >= atMs && one.atMs < nextAtMs,
    );
    return {
      devices: quick.stages[index] ?? 0,
      publishSeconds: tookMs / 1000,
      answerSeconds:
        sum(waits.map((one) => one.tookMs / 1000)) +
        (index === 0 ? Math.max(0, runSeconds - quick.seconds) : 0),
    };
  });
  return {
    stages,
    concludeSeconds: sum(secondsOf(quick, "conclude-run")),
    homeSeconds: Math.max(0, sum(secondsOf(quick, "home")) - quick.workflowSeconds),
    lookSeconds: sum(looks) / Math.max(1, looks.length),
    denseSeconds: Math.max(...slowAwaits),
    unitsASecond: (reads?.units ?? 0) / sum(slowAwaits),
    // Nearly all that were measured may be stale, at half the price; one a second is consistent.
    unitsALook: (2 * (reads?.units ?? 0)) / Math.max(1, reads?.count ?? 0),
  };
};

/** What a run holds of Lambda, in seconds of one function that runs, as the house measured it. */
export const slotSeconds = (run: MeasuredRun): number =>
  sum(run.invocations.map(({ tookMs }) => tookMs)) / 1000;

/** The same, as the shape has it, with a function that is held for the whole run. */
export const slotSecondsOfShape = (shape: RunShape): number => {
  const awaits = shape.stages.map(({ answerSeconds }) => {
    const rest = Math.max(0, answerSeconds - shape.denseSeconds);
    return (
      Math.min(answerSeconds, shape.denseSeconds) +
      Math.ceil(rest / (1 + shape.lookSeconds)) * shape.lookSeconds
    );
  });
  const publishes = sum(shape.stages.map(({ publishSeconds }) => publishSeconds));
  const run = sum(shape.stages.map(({ answerSeconds }) => answerSeconds)) + publishes;
  return sum(awaits) + publishes + 2 * shape.concludeSeconds + run + shape.homeSeconds;
};
