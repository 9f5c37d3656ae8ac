import type { Agenda } from "./agenda.ts";
import { sendCommands } from "./device-traffic.ts";
import { PerSecond, type Slots } from "./quotas.ts";
import type { RunShape } from "./run-shape.ts";

// workflows/run-scene.asl.json: IntervalSeconds 1, MaxAttempts 2, BackoffRate 2.
const RETRY_SECONDS = [1, 2];
// WAIT_SECONDS of functions/domain/run/pace.ts.
const LOOK_EVERY_SECONDS = 1;

/** The workflows of an evening: what they hold of Lambda, send to shadows and read from the audit. */
export class WorkflowRuns {
  readonly #agenda: Agenda;
  readonly #lambda: Slots;
  readonly #shadows: PerSecond;
  // Counted, never refused.
  readonly #reads = new PerSecond(Number.POSITIVE_INFINITY);
  readonly #shape: RunShape;
  readonly #isLazy: boolean;
  readonly #seed: number;
  readonly #hurt = new Set<number>();
  #brokenOff = 0;

  constructor(options: {
    readonly agenda: Agenda;
    readonly lambda: Slots;
    readonly shadowOperationsPerSecond: number;
    readonly shape: RunShape;
    readonly isLazy: boolean;
    readonly seed: number;
  }) {
    this.#agenda = options.agenda;
    this.#lambda = options.lambda;
    this.#shadows = new PerSecond(options.shadowOperationsPerSecond);
    this.#shape = options.shape;
    this.#isLazy = options.isLazy;
    this.#seed = options.seed;
  }

  get hurt(): number {
    return this.#hurt.size;
  }

  get brokenOff(): number {
    return this.#brokenOff;
  }

  get shadowOperationsPeak(): number {
    return this.#shadows.peak;
  }

  get auditReadUnitsPeak(): number {
    return Math.round(this.#reads.peak);
  }

  /** Begins a run now, and says when it is over. */
  start(run: number, onEnd: () => void): void {
    this.#stage(run, 0, onEnd);
  }

  #stage(run: number, index: number, onEnd: () => void): void {
    const stage = this.#shape.stages[index];
    const broken = (): void => {
      this.#hurt.add(run);
      this.#brokenOff += 1;
      onEnd();
    };
    if (stage === undefined) {
      this.#step(this.#shape.concludeSeconds, onEnd, broken);
      return;
    }
    const conclude = (): void => this.#step(this.#shape.concludeSeconds, broken, broken);
    // The commands go out when the function has run, not when it was asked for.
    const published = (): void => {
      sendCommands(
        { agenda: this.#agenda, shadows: this.#shadows, seed: this.#seed },
        run,
        index,
        stage,
        () => this.#hurt.add(run),
      );
      this.#await(stage.answerSeconds, () => this.#stage(run, index + 1, onEnd), conclude);
    };
    this.#step(stage.publishSeconds, published, conclude);
  }

  /** A step of the workflow: a function, tried three times. */
  #step(seconds: number, done: () => void, failed: () => void, turn = 0): void {
    if (!this.#lambda.take()) {
      this.#stepAgain(turn, seconds, done, failed);
      return;
    }
    this.#agenda.in(seconds, () => {
      this.#lambda.give();
      done();
    });
  }

  #stepAgain(turn: number, seconds: number, done: () => void, failed: () => void): void {
    const pause = RETRY_SECONDS[turn];
    if (pause === undefined) failed();
    else this.#agenda.in(pause, () => this.#step(seconds, done, failed, turn + 1));
  }

  /** Waits until the stage's last device has answered: densely at first, then by looks once a second. */
  #await(seconds: number, done: () => void, failed: () => void): void {
    const agenda = this.#agenda;
    const { lookSeconds, unitsALook, denseSeconds } = this.#shape;
    const until = agenda.now + seconds;
    const next = (): void => {
      if (agenda.now >= until) done();
      else agenda.in(LOOK_EVERY_SECONDS, look);
    };
    // Millions of looks are noted: these are made once for all looks of a stage.
    const seen = (): void => {
      this.#lambda.give();
      next();
    };
    const look = (): void => {
      this.#reads.take(agenda.now, unitsALook);
      if (this.#lambda.take()) agenda.in(lookSeconds, seen);
      else this.#stepAgain(0, lookSeconds, next, failed);
    };
    if (this.#isLazy) {
      look();
      return;
    }
    const dense = Math.min(seconds, denseSeconds);
    this.#readDensely(dense);
    this.#step(dense, next, failed);
  }

  #readDensely(seconds: number): void {
    const { unitsASecond } = this.#shape;
    for (let second = 0; second < seconds; second += 1) {
      const units = unitsASecond * Math.min(1, seconds - second);
      this.#agenda.in(second, () => this.#reads.take(this.#agenda.now, units));
    }
  }
}
