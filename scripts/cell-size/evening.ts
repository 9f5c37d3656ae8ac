import { Agenda } from "./agenda.ts";
import { chance } from "./chance.ts";
import { Bucket, PerSecond, type Quotas, Slots } from "./quotas.ts";
import type { RunShape } from "./run-shape.ts";
import type { Way } from "./ways.ts";
import { WorkflowRuns } from "./workflow-runs.ts";

/** A cell's 22:00: every home has one schedule, somewhere in the spread. */
export interface Evening {
  readonly homes: number;
  readonly spreadSeconds: number;
  readonly shape: RunShape;
  readonly quotas: Quotas;
  readonly way: Way;
  readonly seed: number;
}

/** How the evening went. Every home's run either started or was given up. */
export interface EveningResult {
  readonly started: number;
  readonly givenUp: number;
  /** Starts that were refused and tried again. */
  readonly refusals: number;
  /** Seconds from the planned moment to the start, of the runs that started. */
  readonly delaySeconds: { readonly p50: number; readonly p95: number; readonly max: number };
  readonly lambdaPeak: number;
  readonly shadowOperationsPeak: number;
  readonly auditReadUnitsPeak: number;
  /** Runs of which a command, an answer or a step was refused so often that it was lost. */
  readonly hurt: number;
  /** Of these, runs that ended before every stage was commanded and awaited. */
  readonly brokenOff: number;
}

// Full jitter up to 20 s between tries; a goodnight that could not begin for a quarter of an hour is no longer one.
const LONGEST_RETRY_SECONDS = 20;
const PATIENCE_SECONDS = 900;

const FOR_PLAN = 0;
const FOR_RETRY = 1;

/** Simulates one evening. The same evening gives the same result. */
export const simulateEvening = (evening: Evening): EveningResult => {
  const { shape, quotas, way, seed } = evening;
  const agenda = new Agenda();
  const caller = new Bucket(way.ownCallsPerMinute ?? quotas.callerCallsPerMinute);
  const gateway = new PerSecond(quotas.gatewayCallsPerSecond);
  const lambda = new Slots(quotas.lambdaAtOnce);
  const { shadowOperationsPerSecond } = quotas;
  const { isLazy, isHeld } = way;
  const runs = new WorkflowRuns({ agenda, lambda, shadowOperationsPerSecond, shape, isLazy, seed });
  const delays: number[] = [];
  let givenUp = 0;
  let refusals = 0;

  /** The starter needs a function, then the gateway's leave, and `home` a second function. */
  const letIn = (): boolean =>
    lambda.free > 0 &&
    caller.take(agenda.now) &&
    gateway.take(agenda.now) &&
    lambda.free > 1 &&
    lambda.take() &&
    lambda.take();

  const leave = (): void => {
    lambda.give();
    lambda.give();
  };

  const start = (run: number): void => {
    if (isHeld) runs.start(run, leave);
    else {
      agenda.in(shape.homeSeconds, leave);
      runs.start(run, () => undefined);
    }
  };

  const attempt = (run: number, plannedSeconds: number, turn: number): void => {
    if (letIn()) {
      delays.push(agenda.now - plannedSeconds);
      start(run);
      return;
    }
    refusals += 1;
    if (agenda.now - plannedSeconds > PATIENCE_SECONDS) {
      givenUp += 1;
      return;
    }
    const longest = Math.min(LONGEST_RETRY_SECONDS, 2 ** turn);
    agenda.in(longest * chance(seed, run, FOR_RETRY, turn), () =>
      attempt(run, plannedSeconds, turn + 1),
    );
  };

  for (const { run, plannedSeconds, firstSeconds } of plannedStarts(evening)) {
    agenda.in(firstSeconds, () => attempt(run, plannedSeconds, 0));
  }
  agenda.run();
  return {
    started: delays.length,
    givenUp,
    refusals,
    delaySeconds: quantiles(delays),
    lambdaPeak: lambda.peak,
    shadowOperationsPeak: runs.shadowOperationsPeak,
    auditReadUnitsPeak: runs.auditReadUnitsPeak,
    hurt: runs.hurt,
    brokenOff: runs.brokenOff,
  };
};

/** When each home's run is planned, and when the queue lets it try first. */
const plannedStarts = ({ homes, spreadSeconds, way, seed }: Evening) => {
  let free = 0;
  return Array.from({ length: homes }, (_, run) => ({
    run,
    // On the agenda's own hundredths, so that a start in time is a delay of nothing.
    plannedSeconds: Math.round(100 * spreadSeconds * chance(seed, run, FOR_PLAN, 0)) / 100,
  }))
    .sort((a, b) => a.plannedSeconds - b.plannedSeconds || a.run - b.run)
    .map((planned) => {
      const firstSeconds = Math.max(planned.plannedSeconds, free);
      if (way.startsPerSecond !== undefined) free = firstSeconds + 1 / way.startsPerSecond;
      return { ...planned, firstSeconds };
    });
};

const quantiles = (values: number[]): EveningResult["delaySeconds"] => {
  values.sort((a, b) => a - b);
  const at = (q: number): number =>
    values[Math.min(values.length - 1, Math.floor(q * values.length))] ?? 0;
  return { p50: at(0.5), p95: at(0.95), max: at(1) };
};
